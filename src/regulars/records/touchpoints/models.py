"""Visits, calls, letters, events; complaints."""

from django.db import models


class Touchpoint(models.Model):
    """One contact between customer and company that is not an order line or a campaign contact."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="touchpoints")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    title = models.TextField()
    detail = models.TextField(default="", blank=True)
    code = models.CharField(max_length=32, default="", blank=True, db_default="")
    staff_name = models.TextField(default="", blank=True)
    branch = models.ForeignKey(
        "company.Branch", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    invented = models.BooleanField(default=False)

    class Meta:
        db_table = "touchpoint"
        indexes = [models.Index(fields=["customer", "-at"], name="touchpoint_customer")]


class Complaint(models.Model):
    """A complaint is open until it is closed with an outcome; while open, marketing rests."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="complaints")
    opened_at = models.DateTimeField()
    code = models.CharField(max_length=32)
    detail = models.TextField(default="", blank=True)
    answer_by = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)
    severity = models.SmallIntegerField(default=2, db_default=2)
    owner_id = models.BigIntegerField(null=True)
    answer = models.TextField(default="", blank=True, db_default="")
    answered_at = models.DateTimeField(null=True)
    invented = models.BooleanField(default=False)

    class Meta:
        db_table = "complaint"
        indexes = [
            models.Index(fields=["customer"], name="complaint_open", condition=models.Q(closed_at__isnull=True)),
        ]


class Preference(models.Model):
    """What a customer prefers, by a code and in words of her own; it holds until it is ended."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=32)
    words = models.TextField(default="", blank=True)
    noted_at = models.DateTimeField()
    staff_name = models.TextField(default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "preference"
        indexes = [models.Index(fields=["customer", "-noted_at"], name="preference_customer")]


class PhoneCall(models.Model):
    """A call while it rings, as telephony told of it. `phone` is sealed with a key of the house, and goes with the end
    of the call; `staff_id` and `branch_id` say for whom it rings."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    phone = models.BinaryField(null=True)
    staff_id = models.BigIntegerField(null=True)
    branch_id = models.BigIntegerField(null=True)
    line = models.TextField(default="", blank=True)
    rang_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="ringing")
    over_at = models.DateTimeField(null=True)
    taken_by_id = models.BigIntegerField(null=True)
    touchpoint_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "phone_call"
        indexes = [models.Index(fields=["rang_at"], name="phone_call_rang")]
