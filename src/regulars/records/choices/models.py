"""The ledger of choices, what holds when nothing was said, and the suppression list."""

from django.db import models


class ChoiceEntry(models.Model):
    """One thing a customer said about the use of their data. Added, never altered. Channel "" means the purpose as a
    whole; a brand or a topic makes it an exception. `by_guardian`: a child's guardian said it for her.
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
    brand = models.CharField(max_length=40, default="", db_default="", blank=True)
    topic = models.CharField(max_length=40, default="", db_default="", blank=True)
    by_guardian = models.BooleanField(default=False, db_default=False)

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


class ChoiceAge(models.Model):
    """From which age a person's own word counts, and under which age silence is a no, per jurisdiction and country."""

    id = models.BigAutoField(primary_key=True)
    jurisdiction = models.CharField(max_length=8)
    country = models.CharField(max_length=2, default="", blank=True)
    own_word_from = models.SmallIntegerField()
    silence_is_no_under = models.SmallIntegerField()
    law = models.TextField()

    class Meta:
        db_table = "choice_age"
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "country"], name="choice_age_once")]


class ChoiceException(models.Model):
    """A brand or topic a customer has taken out, now. Only the ledger's trigger writes here."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=32)
    channel = models.CharField(max_length=8, default="", blank=True)
    brand = models.CharField(max_length=40, default="", blank=True)
    topic = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        db_table = "choice_exception"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose", "channel", "brand", "topic"], name="choice_exception_once"
            )
        ]


class ChoiceSubject(models.Model):
    """A brand or topic customers can take out by itself. Its key never changes; it ends by date and is not deleted."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=40)
    name = models.TextField()
    name_zh = models.TextField(default="", blank=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "choice_subject"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="choice_subject_once")]


class BrowserSignal(models.Model):
    """A customer's browser asked for something on her behalf, and what became of it: denied, kept or noted."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    signal = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "browser_signal"
        indexes = [models.Index(fields=["customer", "-at"], name="browser_signal_newest")]


class DoNotContactFile(models.Model):
    """A list of people who want no contact, as far as it was taken in; the list itself is kept nowhere."""

    id = models.BigAutoField(primary_key=True)
    file_digest = models.CharField(max_length=64, unique=True)
    file_name = models.TextField()
    done_through = models.BigIntegerField(default=0)
    asked_by = models.TextField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "do_not_contact_file"


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
