"""What cleaning changed of a file, and what it leaves as it is of a source. Two columns with a default."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0007_tables_of_others")]

    operations = [
        migrations.AddField("source", "leave", models.JSONField(default=list)),
        migrations.AddField("importrun", "cleaned", models.JSONField(default=list)),
    ]
