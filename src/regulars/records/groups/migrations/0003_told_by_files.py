"""Which source's file says that a company is there, and who belongs to it. Columns and an index of rows that are not
there yet; nothing is written."""

import django.db.models.deletion
from django.db import migrations, models

SOURCE = models.ForeignKey(
    db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
    to="intake.source",
)  # fmt: skip


class Migration(migrations.Migration):
    locks = "Nobody joins a group while the index is made of rows that all have no source: one look at each, nothing written."
    dependencies = [("groups", "0002_household_pair"), ("intake", "0009_source_task")]

    operations = [
        migrations.AddField(model_name="customergroup", name="source", field=SOURCE),
        migrations.AddField(model_name="groupmember", name="source", field=SOURCE.clone()),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(
                condition=models.Q(("source__isnull", False)), fields=["source", "customer"],
                name="group_member_source",
            ),
        ),
    ]  # fmt: skip
