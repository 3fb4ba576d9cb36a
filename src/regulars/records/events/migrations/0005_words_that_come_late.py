"""When something was said of a person, so that a word that comes late is known as such. Two empty columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0004_webhooks_come_in")]

    operations = [
        migrations.AddField("toldtraits", "said_at", models.DateTimeField(null=True)),
        migrations.AddField("visitorlink", "told_at", models.DateTimeField(null=True)),
    ]
