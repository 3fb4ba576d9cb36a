"""Keys, and a sealed column beside each that lay open. Filling them is not for SQL: it needs the keys (sealing_up)."""

import django.db.models.deletion
from django.db import migrations, models

#: Until the open columns go, a value that gives way to another has to be sealed anew.
WATCH = """
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
UNWATCH = """
DROP TRIGGER customer_unseal_changed ON vault.customer;
DROP FUNCTION vault.customer_unseal_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("access_log", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="MasterKey",
            fields=[
                ("version", models.IntegerField(primary_key=True, serialize=False)),
                ("mark", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={"db_table": "master_key"},
        ),
        migrations.CreateModel(
            name="CustomerKey",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("wrapped", models.BinaryField()),
                (
                    "master",
                    models.ForeignKey(
                        db_column="master",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.masterkey",
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={"db_table": "customer_key"},
        ),
        migrations.CreateModel(
            name="CustomerChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("who", models.TextField()),
                ("door", models.TextField()),
                ("field", models.TextField()),
                ("old", models.BinaryField(null=True)),
                ("new", models.BinaryField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "db_table": "customer_change",
                "indexes": [models.Index(fields=["customer", "-at"], name="customer_change_customer")],
            },
        ),
        migrations.AddField("contactpoint", "value_sealed", models.BinaryField(null=True)),
        migrations.AddField("customer", "allergies_sealed", models.BinaryField(null=True, blank=True)),
        migrations.AddField("customer", "id_document_sealed", models.BinaryField(null=True, blank=True)),
        migrations.RunSQL(WATCH, UNWATCH),
    ]
