"""Beside what lies open of rows set aside stands a sealed column. Nothing is read or written: the columns are empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("set_aside", "0001_initial"), ("customers", "0006_file_key")]

    operations = [
        migrations.AddField("refusedrow", f"{name}_sealed", models.BinaryField(null=True))
        for name in ("value", "example", "raw")
    ]
