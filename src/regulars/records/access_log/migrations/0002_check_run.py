from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access_log", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CheckRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("asked_by", models.TextField()),
                ("took_ms", models.IntegerField()),
                ("findings", models.JSONField()),
                ("counts", models.JSONField()),
                ("limits", models.JSONField(default=list)),
            ],
            options={"db_table": "check_run", "indexes": [models.Index(fields=["-at"], name="check_run_at")]},
        ),
    ]
