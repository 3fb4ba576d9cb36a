"""The company, its branches and its privacy statements."""

from django.db import models


class Company(models.Model):
    """The one company this house serves. `business_on` fixes "today" for data that ended; null means the clock."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.TextField()
    name_zh = models.TextField(blank=True, default="")
    business_on = models.DateField(null=True, blank=True)
    jurisdiction = models.CharField(max_length=8, default="none")
    currency = models.CharField(max_length=3, default="CNY")
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    is_demo = models.BooleanField(default=False)

    class Meta:
        db_table = "company"


class Branch(models.Model):
    """A shop, hotel or web shop. `ref` is what sources call it."""

    id = models.BigAutoField(primary_key=True)
    ref = models.TextField(unique=True)
    name = models.TextField()
    city = models.TextField(blank=True, default="")
    region = models.TextField(blank=True, default="")

    class Meta:
        db_table = "branch"


class Statement(models.Model):
    """One version of the privacy statement in one language."""

    id = models.BigAutoField(primary_key=True)
    version = models.IntegerField()
    language = models.CharField(max_length=16)
    body = models.TextField()
    in_force_at = models.DateTimeField()
    is_by_hand = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "statement"
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="statement_version_language")]
