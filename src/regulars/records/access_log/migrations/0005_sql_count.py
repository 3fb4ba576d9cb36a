from django.db import migrations, models


class Migration(migrations.Migration):
    """How far analysts' logins have been counted."""

    dependencies = [("access_log", "0004_readings")]

    operations = [
        migrations.CreateModel(
            "SqlCount",
            [
                ("role_name", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("statements", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={"db_table": "sql_count"},
        ),
    ]
