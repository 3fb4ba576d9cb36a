"""The table is there already: intake made it, when rows set aside were a part of that."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("intake", "0004_rows_set_aside_live_elsewhere")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="RefusedRow",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_number", models.BigIntegerField()),
                        ("reason", models.CharField(max_length=48)),
                        ("column", models.TextField(blank=True, default="")),
                        ("value", models.TextField(blank=True, default="")),
                        ("example", models.TextField(blank=True, default="")),
                        ("raw", models.TextField()),
                        ("ordinal", models.IntegerField(null=True)),
                        ("row_taken", models.BooleanField(default=False)),
                        (
                            "import_run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="refused",
                                to="intake.importrun",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "refused_row",
                        "indexes": [
                            models.Index(fields=["import_run", "reason", "row_number"], name="refused_row_reason")
                        ],
                    },
                )
            ]
        )
    ]
