"""What is said about a task stands apart from its codes: free words are not for every view."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]
    operations = [migrations.AddField("task", "words", models.TextField(blank=True, default=""))]
