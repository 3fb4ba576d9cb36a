"""Marks by which customers come into question, and words of names with a slip in them. New tables; nothing else is
touched. Who was there before is marked block by block, while everybody goes on working (records/customers/marking)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_rules_counted_together")]

    operations = [
        migrations.CreateModel(
            name="RecognitionMark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "mark", "customer_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.BigIntegerField()),
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
            options={"db_table": "recognition_mark"},
        ),
        migrations.CreateModel(
            name="NameSlip",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "slip", "word", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slip", models.BigIntegerField()),
                ("word", models.TextField()),
            ],
            options={
                "db_table": "name_slip",
                "indexes": [models.Index(fields=["word"], name="name_slip_word")],
            },
        ),
        migrations.CreateModel(
            name="MarkingProgress",
            fields=[
                ("recipe", models.IntegerField(primary_key=True, serialize=False)),
                ("done_until", models.BigIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "marking_progress"},
        ),
    ]
