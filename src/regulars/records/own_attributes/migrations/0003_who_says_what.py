import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0015_told_by_herself"),
        ("intake", "0005_terms_of_sources"),
        ("own_attributes", "0002_assigned"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnValueSaid",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField(null=True)),
                ("amount", models.BigIntegerField(null=True)),
                ("day", models.DateField(null=True)),
                ("yes", models.BooleanField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                ("said_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.TextField(blank=True, default="")),
                (
                    "attribute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="own_attributes.ownattribute"
                    ),
                ),
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
            options={"db_table": "own_value_said"},
        ),
        migrations.AddConstraint(
            model_name="ownvaluesaid",
            constraint=models.UniqueConstraint(
                fields=("customer", "attribute", "source"), name="own_value_said_once", nulls_distinct=False
            ),
        ),
    ]
