import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_terms_of_sources"), ("quality", "0001_initial")]

    operations = [
        migrations.AddField("qualityfigure", "disputed", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("qualityfigure", "confirmed", models.BigIntegerField(default=0, db_default=0)),
        migrations.CreateModel(
            name="QualityConflict",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("counted_on", models.DateField()),
                ("field", models.CharField(max_length=24)),
                ("said", models.BigIntegerField()),
                ("against", models.BigIntegerField()),
                (
                    "source",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.source"
                    ),
                ),
            ],
            options={"db_table": "quality_conflict"},
        ),
        migrations.AddConstraint(
            model_name="qualityconflict",
            constraint=models.UniqueConstraint(
                fields=("counted_on", "source", "field"), name="quality_conflict_once", nulls_distinct=False
            ),
        ),
    ]
