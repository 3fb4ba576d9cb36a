"""How often a running test was looked at, so that looking often makes no winner by chance."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CampaignLook",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("people", models.IntegerField()),
                ("responses", models.IntegerField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="looks", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "db_table": "campaign_look",
                "constraints": [models.UniqueConstraint(fields=("campaign", "number"), name="campaign_look_once")],
            },
        ),
    ]
