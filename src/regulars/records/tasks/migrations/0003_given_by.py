"""Who last said whose a task is; of tasks from before nobody knows, so they count as given by the house."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_words")]
    operations = [
        migrations.AddField("task", "given_by", models.CharField(blank=True, db_default="", default="", max_length=200))
    ]
