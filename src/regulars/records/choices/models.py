"""The ledger of choices, what holds when nothing was said, and the suppression list."""

from django.db import models


class ChoiceEntry(models.Model):
    """One thing a customer said about the use of their data. Added, never altered. Channel "" means the purpose as a
    whole.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="choices")
    purpose = models.CharField(max_length=32)
    channel = models.CharField(max_length=8, default="", blank=True)
    value = models.CharField(max_length=8)
    at = models.DateTimeField()
    by = models.TextField()
    source = models.CharField(max_length=32)
    statement_version = models.IntegerField(null=True)
    wording = models.TextField(default="", blank=True)

    class Meta:
        db_table = "choice_entry"
        indexes = [models.Index(fields=["customer", "purpose", "channel", "-at", "-id"], name="choice_entry_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__in=["granted", "denied", "unset"]), name="choice_entry_value"
            ),
        ]


class ChoiceDefault(models.Model):
    """What counts when a customer has not said anything, per jurisdiction."""

    id = models.BigAutoField(primary_key=True)
    jurisdiction = models.CharField(max_length=8)
    purpose = models.CharField(max_length=32)
    channel = models.CharField(max_length=8, default="", blank=True)
    allowed = models.BooleanField()
    law = models.TextField()

    class Meta:
        db_table = "choice_default"
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "purpose", "channel"], name="choice_default_once")
        ]


class Suppression(models.Model):
    """A contact that must never be used, kept as a keyed digest so that the list itself reaches nobody."""

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=8)
    token = models.TextField()
    reason = models.CharField(max_length=32)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "suppression"
        constraints = [models.UniqueConstraint(fields=["channel", "token"], name="suppression_once")]
