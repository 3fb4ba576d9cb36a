"""Append-only books: who looked, who changed, what was done about privacy; and how they are closed, batch by batch."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Cast


class OwnTransaction(models.Func):
    """The number of the transaction that writes the row: which lines can still come is told by it, not by their ids."""

    function = "pg_current_xact_id"
    output_field = models.TextField()  # xid8 becomes bigint by way of its text


def transaction_number() -> "models.BigIntegerField[int, int]":
    """A column the database fills in itself."""
    return models.BigIntegerField(
        db_default=Cast(Cast(OwnTransaction(), models.TextField()), models.BigIntegerField()), editable=False
    )


def by_transaction(name: str) -> BrinIndex:
    """Finds the lines of a batch; a few bytes for thousands of lines, so that writing stays as fast as without."""
    return BrinIndex(fields=["xid"], name=name, pages_per_range=16, autosummarize=True)


class AccessEntry(models.Model):
    """One passage through a reading door, granted or denied."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    who = models.TextField()
    role = models.CharField(max_length=16)
    view = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    door = models.TextField()
    because = models.TextField()
    reference = models.TextField(blank=True, default="")
    customer_id = models.BigIntegerField(null=True)
    rows = models.IntegerField()
    allowed = models.BooleanField()
    xid = transaction_number()

    class Meta:
        db_table = "access_entry"
        indexes = [
            by_transaction("access_entry_xid"),
            models.Index(fields=["-at"], name="access_entry_at"),
            models.Index(fields=["customer_id", "-at"], name="access_entry_customer"),
        ]


class ChangeEntry(models.Model):
    """One changed value, in the same transaction as the change."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    who = models.TextField()
    door = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    subject = models.TextField()
    field = models.TextField()
    old = models.TextField(null=True)
    new = models.TextField(null=True)

    class Meta:
        db_table = "change_entry"
        indexes = [models.Index(fields=["customer_id", "-at"], name="change_entry_customer")]


class CheckRun(models.Model):
    """One run of the check of the house: when, who asked, and every disagreement that was found."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    asked_by = models.TextField()
    took_ms = models.IntegerField()
    findings = models.JSONField()
    counts = models.JSONField()
    limits = models.JSONField(default=list)

    class Meta:
        db_table = "check_run"
        indexes = [models.Index(fields=["-at"], name="check_run_at")]


class PrivacyEntry(models.Model):
    """One deed about privacy: a choice, a right, a key, a view, an export, an erasure; done or refused.

    `detail` is JSON without anything about a customer: it is kept for ever, and leaves the house as evidence.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    who = models.TextField()
    role = models.CharField(max_length=16)
    deed = models.CharField(max_length=32)
    subject = models.TextField()
    detail = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    allowed = models.BooleanField()
    xid = transaction_number()

    class Meta:
        db_table = "privacy_entry"
        indexes = [
            by_transaction("privacy_entry_xid"),
            models.Index(fields=["-at"], name="privacy_entry_at"),
        ]


class LogBatch(models.Model):
    """A stretch of one book, closed: see rules/evidence/batches.py for what each column promises."""

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    book = models.CharField(max_length=16)
    form = models.IntegerField()
    marks = models.CharField(max_length=16)
    floor = models.BigIntegerField()
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    lines = models.BigIntegerField()
    root = models.CharField(max_length=64)
    last_id = models.BigIntegerField()

    class Meta:
        db_table = "log_batch"
        indexes = [models.Index(fields=["book", "-number"], name="log_batch_book")]


class LogCheckpoint(models.Model):
    """The log at a moment, signed. `peaks` carry the tree on (hex, one after the other)."""

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    lines = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    peaks = models.TextField()

    class Meta:
        db_table = "log_checkpoint"


class LogCopy(models.Model):
    """How a copy off the machine stands: the newest checkpoint that arrived there, and what went wrong since."""

    place = models.TextField(primary_key=True)
    number = models.BigIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    message = models.TextField(default="", blank=True)

    class Meta:
        db_table = "log_copy"


class ReadingHour(models.Model):
    """What one person or program has read in one hour, and the bounds of that hour.

    `seen` are the customers whose files were opened, kept for the hour only, so that opening one twice counts once.
    """

    id = models.BigAutoField(primary_key=True)
    who = models.CharField(max_length=200)
    name = models.TextField()
    role = models.CharField(max_length=16)
    view = models.CharField(max_length=32)
    hour = models.DateTimeField()
    files = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    seen = ArrayField(models.BigIntegerField(), default=list)
    slow_files = models.IntegerField()
    slow_rows = models.BigIntegerField()
    stop_files = models.IntegerField()
    stop_rows = models.BigIntegerField()
    stopped = models.BooleanField(default=False)

    class Meta:
        db_table = "reading_hour"
        constraints = [models.UniqueConstraint(fields=["who", "hour"], name="reading_hour_once")]
        indexes = [models.Index(fields=["-hour"], name="reading_hour_hour")]


class SqlCount(models.Model):
    """How far an analyst's login had been counted at the last look: statements and rows since the server began."""

    role_name = models.CharField(max_length=63, primary_key=True)
    statements = models.BigIntegerField()
    rows = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "sql_count"


class ReadingAlarm(models.Model):
    """Somebody read unusually much: slowed down, or stopped until the officer releases her with a reason."""

    id = models.BigAutoField(primary_key=True)
    who = models.CharField(max_length=200)
    name = models.TextField()
    role = models.CharField(max_length=16)
    view = models.CharField(max_length=32)
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    files = models.IntegerField()
    rows = models.BigIntegerField()
    bound_files = models.IntegerField()
    bound_rows = models.BigIntegerField()
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(default="")
    because = models.TextField(default="")

    class Meta:
        db_table = "reading_alarm"
        constraints = [
            models.UniqueConstraint(
                fields=["who", "kind"], condition=models.Q(released_at__isnull=True), name="reading_alarm_open"
            )
        ]
        indexes = [models.Index(fields=["-at"], name="reading_alarm_at")]
