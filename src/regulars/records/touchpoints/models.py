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
    invented = models.BooleanField(default=False)

    class Meta:
        db_table = "complaint"
        indexes = [
            models.Index(fields=["customer"], name="complaint_open", condition=models.Q(closed_at__isnull=True)),
        ]
