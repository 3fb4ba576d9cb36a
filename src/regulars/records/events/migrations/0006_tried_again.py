from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0005_words_that_come_late")]
    locks = "the new columns rewrite nothing, the index one reading of the links: a second per some million"

    operations = [
        migrations.AddField("awaitedevent", "tries", models.SmallIntegerField(default=0, db_default=0)),
        migrations.AddField("awaitedevent", "again_at", models.DateTimeField(null=True)),
        migrations.AddField("awaitedevent", "order_key", models.BigIntegerField(null=True)),
        migrations.AddIndex("visitorlink", models.Index(fields=["linked_at"], name="visitor_link_newest")),
    ]
