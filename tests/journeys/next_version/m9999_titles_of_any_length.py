"""A column that nine views show gets another type: PostgreSQL does not do that beneath a view."""

from pathlib import Path

from django.db import migrations, models

from regulars.records.touchpoints import migrations as today

LAST = max(path.stem for path in Path(str(today.__file__)).parent.glob("0*.py"))


class Migration(migrations.Migration):
    dependencies = [("touchpoints", LAST)]

    operations = [migrations.AlterField("touchpoint", "title", models.CharField(max_length=500))]
