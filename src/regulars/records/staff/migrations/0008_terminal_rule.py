from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether the terminal asks who sits there."""

    dependencies = [("staff", "0007_need_to_know")]

    operations = [
        migrations.CreateModel(
            "TerminalRule",
            [
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("named", models.BooleanField()),
                ("since", models.DateTimeField()),
                ("asked_by", models.TextField()),
            ],
            options={"db_table": "terminal_rule"},
        ),
    ]
