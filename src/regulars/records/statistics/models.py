"""Declared cubes, and the ledger of each recipient: what it was told, and, sealed, of whom."""

from django.db import models


class Cube(models.Model):
    """What is counted for one partner. Never altered; ended when it is counted no more.

    `dimensions` and `only` are words such as `customer.birth_on:decade` and `customer.city:keep=Lyon|Nice`; `digest` is
    the same for declarations that say the same. `percent` is how near a sum of money may let anybody come to the
    biggest buyer in it.
    """

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("disclosures.Partner", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    dimensions = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    only = models.JSONField(default=list)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    percent = models.SmallIntegerField()
    digest = models.CharField(max_length=64)
    because = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cube"
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "digest"], condition=models.Q(ended_at__isnull=True), name="cube_declared_once"
            ),
        ]


class CubeAnswer(models.Model):
    """One answer that told something new: the figures as they left, and, sealed, who was in which cell.

    `members` opens with a key that is not in the database, and holds people by the numbers of `CountedPerson` alone.
    """

    id = models.BigAutoField(primary_key=True)
    cube = models.ForeignKey(Cube, on_delete=models.PROTECT, related_name="answers")
    release = models.ForeignKey("disclosures.PartnerRelease", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_on = models.DateField()
    least = models.SmallIntegerField()
    categories = models.JSONField(default=list)
    figures = models.JSONField(default=list)
    members = models.BinaryField()

    class Meta:
        db_table = "cube_answer"


class CountedPerson(models.Model):
    """A customer's number in the ledger of one partner, drawn by chance. Gone when she is erased."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("disclosures.Partner", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    number = models.BigIntegerField()

    class Meta:
        db_table = "counted_person"
        constraints = [
            models.UniqueConstraint(fields=["partner", "customer"], name="counted_person_once"),
            models.UniqueConstraint(fields=["partner", "number"], name="counted_person_apart"),
        ]
