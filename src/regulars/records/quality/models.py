"""Counts of a night by source and field, what bad data cost in the year before, and whom to ask again."""

from django.db import models


class QualityFigure(models.Model):
    """What one night counted of one field, of the people of one source (null: of none)."""

    id = models.BigAutoField(primary_key=True)
    counted_on = models.DateField()
    source = models.ForeignKey("intake.Source", on_delete=models.CASCADE, null=True, related_name="+")
    field = models.CharField(max_length=24)
    people = models.BigIntegerField()
    filled = models.BigIntegerField()
    valid = models.BigIntegerField()
    fresh = models.BigIntegerField()
    disputed = models.BigIntegerField(default=0, db_default=0)
    confirmed = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "quality_figure"
        constraints = [
            models.UniqueConstraint(
                fields=["counted_on", "source", "field"], name="quality_figure_once", nulls_distinct=False
            )
        ]


class QualityConflict(models.Model):
    """A source whose word on a field stands beside another that says otherwise (null: nobody knows whose word): of how
    many people that night, and of how many of them the record shows another's word."""

    id = models.BigAutoField(primary_key=True)
    counted_on = models.DateField()
    source = models.ForeignKey("intake.Source", on_delete=models.CASCADE, null=True, related_name="+")
    field = models.CharField(max_length=24)
    said = models.BigIntegerField()
    against = models.BigIntegerField()

    class Meta:
        db_table = "quality_conflict"
        constraints = [
            models.UniqueConstraint(
                fields=["counted_on", "source", "field"], name="quality_conflict_once", nulls_distinct=False
            )
        ]


class QualityCost(models.Model):
    """What bad data came to in the year before that day: how many cases of a kind, their money if known."""

    id = models.BigAutoField(primary_key=True)
    counted_on = models.DateField()
    kind = models.CharField(max_length=24)
    cases = models.BigIntegerField()
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="", blank=True)

    class Meta:
        db_table = "quality_cost"
        constraints = [models.UniqueConstraint(fields=["counted_on", "kind", "currency"], name="quality_cost_once")]


class QualityCase(models.Model):
    """A customer to ask again at the next touchpoint: which fields and why. Found anew every night."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+")
    asks = models.JSONField(default=list)
    worth_minor = models.BigIntegerField(default=0)
    found_on = models.DateField()

    class Meta:
        db_table = "quality_case"
