"""What the change book says may go, and may never be altered: so the writer may empty a value there, and nothing else."""

from django.db import migrations

ONLY_EMPTIED = """
CREATE FUNCTION vault.customer_change_only_emptied() RETURNS trigger
LANGUAGE plpgsql SET search_path = vault, pg_temp AS $$
BEGIN
    IF NEW.old IS NOT NULL OR NEW.new IS NOT NULL THEN
        RAISE EXCEPTION 'a change may be emptied, never altered' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER customer_change_only_emptied BEFORE UPDATE ON vault.customer_change
   FOR EACH ROW EXECUTE FUNCTION vault.customer_change_only_emptied();
"""
AS_BEFORE = """
DROP TRIGGER customer_change_only_emptied ON vault.customer_change;
DROP FUNCTION vault.customer_change_only_emptied();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_file_key")]

    operations = [migrations.RunSQL(ONLY_EMPTIED, AS_BEFORE)]
