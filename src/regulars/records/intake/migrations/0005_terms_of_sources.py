"""What is said of a source: kind, supplier, licence, purposes, cost, expiry, trust. The table has a row per source."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_rows_set_aside_live_elsewhere")]

    operations = [
        migrations.AddField("source", "kind", models.CharField(max_length=16, default="internal")),
        migrations.AddField("source", "supplier", models.TextField(blank=True, default="")),
        migrations.AddField("source", "licence", models.TextField(blank=True, default="")),
        migrations.AddField("source", "purposes", models.JSONField(default=list)),
        migrations.AddField("source", "cost_minor", models.BigIntegerField(null=True, blank=True)),
        migrations.AddField("source", "currency", models.CharField(max_length=3, blank=True, default="")),
        migrations.AddField("source", "expires_on", models.DateField(null=True, blank=True)),
        migrations.AddField("source", "trust", models.SmallIntegerField(default=3)),
    ]
