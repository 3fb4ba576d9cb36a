"""Segments: living rules and who is in them now."""

from django.db import models


class Segment(models.Model):
    """A rule over record, behaviour and value. `members` is a Roaring bitmap of customer ids at `counted_at`."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    name = models.TextField()
    name_zh = models.TextField(blank=True, default="")
    rule = models.JSONField()
    version = models.IntegerField(default=1)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    count = models.IntegerField(default=0)
    worth_minor = models.BigIntegerField(default=0)
    members = models.BinaryField(default=bytes)
    counted_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "segment"


class SegmentVersion(models.Model):
    """What the rule said before."""

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="versions")
    version = models.IntegerField()
    rule = models.JSONField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "segment_version"
