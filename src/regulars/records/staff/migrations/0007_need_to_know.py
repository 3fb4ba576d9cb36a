from django.db import migrations, models


class Migration(migrations.Migration):
    """Of which roles a given reason is asked before a file opens."""

    dependencies = [("staff", "0006_company_account")]

    operations = [
        migrations.CreateModel(
            "NeedToKnow",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=16)),
                ("branch_id", models.BigIntegerField(null=True)),
                ("since", models.DateTimeField()),
                ("asked_by", models.TextField()),
            ],
            options={
                "db_table": "need_to_know",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["role", "branch_id"], name="need_to_know_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
