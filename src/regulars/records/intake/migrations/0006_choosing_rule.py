"""By which rule the best of several sources is chosen. A new table; nothing else is touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_terms_of_sources")]

    operations = [
        migrations.CreateModel(
            name="ChoosingRule",
            fields=[
                ("thing", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=16)),
            ],
            options={"db_table": "choosing_rule"},
        ),
    ]
