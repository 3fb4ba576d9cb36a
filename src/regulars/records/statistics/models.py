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


class Extract(models.Model):
    """Rows without people one partner may have. Never altered; the only one this partner gets, once any has left.

    `known` are columns somebody outside may know, `confidential` the one nobody does (or nothing). `variety` values of
    it a class has at least, in shares at most `closeness` per cent from everybody's; at most `suppressed` per cent of
    the rows are left out for it.
    """

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("disclosures.Partner", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    known = models.JSONField(default=list)
    confidential = models.TextField(default="", blank=True)
    variety = models.SmallIntegerField()
    closeness = models.SmallIntegerField()
    suppressed = models.SmallIntegerField()
    because = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "extract"
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(ended_at__isnull=True), name="extract_one_stands"
            ),
        ]


class ExtractAnswer(models.Model):
    """One file of an extract: on which rungs, its classes as they are called and its declared risk; and, sealed, who is
    in which class with which value, under the numbers of `CountedPerson` alone."""

    id = models.BigAutoField(primary_key=True)
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="answers")
    release = models.ForeignKey("disclosures.PartnerRelease", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    least = models.SmallIntegerField()
    rungs = models.JSONField(default=list)
    classes = models.JSONField(default=list)
    values = models.JSONField(default=list)
    risk = models.JSONField(default=dict)
    members = models.BinaryField()

    class Meta:
        db_table = "extract_answer"


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
