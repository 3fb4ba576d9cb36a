"""Master keys that were given up, and whether their files are gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_erasure")]

    operations = [
        migrations.CreateModel(
            name="GivenUpKey",
            fields=[
                ("version", models.IntegerField(primary_key=True, serialize=False)),
                ("mark", models.TextField()),
                ("given_up_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "given_up_key"},
        ),
    ]
