"""Contacts: every planned message with the gate's reasons, and the answers."""

import uuid

from django.db import models


class Contact(models.Model):
    """One planned message to one person.

    States: waiting, sending (claimed; never sent again by itself), sent, refused, held, cancelled, failed, unsure,
    holdout.
    `strip` holds the gate's nine answers as letters; `reasons` the codes and values behind them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="contacts")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=8)
    arm = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    strip = models.CharField(max_length=9, default="", blank=True)
    reasons = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    message_id = models.TextField(default="", blank=True)

    class Meta:
        db_table = "contact"
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="contact_once")]
        indexes = [
            models.Index(fields=["customer", "-sent_at"], name="contact_customer"),
            models.Index(fields=["campaign", "state"], name="contact_state"),
        ]


class Response(models.Model):
    """An answer to a contact: a redemption, an order, a click, an unsubscribe. `ref` makes it count once."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="responses")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    ref = models.TextField()
    amount_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "response"
        constraints = [models.UniqueConstraint(fields=["campaign", "customer", "kind", "ref"], name="response_once")]
