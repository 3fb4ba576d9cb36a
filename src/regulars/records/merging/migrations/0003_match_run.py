"""How far a batch over all customers has come. A new table; nothing else is touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merging", "0002_merging")]

    operations = [
        migrations.CreateModel(
            name="MatchRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("started_by", models.TextField()),
                ("done_until", models.BigIntegerField(default=0)),
                ("customers", models.BigIntegerField(default=0)),
                ("sure", models.BigIntegerField(default=0)),
                ("doubtful", models.BigIntegerField(default=0)),
                ("put_up", models.BigIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "match_run"},
        ),
    ]
