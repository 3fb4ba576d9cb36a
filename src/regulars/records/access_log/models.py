"""Two append-only books: who looked, and who changed."""

from django.db import models


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

    class Meta:
        db_table = "access_entry"
        indexes = [
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
