from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("watched", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReaderWait",
            fields=[
                ("who", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "reader_wait",
            },
        ),
    ]
