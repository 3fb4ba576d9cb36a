"""Rows set aside are a record of their own from now on; the table stays where it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_place_among_equals")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("RefusedRow")])]
