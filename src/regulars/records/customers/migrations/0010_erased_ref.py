"""What sources called those who were erased while their files were being brought in. A new table; nothing else is
touched.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_recognition")]

    operations = [
        migrations.CreateModel(
            name="ErasedRef",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.source"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                ("through_run", models.BigIntegerField()),
            ],
            options={"db_table": "erased_ref"},
        ),
        migrations.AddConstraint(
            model_name="erasedref",
            constraint=models.UniqueConstraint(fields=["source", "digest"], name="erased_ref_once"),
        ),
    ]
