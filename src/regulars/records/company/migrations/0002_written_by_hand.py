"""A statement in the company's own words is told from one the house wrote; the column is there without a rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("company", "0001_initial")]
    operations = [
        migrations.AddField("statement", "is_by_hand", models.BooleanField(default=False, db_default=False)),
    ]
