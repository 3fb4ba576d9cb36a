import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_what_cleaning_did")]

    operations = [
        migrations.CreateModel(
            name="SourceTask",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=24)),
                ("told", models.JSONField(default=dict)),
                ("owner", models.TextField(blank=True, default="")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.TextField(blank=True, default="")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.source"
                    ),
                ),
            ],
            options={"db_table": "source_task"},
        ),
        migrations.AddConstraint(
            model_name="sourcetask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("source", "kind"),
                name="source_task_open_once",
            ),
        ),
    ]
