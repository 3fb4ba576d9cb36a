"""Preferences, calls while they ring, and what a complaint needs to be worked on. Old rows are not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("touchpoints", "0001_initial")]

    operations = [
        migrations.AddField(
            "touchpoint", "code", models.CharField(blank=True, db_default="", default="", max_length=32)
        ),
        migrations.AddField("complaint", "severity", models.SmallIntegerField(db_default=2, default=2)),
        migrations.AddField("complaint", "owner_id", models.BigIntegerField(null=True)),
        migrations.AddField("complaint", "answer", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("complaint", "answered_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=32)),
                ("words", models.TextField(blank=True, default="")),
                ("noted_at", models.DateTimeField()),
                ("staff_name", models.TextField(blank=True, default="")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        "customers.Customer", on_delete=django.db.models.deletion.CASCADE, related_name="+"
                    ),
                ),
            ],
            options={
                "db_table": "preference",
                "indexes": [models.Index(fields=["customer", "-noted_at"], name="preference_customer")],
            },
        ),
        migrations.CreateModel(
            name="PhoneCall",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.UUIDField(unique=True)),
                ("phone", models.BinaryField(null=True)),
                ("staff_id", models.BigIntegerField(null=True)),
                ("branch_id", models.BigIntegerField(null=True)),
                ("line", models.TextField(blank=True, default="")),
                ("rang_at", models.DateTimeField()),
                ("state", models.CharField(default="ringing", max_length=8)),
                ("over_at", models.DateTimeField(null=True)),
                ("taken_by_id", models.BigIntegerField(null=True)),
                ("touchpoint_id", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "phone_call",
                "indexes": [models.Index(fields=["rang_at"], name="phone_call_rang")],
            },
        ),
    ]
