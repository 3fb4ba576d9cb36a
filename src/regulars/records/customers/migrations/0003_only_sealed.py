"""The open columns go. Whatever somebody wrote into them in the meantime is sealed first, with the tables held still."""

from typing import Any

from django.db import migrations, models

HOLD = "LOCK TABLE vault.customer, vault.contact_point IN ACCESS EXCLUSIVE MODE"
SETTLE = "SET CONSTRAINTS ALL IMMEDIATE"
SWITCH = """
DROP TRIGGER customer_unseal_changed ON vault.customer;
DROP FUNCTION vault.customer_unseal_changed();
CREATE UNIQUE INDEX IF NOT EXISTS contact_point_sealed_once ON vault.contact_point (customer_id, channel, value_sealed);
ALTER TABLE vault.contact_point DROP COLUMN value;
ALTER TABLE vault.contact_point RENAME COLUMN value_sealed TO value;
ALTER TABLE vault.contact_point ADD CONSTRAINT contact_point_once UNIQUE USING INDEX contact_point_sealed_once;
ALTER TABLE vault.customer DROP COLUMN allergies, DROP COLUMN id_document;
ALTER TABLE vault.customer RENAME COLUMN allergies_sealed TO allergies;
ALTER TABLE vault.customer RENAME COLUMN id_document_sealed TO id_document;
"""
SWITCH_BACK = """
ALTER TABLE vault.customer RENAME COLUMN id_document TO id_document_sealed;
ALTER TABLE vault.customer RENAME COLUMN allergies TO allergies_sealed;
ALTER TABLE vault.customer ADD COLUMN allergies text, ADD COLUMN id_document text;
ALTER TABLE vault.contact_point DROP CONSTRAINT contact_point_once;
ALTER TABLE vault.contact_point RENAME COLUMN value TO value_sealed;
ALTER TABLE vault.contact_point ADD COLUMN value text;
ALTER TABLE vault.contact_point ADD CONSTRAINT contact_point_once UNIQUE (customer_id, channel, value);
CREATE FUNCTION vault.customer_unseal_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = vault AS $$
BEGIN
    IF NEW.allergies IS DISTINCT FROM OLD.allergies AND NEW.allergies_sealed IS NOT DISTINCT FROM OLD.allergies_sealed THEN
        NEW.allergies_sealed := NULL;
    END IF;
    IF NEW.id_document IS DISTINCT FROM OLD.id_document
       AND NEW.id_document_sealed IS NOT DISTINCT FROM OLD.id_document_sealed THEN
        NEW.id_document_sealed := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER customer_unseal_changed BEFORE UPDATE OF allergies, id_document ON vault.customer
   FOR EACH ROW EXECUTE FUNCTION vault.customer_unseal_changed();
"""


def seal_the_rest(apps: Any, schema_editor: Any) -> None:
    """Usually nothing is left: the house seals before it migrates."""
    from regulars.records.customers.sealing_up import seal_up

    seal_up()


def open_up_again(apps: Any, schema_editor: Any) -> None:
    """Every value lies open again."""
    from regulars.records.customers.sealing_up import open_up

    open_up()


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_seals")]
    locks = (
        "A moment: the house has sealed everything and built the index before, beside all work; what is left is what an"
        " import of the version before wrote since. Columns that go or change their names touch no row."
    )

    operations = [
        migrations.RunSQL(HOLD, SETTLE),
        migrations.RunPython(seal_the_rest, migrations.RunPython.noop),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.RunPython(migrations.RunPython.noop, open_up_again),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SWITCH, SWITCH_BACK)],
            state_operations=[
                migrations.RemoveConstraint("contactpoint", "contact_point_once"),
                migrations.RemoveField("contactpoint", "value"),
                migrations.RenameField("contactpoint", "value_sealed", "value"),
                migrations.AddConstraint(
                    "contactpoint",
                    models.UniqueConstraint(fields=("customer", "channel", "value"), name="contact_point_once"),
                ),
                migrations.RemoveField("customer", "allergies"),
                migrations.RemoveField("customer", "id_document"),
                migrations.RenameField("customer", "allergies_sealed", "allergies"),
                migrations.RenameField("customer", "id_document_sealed", "id_document"),
            ],
        ),
    ]
