from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_progress_and_examples")]

    operations = [
        migrations.AddField("refusedrow", "ordinal", models.IntegerField(null=True)),
        migrations.AddField("refusedrow", "row_taken", models.BooleanField(default=False)),
    ]
