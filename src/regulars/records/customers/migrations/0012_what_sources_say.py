"""What each source says of a customer's fields and ways to reach her. New tables, and one column without a value."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_merging"), ("intake", "0006_choosing_rule")]

    operations = [
        migrations.AddField("customer", "told_at", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="ContactPointSaid",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contact_point_id", "source_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                (
                    "contact_point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.contactpoint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.source",
                    ),
                ),
            ],
            options={"db_table": "contact_point_said"},
        ),
        migrations.CreateModel(
            name="FieldSaid",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("field", models.CharField(max_length=32)),
                ("value", models.TextField(null=True)),
                ("closed", models.TextField(null=True)),
                ("cell", models.BinaryField(null=True)),
                ("said_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.TextField(blank=True, default="")),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.source",
                    ),
                ),
            ],
            options={"db_table": "field_said"},
        ),
        migrations.AddConstraint(
            model_name="fieldsaid",
            constraint=models.UniqueConstraint(
                fields=("customer", "field", "source"), name="field_said_once", nulls_distinct=False
            ),
        ),
    ]
