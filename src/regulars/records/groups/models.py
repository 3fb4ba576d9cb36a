"""Groups customers belong to, which of them stand under which, and who belongs to them since when."""

from django.db import models


class CustomerGroup(models.Model):
    """A household, a company or one of its branches, an agent or a channel. A household bears no name: its people do.

    `company_code` is empty or the number a register gave, as `rules/cleaning` writes it. `source` is the one whose file
    brought it; null where somebody opened it.
    """

    id = models.BigAutoField(primary_key=True)
    ref = models.TextField(unique=True)
    kind = models.CharField(max_length=12)
    name = models.TextField(default="", blank=True)
    company_code = models.TextField(default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "customer_group"
        constraints = [
            models.UniqueConstraint(
                fields=["country", "company_code"], name="customer_group_code", condition=~models.Q(company_code="")
            )
        ]
        indexes = [models.Index(models.F("name"), name="customer_group_name")]


class GroupPlace(models.Model):
    """A group stood under another from a day on and before another; null is open on that side."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(CustomerGroup, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(CustomerGroup, on_delete=models.CASCADE, related_name="+")
    since_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "group_place"


class GroupMember(models.Model):
    """A customer belonged to a group, as what, from a day on and before another, and how that is known. `source` as of
    the group; of several that say so the one that may be kept longest."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(CustomerGroup, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16)
    since_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    known_by = models.CharField(max_length=8)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "group_member"
        indexes = [
            models.Index(fields=["source", "customer"], name="group_member_source",
                         condition=models.Q(source__isnull=False)),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["group", "customer", "since_on"], name="group_member_once", nulls_distinct=False
            )
        ]


class HouseholdPair(models.Model):
    """Two who seem to live together, until somebody decides: waiting, accepted or refused. The lower id stands first.

    `steps` is what was compared: comparison, level, bits, in the model's order.
    """

    id = models.BigAutoField(primary_key=True)
    low = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    steps = models.JSONField(default=list)
    put_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    decided_by = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    because = models.TextField(default="", blank=True)

    class Meta:
        db_table = "household_pair"
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="household_pair_once"),
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="household_pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["-probability", "id"], name="household_pair_next",
                         condition=models.Q(state="waiting")),
        ]  # fmt: skip
