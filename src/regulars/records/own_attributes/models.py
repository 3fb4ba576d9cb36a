"""Own attributes: what they are, through which view they are shown how, and their values.

One table holds the values of all of them, so adding an attribute changes no table and no view. Each view joins
`own_shown`, which holds for every classed attribute what the rules say of it; what has no line there is not shown.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class OwnAttribute(models.Model):
    """What an attribute is. `data_class` is empty until somebody has classed it."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8)
    label = models.TextField()
    label_zh = models.TextField()
    choices = models.JSONField(default=list)
    data_class = models.CharField(max_length=16, blank=True, default="")
    category = models.TextField(default="user")
    purposes = ArrayField(models.TextField(), default=list)
    coarse = models.CharField(max_length=16, default="keep")
    coarser = models.CharField(max_length=16, default="gone")
    keep = models.TextField(default="as long as the customer")
    made_by = models.TextField()
    made_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "own_attribute"


class OwnShown(models.Model):
    """A view that shows an attribute, and how."""

    id = models.BigAutoField(primary_key=True)
    attribute = models.ForeignKey(OwnAttribute, on_delete=models.CASCADE, related_name="+")
    view = models.CharField(max_length=40)
    shape = models.CharField(max_length=16)

    class Meta:
        db_table = "own_shown"
        constraints = [models.UniqueConstraint(fields=["attribute", "view"], name="own_shown_once")]


class OwnValue(models.Model):
    """What is believed of one customer under one attribute: in the column of its kind, or sealed; by whose word, since
    when."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    attribute = models.ForeignKey(OwnAttribute, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(null=True)
    amount = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    yes = models.BooleanField(null=True)
    sealed = models.BinaryField(null=True)
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "own_value"
        constraints = [models.UniqueConstraint(fields=["customer", "attribute"], name="own_value_once")]


class OwnValueSaid(models.Model):
    """What one source says of a customer under an attribute, since when, and who confirmed it. Rows come once a second
    source speaks of it, or somebody confirms it; until then the value's own source and date say all. `because` is why
    somebody wrote down otherwise than what was there.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    attribute = models.ForeignKey(OwnAttribute, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    text = models.TextField(null=True)
    amount = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    yes = models.BooleanField(null=True)
    sealed = models.BinaryField(null=True)
    said_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.TextField(blank=True, default="")
    because = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "own_value_said"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "attribute", "source"], name="own_value_said_once", nulls_distinct=False
            )
        ]
