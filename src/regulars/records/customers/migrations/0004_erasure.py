"""What is left of an erased customer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_only_sealed")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("who", models.TextField()),
                ("because", models.TextField()),
                ("reference", models.TextField(blank=True, default="")),
                ("number_digest", models.CharField(max_length=64, unique=True)),
                ("key_digest", models.CharField(blank=True, default="", max_length=64)),
                ("leaf", models.BigIntegerField(null=True)),
                ("closed", models.JSONField(default=dict)),
                ("forgotten_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
            ],
            options={"db_table": "erasure"},
        ),
    ]
