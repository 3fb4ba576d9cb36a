"""A new column, empty for exports of before; no row is touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_own_columns")]

    operations = [migrations.AddField("exportedperson", "figures", models.BinaryField(null=True))]
