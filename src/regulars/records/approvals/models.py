"""Acts that take two, and what was proposed."""

from django.db import models


class FourEyes(models.Model):
    """Whether one kind of act takes two people; a kind that was never named does not."""

    act = models.CharField(max_length=24, primary_key=True)
    asked = models.BooleanField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "four_eyes"


class Proposal(models.Model):
    """One act that waits, or was answered: `waiting`, `approved` (and done) or `refused`.

    `told` is everything the act is done with, as it was proposed; nobody changes it afterwards.
    """

    id = models.BigAutoField(primary_key=True)
    act = models.CharField(max_length=24)
    subject = models.TextField()
    told = models.JSONField()
    because = models.TextField()
    proposer = models.CharField(max_length=200)
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    answered_by = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(default="", blank=True)

    class Meta:
        db_table = "proposal"
        indexes = [models.Index(fields=["state", "-id"], name="proposal_state")]
