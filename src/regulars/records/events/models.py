"""Events, who is behind them, and the keys that let them in.

A `visitor` is a keyed digest of what a source calls somebody: a device's anonymous id, or a user id nobody has matched
to a customer yet. From the table alone no cookie can be recognised.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class WriteKey(models.Model):
    """What a program sends events of one source with; only its digest is kept. It is named `hint`… in lists."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey("intake.Source", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    events_a_second = models.IntegerField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "write_key"


class WebhookIn(models.Model):
    """Where a program of others sends messages, signed as Standard Webhooks has it; see rules/events/signatures.

    `address` is the last part of its address. The secret is sealed; the one before it holds until `previous_until`.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey("intake.Source", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    address = models.CharField(max_length=40, unique=True)
    sealed = models.BinaryField(null=True)
    previous = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    mapping = models.JSONField(default=dict)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_in"


class Event(models.Model):
    """Something that happened, partitioned by month of `occurred_at`.

    `id` is the batch's number followed by the place in it, so a batch's events lie beside each other. `message_key` is
    a digest of source and messageId; that none comes twice is seen to by `EventSeen`, across months. `free` holds, as
    JSON sealed under the customer's own key, what may say more than what happened.
    """

    pk = models.CompositePrimaryKey("id", "occurred_at")
    id = models.BigIntegerField()
    message_key = models.UUIDField()
    source = models.ForeignKey(
        "intake.Source", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=16)
    name = models.TextField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    visitor = models.UUIDField(null=True)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False,
        db_index=False,
    )  # fmt: skip
    properties = models.JSONField(default=dict)
    free = models.BinaryField(null=True)

    class Meta:
        db_table = "event"


class EventSeen(models.Model):
    """The digest of every message that was ever taken: so it is taken once, whenever it comes again."""

    key = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "event_seen"


class VisitorLink(models.Model):
    """Whose a visitor is. One that two people have used is `shared` and nobody's. `told_at` is the moment of the newest
    word its source has said of the person."""

    visitor = models.UUIDField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", null=True)
    shared = models.BooleanField(default=False)
    linked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "visitor_link"
        indexes = [models.Index(fields=["linked_at"], name="visitor_link_newest")]


class CustomerEvents(models.Model):
    """A customer's events in figures, right with the batch that brings the next."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    events = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "customer_events"


class EventBatch(models.Model):
    """One request with events and what became of them: a line per batch."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    write_key = models.ForeignKey(
        WriteKey, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    webhook_id = models.BigIntegerField(null=True)
    kept = models.IntegerField()
    repeated = models.IntegerField()
    told = models.IntegerField()
    denied = models.IntegerField()
    refused = models.IntegerField()
    size = models.IntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "event_batch"
        indexes = [models.Index(fields=["source", "-at"], name="event_batch_source")]


class ToldTraits(models.Model):
    """What an identify or alias said (at `said_at`, heard `at`), until it stands in the record; sealed under a key of
    the house."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    source = models.ForeignKey(
        "intake.Source", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    ref = models.TextField()
    visitor = models.UUIDField()
    devices = ArrayField(models.UUIDField(), default=list)
    previous = models.TextField(default="", blank=True)
    traits = models.BinaryField(null=True)

    class Meta:
        db_table = "told_traits"
        indexes = [models.Index(fields=["visitor"], name="told_traits_visitor")]


class EventReader(models.Model):
    """Somebody who wants to hear of batches: of each, or of those in which an event of these `names` is (as
    `rules/events/kinds.plain_name` writes them)."""

    name = models.CharField(max_length=24, primary_key=True)
    since = models.DateTimeField()
    names = ArrayField(models.TextField(), null=True)

    class Meta:
        db_table = "event_reader"


class EventNews(models.Model):
    """A batch that a reader has not read yet; it goes in the transaction of what the reader does about it."""

    pk = models.CompositePrimaryKey("reader", "batch")
    reader = models.CharField(max_length=24)
    batch = models.ForeignKey(
        EventBatch, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "event_news"


class AwaitedEvent(models.Model):
    """An event the house will act on: as soon as it is known whose it is, and what it takes back.

    `tries`: how often it was tried in vain, because nobody has told the order `order_key` that it takes back; not again
    before `again_at`.
    """

    event_id = models.BigIntegerField(primary_key=True)
    occurred_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0, db_default=0)
    again_at = models.DateTimeField(null=True)
    order_key = models.BigIntegerField(null=True)

    class Meta:
        db_table = "awaited_event"


class EventRule(models.Model):
    """When such an event happens, and the other has not followed within so many minutes, somebody has a task.

    One whose `purpose` is direct marketing is only for those who allow it in the moment the task is made.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    event = models.TextField()
    unless = models.TextField(default="", blank=True)
    wait_minutes = models.IntegerField(default=0)
    task = models.CharField(max_length=16)
    due_days = models.IntegerField(default=1)
    purpose = models.CharField(max_length=24)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "event_rule"


class EventWait(models.Model):
    """Somebody did the one thing, and it is waited for the other; `since` is when she did it last."""

    pk = models.CompositePrimaryKey("rule", "customer")
    rule = models.ForeignKey(EventRule, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "event_wait"
        indexes = [models.Index(fields=["due_at"], name="event_wait_due")]
