"""Sources and imports."""

from django.db import models


class Source(models.Model):
    """Where data comes from, on which basis, and how its columns were understood last time."""

    id = models.BigAutoField(primary_key=True)
    ref = models.TextField(unique=True)
    name = models.TextField()
    owner = models.TextField(blank=True, default="")
    lawful_basis = models.CharField(max_length=32, default="contract")
    refresh_days = models.IntegerField(null=True, blank=True)
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "source"


class ImportRun(models.Model):
    """One file on its way in. `done_through` is the last file row whose fate is confirmed: a killed run goes on from
    there.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=16)
    file_name = models.TextField()
    file_path = models.TextField()
    file_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, default="waiting")
    settings = models.JSONField(default=dict)
    asked_by = models.TextField()
    rows_expected = models.BigIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)
    rows_changed = models.BigIntegerField(default=0)
    rows_same = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    customers_new = models.BigIntegerField(default=0)
    customers_matched = models.BigIntegerField(default=0)
    done_through = models.BigIntegerField(default=0)
    progress = models.JSONField(default=dict)
    message = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import_run"
        indexes = [models.Index(fields=["source", "file_digest"], name="import_run_digest")]
