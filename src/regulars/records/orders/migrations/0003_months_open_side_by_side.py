"""Two who write may open the same month at once: whoever comes second finds it there, though she has not heard of it.

The advisory lock makes them wait for each other; what the first one made, the second one's catalogue may not know yet.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION open_order_month(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    name text := 'order_line_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('vault.' || name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('open_order_month'));
    EXECUTE format('CREATE TABLE %I PARTITION OF order_line FOR VALUES FROM (%L) TO (%L)', name,
                   to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00',
                   to_char(first + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
EXCEPTION WHEN duplicate_table THEN RETURN;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_line_by_month")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
