"""Who has new marks since customers were last compared. A new table; nothing else is touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_what_sources_say")]

    operations = [
        migrations.CreateModel(
            name="NewlyMarked",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={"db_table": "newly_marked"},
        ),
    ]
