"""A batch is asked for, watched and stopped; one that was broken off before counts as stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merging", "0003_match_run")]
    locks = "the table holds a line for each time everybody was compared: some dozens"

    operations = [
        migrations.AddField("matchrun", "kind", models.CharField(default="whole", max_length=8)),
        migrations.AddField("matchrun", "state", models.CharField(default="waiting", max_length=12)),
        migrations.AddField("matchrun", "because", models.TextField(blank=True, default="")),
        migrations.AddField("matchrun", "progress", models.JSONField(default=dict)),
        # Two may have begun in the same moment: the older goes on, and what the other put up for review stays.
        migrations.RunSQL(
            "DELETE FROM match_run m WHERE finished_at IS NULL"
            " AND EXISTS (SELECT FROM match_run o WHERE o.finished_at IS NULL AND o.id < m.id)",
            "DELETE FROM match_run WHERE kind <> 'whole'",
        ),
        migrations.RunSQL(
            "UPDATE match_run SET state = CASE WHEN finished_at IS NULL THEN 'stopped' ELSE 'finished' END",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "matchrun",
            models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)), fields=("kind",), name="match_run_open_once"
            ),
        ),
    ]
