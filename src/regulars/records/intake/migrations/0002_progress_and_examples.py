from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField("importrun", "progress", models.JSONField(default=dict)),
        migrations.AddField("refusedrow", "example", models.TextField(blank=True, default="")),
    ]
