"""The view of files that open for a given reason shows own attributes as the everyday view does."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("own_attributes", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO own_shown (attribute_id, view, shape) SELECT attribute_id, 'assigned', shape FROM own_shown"
            " WHERE view = 'standard' ON CONFLICT DO NOTHING",
            "DELETE FROM own_shown WHERE view = 'assigned'",
        )
    ]
