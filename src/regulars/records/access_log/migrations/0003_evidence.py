import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.db import migrations, models

import regulars.records.access_log.models


class Migration(migrations.Migration):
    locks = "the new column costs no rewriting, the index one reading of the log: about a second per five million lines"
    dependencies = [
        ("access_log", "0002_check_run"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogBatch",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=32)),
                ("book", models.CharField(max_length=16)),
                ("form", models.IntegerField()),
                ("marks", models.CharField(max_length=16)),
                ("floor", models.BigIntegerField()),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("last_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "log_batch",
            },
        ),
        migrations.CreateModel(
            name="LogCheckpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=32)),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("lines", models.BigIntegerField()),
                ("previous", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("peaks", models.TextField()),
            ],
            options={
                "db_table": "log_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="LogCopy",
            fields=[
                ("place", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("failures", models.IntegerField(default=0)),
                ("message", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "log_copy",
            },
        ),
        migrations.CreateModel(
            name="PrivacyEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("who", models.TextField()),
                ("role", models.CharField(max_length=16)),
                ("deed", models.CharField(max_length=32)),
                ("subject", models.TextField()),
                ("detail", models.TextField()),
                ("customer_id", models.BigIntegerField(null=True)),
                ("allowed", models.BooleanField()),
                (
                    "xid",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                regulars.records.access_log.models.OwnTransaction(), models.TextField()
                            ),
                            models.BigIntegerField(),
                        ),
                        editable=False,
                    ),
                ),
            ],
            options={
                "db_table": "privacy_entry",
            },
        ),
        migrations.AddField(
            model_name="accessentry",
            name="xid",
            field=models.BigIntegerField(
                db_default=django.db.models.functions.comparison.Cast(
                    django.db.models.functions.comparison.Cast(
                        regulars.records.access_log.models.OwnTransaction(), models.TextField()
                    ),
                    models.BigIntegerField(),
                ),
                editable=False,
            ),
        ),
        migrations.AddIndex(
            model_name="accessentry",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["xid"], name="access_entry_xid", pages_per_range=16
            ),
        ),
        migrations.AddIndex(
            model_name="logbatch",
            index=models.Index(fields=["book", "-number"], name="log_batch_book"),
        ),
        migrations.AddIndex(
            model_name="privacyentry",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["xid"], name="privacy_entry_xid", pages_per_range=16
            ),
        ),
        migrations.AddIndex(
            model_name="privacyentry",
            index=models.Index(fields=["-at"], name="privacy_entry_at"),
        ),
    ]
