"""Which customers are canaries or protected, the alarms of canaries, and how alarms go out. No view shows which."""

from django.db import models


class Canary(models.Model):
    """Somebody invented among the customers. Nothing in her own record tells; who opens her is told to the officer."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField(unique=True)
    planted_at = models.DateTimeField()
    planted_by = models.TextField()
    note = models.TextField(default="", blank=True)

    class Meta:
        db_table = "canary"


class CanaryAlarm(models.Model):
    """Somebody touched a canary, or a person invented for one export: through which door, and why as she said."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    name = models.TextField()
    role = models.CharField(max_length=16)
    view = models.CharField(max_length=32)
    door = models.TextField()
    because = models.TextField()
    number = models.CharField(max_length=24)
    export = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)

    class Meta:
        db_table = "canary_alarm"
        indexes = [models.Index(fields=["-at"], name="canary_alarm_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["who", "door", "number"], condition=models.Q(released_at__isnull=True), name="canary_alarm_open"
            )
        ]


class ProtectedCustomer(models.Model):
    """Her file opens only for a case; lists of those found do not say who she is."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField(unique=True)
    since = models.DateTimeField()
    marked_by = models.TextField()
    because = models.TextField()

    class Meta:
        db_table = "protected_customer"


class ReaderWait(models.Model):
    """Until when somebody who reads unusually much is to wait before her next request."""

    who = models.CharField(max_length=200, primary_key=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "reader_wait"


class AlarmNotice(models.Model):
    """One alarm on its way to one place: by mail or to a webhook. `sent_at` None: it is tried again."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    alarm = models.BigIntegerField()
    place = models.CharField(max_length=16)
    raised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    message = models.TextField(default="", blank=True)

    class Meta:
        db_table = "alarm_notice"
        constraints = [models.UniqueConstraint(fields=["kind", "alarm", "place"], name="alarm_notice_once")]
