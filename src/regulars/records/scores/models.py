"""What the value rules found out."""

from django.db import models


class Score(models.Model):
    """One customer's figures at the last refresh. Days, counts, minor units; bands 1 (low) to 5."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="score", db_constraint=False
    )
    as_of = models.DateField()
    recency_days = models.IntegerField()
    frequency = models.IntegerField()
    monetary_minor = models.BigIntegerField()
    r = models.SmallIntegerField()
    f = models.SmallIntegerField()
    m = models.SmallIntegerField()
    rfm_group = models.CharField(max_length=24)
    first_on = models.DateField()
    last_on = models.DateField()
    rhythm_days = models.FloatField()
    due_on = models.DateField()
    grace_until = models.DateField()
    state = models.CharField(max_length=8)

    class Meta:
        db_table = "score"
        indexes = [
            models.Index(fields=["r", "f"], name="score_cell"),
            models.Index(fields=["state", "-monetary_minor"], name="score_state"),
        ]


class RfmMonth(models.Model):
    """The company's health month by month: customers and money per RFM group at the month's end."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    rfm_group = models.CharField(max_length=24)
    customers = models.IntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "rfm_month"
        constraints = [models.UniqueConstraint(fields=["month", "rfm_group"], name="rfm_month_once")]


class BucketMonth(models.Model):
    """The leaky bucket of one month, in people and money."""

    month = models.DateField(primary_key=True)
    gained = models.IntegerField()
    kept = models.IntegerField()
    won_back = models.IntegerField()
    lapsed = models.IntegerField()
    inside = models.IntegerField()
    gained_minor = models.BigIntegerField()
    kept_minor = models.BigIntegerField()
    won_back_minor = models.BigIntegerField()
    lapsed_minor = models.BigIntegerField()

    class Meta:
        db_table = "bucket_month"


class ListMonth(models.Model):
    """The three lists of one month as counts: due, bought, not yet within grace, lapsed."""

    month = models.DateField(primary_key=True)
    due = models.IntegerField()
    bought = models.IntegerField()
    within_grace = models.IntegerField()
    lapsed = models.IntegerField()
    bought_minor = models.BigIntegerField()

    class Meta:
        db_table = "list_month"


class Refresh(models.Model):
    """One run of the refresh: what it covered and how long it took."""

    id = models.BigAutoField(primary_key=True)
    as_of = models.DateField()
    state = models.CharField(max_length=16)
    step = models.CharField(max_length=32, default="")
    order_lines = models.BigIntegerField(default=0)
    customers = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "refresh"
