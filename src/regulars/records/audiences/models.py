"""Audiences: a segment frozen on a day."""

from django.db import models


class Audience(models.Model):
    """The frozen list behind one campaign, with the rule as it stood."""

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey("segments.Segment", on_delete=models.PROTECT, related_name="audiences")
    segment_version = models.IntegerField()
    rule = models.JSONField()
    size = models.IntegerField()
    frozen_at = models.DateTimeField()
    frozen_by = models.TextField()

    class Meta:
        db_table = "audience"


class AudienceMember(models.Model):
    """One person on the frozen list and the arm drawn for them by keyed hash."""

    id = models.BigAutoField(primary_key=True)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    arm = models.CharField(max_length=8)

    class Meta:
        db_table = "audience_member"
        constraints = [models.UniqueConstraint(fields=["audience", "customer"], name="audience_member_once")]
