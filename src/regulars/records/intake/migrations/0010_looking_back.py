from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0009_source_task"),
    ]

    operations = [
        migrations.AddField("tablesource", "look_back_hours", models.IntegerField(default=24)),
        migrations.AddField("tablesource", "seen", models.BinaryField(default=bytes)),
    ]
