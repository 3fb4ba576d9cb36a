"""Pairs of customers: in question, or confirmed as two. Of a pair the lower id always stands first."""

from django.db import models

WAITING, LATER, MERGED, DIFFERENT = "waiting", "later", "merged", "different"
WHOLE, NEWS = "whole", "news"
WAITS, RUNNING, STOPPED, FINISHED = "waiting", "running", "stopped", "finished"


class ReviewPair(models.Model):
    """Two who may be one, until somebody decides: waiting, later, merged or different.

    `steps` is the waterfall of the recognition model: comparison, level, bits, in the model's order.
    """

    id = models.BigAutoField(primary_key=True)
    low = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    bits = models.FloatField()
    probability = models.FloatField()
    steps = models.JSONField(default=list)
    found_by = models.TextField()
    put_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=WAITING)
    decided_by = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    because = models.TextField(default="", blank=True)

    class Meta:
        db_table = "review_pair"
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="review_pair_once"),
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="review_pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["state", "-bits", "id"], name="review_pair_next",
                         condition=models.Q(state__in=["waiting", "later"])),
        ]  # fmt: skip


class DifferentPair(models.Model):
    """Two whom a person has looked at and found to be two: nothing puts them together by itself any more."""

    id = models.BigAutoField(primary_key=True)
    low = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    said_by = models.TextField()
    said_at = models.DateTimeField()
    because = models.TextField(default="", blank=True)

    class Meta:
        db_table = "different_pair"
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="different_pair_once"),
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="different_pair_in_order"),
        ]


class Merge(models.Model):
    """Who was merged into whom, and all it takes to make them two again; of one customer one stands at most.

    `kept`, sealed under the survivor's key, holds what her record said before and which choices were closed; `marks`
    the newest row of each table then, so that what came later is known.
    """

    id = models.BigAutoField(primary_key=True)
    goes = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    who = models.TextField()
    because = models.TextField()
    kept = models.BinaryField(null=True)
    marks = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="", blank=True)
    undone_because = models.TextField(default="", blank=True)

    class Meta:
        db_table = "merge"
        constraints = [
            models.UniqueConstraint(
                fields=["goes"], condition=models.Q(undone_at__isnull=True), name="merge_stands_once"
            ),
            models.CheckConstraint(condition=~models.Q(goes=models.F("into")), name="merge_of_two"),
        ]


class MergedRows(models.Model):
    """Rows of one table that went over with a merge, by their keys."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="rows")
    table_name = models.TextField()
    keys = models.JSONField(default=list)

    class Meta:
        db_table = "merged_rows"
        constraints = [models.UniqueConstraint(fields=["merge", "table_name"], name="merged_rows_once")]


class MatchRun(models.Model):
    """A batch that compares customers: all with all (`whole`), or who is new with the others (`news`).

    `progress` says which step it is in and how far; of each kind one at most is not finished.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, default=WHOLE)
    state = models.CharField(max_length=12, default=WAITS)
    because = models.TextField(default="", blank=True)
    progress = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    started_by = models.TextField()
    done_until = models.BigIntegerField(default=0)
    customers = models.BigIntegerField(default=0)
    sure = models.BigIntegerField(default=0)
    doubtful = models.BigIntegerField(default=0)
    put_up = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "match_run"
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(finished_at__isnull=True), name="match_run_open_once"
            ),
        ]
