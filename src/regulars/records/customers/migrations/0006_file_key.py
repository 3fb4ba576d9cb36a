"""The keys of files, beside those of customers. A new table; nothing else is touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_given_up_key"), ("intake", "0003_place_among_equals")]

    operations = [
        migrations.CreateModel(
            name="FileKey",
            fields=[
                (
                    "import_run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="intake.importrun",
                    ),
                ),
                ("wrapped", models.BinaryField()),
                (
                    "master",
                    models.ForeignKey(
                        db_column="master",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.masterkey",
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={"db_table": "file_key"},
        ),
    ]
