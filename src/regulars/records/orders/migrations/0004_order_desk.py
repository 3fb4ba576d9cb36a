"""Orders taken by hand: what stands beside their lines, drafts of them, and what products were last sold for.

That a line need not have an import is a word in the catalogue only: no row is read for it.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    locks = "dropping NOT NULL changes the catalogue of each month's table and reads no row"
    dependencies = [
        ("company", "0001_initial"),
        ("customers", "0001_initial"),
        ("orders", "0003_months_open_side_by_side"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE order_line ALTER COLUMN import_run_id DROP NOT NULL",
                    "ALTER TABLE order_line ALTER COLUMN import_run_id SET NOT NULL",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "orderline",
                    "import_run",
                    models.ForeignKey(
                        "intake.ImportRun",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        null=True,
                        db_constraint=False,
                        db_index=False,
                    ),
                )
            ],
        ),
        migrations.CreateModel(
            name="ProductPrice",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        "orders.Product",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        db_constraint=False,
                    ),
                ),
                ("price_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"db_table": "product_price"},
        ),
        migrations.CreateModel(
            name="OrderDraft",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("staff_id", models.BigIntegerField()),
                ("content", models.BinaryField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("order_ref", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "order_draft",
                "indexes": [models.Index(fields=["staff_id", "-changed_at"], name="order_draft_staff")],
            },
        ),
        migrations.CreateModel(
            name="DeskOrder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.UUIDField(unique=True)),
                ("ref", models.TextField(unique=True)),
                ("channel", models.CharField(max_length=16)),
                ("taken_by", models.TextField(blank=True, default="")),
                ("taken_at", models.DateTimeField()),
                ("promised_on", models.DateField(null=True)),
                ("returns_ref", models.TextField(blank=True, default="")),
                ("state", models.CharField(default="open", max_length=16)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        "company.Branch",
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        related_name="+",
                        db_constraint=False,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        "customers.Customer", on_delete=django.db.models.deletion.CASCADE, related_name="+"
                    ),
                ),
            ],
            options={
                "db_table": "desk_order",
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["customer"], name="desk_order_open"),
                    models.Index(fields=["-taken_at"], name="desk_order_taken"),
                ],
            },
        ),
    ]
