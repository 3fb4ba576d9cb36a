"""Values as they came, where cleaning changed them. A new table."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Func, Value
from django.db.models.functions import MD5, Coalesce


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_newly_marked")]

    operations = [
        migrations.CreateModel(
            name="AsItCame",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("field", models.CharField(max_length=32)),
                ("value", models.TextField(null=True)),
                ("closed", models.TextField(null=True)),
                ("cell", models.BinaryField(null=True)),
                ("reasons", models.JSONField(default=list)),
                ("noted_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.source",
                    ),
                ),
            ],
            options={"db_table": "as_it_came"},
        ),
        migrations.AddConstraint(
            model_name="asitcame",
            constraint=models.UniqueConstraint(
                "customer",
                "field",
                "source",
                MD5(Coalesce("value", "closed", Value(""))),
                Func(Coalesce("cell", Value(b"")), function="sha256"),
                name="as_it_came_once",
            ),
        ),
    ]
