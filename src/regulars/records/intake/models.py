"""Sources and imports."""

from django.db import models


class Source(models.Model):
    """Where data comes from, on which basis and for what it may be used, what it costs and until when it may be kept,
    and how its columns were understood last time. `cost_minor` is what one refresh costs, or a bought list once;
    `leave` are changes that cleaning does not make of its values.
    """

    id = models.BigAutoField(primary_key=True)
    ref = models.TextField(unique=True)
    name = models.TextField()
    owner = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=16, default="internal")
    supplier = models.TextField(blank=True, default="")
    licence = models.TextField(blank=True, default="")
    lawful_basis = models.CharField(max_length=32, default="contract")
    purposes = models.JSONField(default=list)
    cost_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    expires_on = models.DateField(null=True, blank=True)
    trust = models.SmallIntegerField(default=3)
    refresh_days = models.IntegerField(null=True, blank=True)
    leave = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "source"


class ChoosingRule(models.Model):
    """By which rule (rules.intake.choosing.RULES) a thing's best source is chosen, where not by the usual one."""

    thing = models.CharField(max_length=32, primary_key=True)
    rule = models.CharField(max_length=16)

    class Meta:
        db_table = "choosing_rule"


class ImportRun(models.Model):
    """One file on its way in. `done_through` is the last file row whose fate is confirmed: a killed run goes on from
    there. `cleaned` counts what cleaning changed, by column and reason (rules.cleaning.report).
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
    cleaned = models.JSONField(default=list)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import_run"
        indexes = [models.Index(fields=["source", "file_digest"], name="import_run_digest")]


class TableSource(models.Model):
    """A table of another database that is read again and again. Its address stands in the home, under `name`.

    `mark` says how far it has been read (rules/intake/looking_back), `seen` holds keyed digests of the rows that will
    be read again; `problem` says why it was not read the last time.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=41, unique=True)
    table_name = models.TextField()
    by_column = models.TextField()
    kind = models.CharField(max_length=16)
    columns = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    every_minutes = models.IntegerField()
    look_back_hours = models.IntegerField(default=24)
    mark = models.JSONField(default=dict)
    seen = models.BinaryField(default=bytes)
    problem = models.JSONField(default=dict)
    last_run = models.ForeignKey(ImportRun, on_delete=models.SET_NULL, null=True, related_name="+")
    last_at = models.DateTimeField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "table_source"


class SourceTask(models.Model):
    """Work that a source makes for whoever answers for it: what has to be said before more of it comes in. One open
    task per source and kind at most."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    told = models.JSONField(default=dict)
    owner = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "source_task"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind"], name="source_task_open_once", condition=models.Q(closed_at__isnull=True)
            )
        ]
