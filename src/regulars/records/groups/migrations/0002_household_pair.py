"""Two who seem to live together wait for a decision. A new table; nothing else is touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial"), ("customers", "0013_newly_marked")]

    operations = [
        migrations.CreateModel(
            name="HouseholdPair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("probability", models.FloatField()),
                ("steps", models.JSONField(default=list)),
                ("put_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("decided_by", models.TextField(blank=True, default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("because", models.TextField(blank=True, default="")),
                (
                    "high",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "low",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
            ],
            options={
                "db_table": "household_pair",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["-probability", "id"],
                        name="household_pair_next",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("low", "high"), name="household_pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("low__lt", models.F("high"))), name="household_pair_in_order"
                    ),
                ],
            },
        ),
    ]
