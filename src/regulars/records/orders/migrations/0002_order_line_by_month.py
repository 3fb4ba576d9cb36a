"""Order lines, partitioned by month. Months are opened by a function of the vault's owner, so the writer makes no tables."""

import django.db.models.deletion
from django.db import migrations, models

MAKE = """
CREATE TABLE order_line (
    line_key uuid NOT NULL,
    ordered_at timestamptz NOT NULL,
    customer_id bigint NOT NULL,
    source_id bigint NOT NULL,
    order_ref text NOT NULL,
    order_key bigint NOT NULL,
    product_id bigint,
    branch_id bigint,
    quantity_milli bigint NOT NULL,
    amount_minor bigint NOT NULL,
    discount_minor bigint NOT NULL DEFAULT 0,
    currency varchar(3) NOT NULL,
    promotion_ref text,
    import_run_id bigint NOT NULL,
    PRIMARY KEY (line_key, ordered_at)
) PARTITION BY RANGE (ordered_at);
CREATE INDEX order_line_customer ON order_line (customer_id, ordered_at);

CREATE FUNCTION open_order_month(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    name text := 'order_line_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('vault.' || name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('open_order_month'));
    IF to_regclass('vault.' || name) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF order_line FOR VALUES FROM (%L) TO (%L)', name,
                   to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00',
                   to_char(first + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
END $$;
"""

UNMAKE = "DROP FUNCTION open_order_month(date); DROP TABLE order_line;"


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MAKE, UNMAKE)],
            state_operations=[
                migrations.CreateModel(
                    name="OrderLine",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "line_key", "ordered_at", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("line_key", models.UUIDField()),
                        ("ordered_at", models.DateTimeField()),
                        ("order_ref", models.TextField()),
                        ("order_key", models.BigIntegerField()),
                        ("quantity_milli", models.BigIntegerField()),
                        ("amount_minor", models.BigIntegerField()),
                        ("discount_minor", models.BigIntegerField(default=0)),
                        ("currency", models.CharField(max_length=3)),
                        ("promotion_ref", models.TextField(null=True)),
                        (
                            "branch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="company.branch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "import_run",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="intake.importrun",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="intake.source",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="orders.product",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "order_line",
                    },
                ),
            ],
        ),
    ]
