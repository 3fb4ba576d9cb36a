"""The register of disclosures. Nothing goes to a third party without a live contract here."""

from django.db import models


class Partner(models.Model):
    """Somebody outside who receives data, or from whom some was bought. The key never changes."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=24, unique=True)
    name = models.TextField()
    name_zh = models.TextField(default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    answers = models.TextField(default="", blank=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "partner"


class DisclosureContract(models.Model):
    """What a partner may have, for what, what it promised, and until when. Of a partner's contracts one runs at most.

    `fields` are words such as `customer.city` or `customer.city:exact`; `least` is the fewest people a count may tell.
    """

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contracts")
    ref = models.TextField()
    purpose = models.TextField()
    permission = models.CharField(max_length=32, default="consent")
    fields = models.JSONField(default=list)
    promises = models.TextField()
    least = models.SmallIntegerField(default=10)
    brand = models.CharField(max_length=40, default="", blank=True)
    topic = models.CharField(max_length=40, default="", blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.TextField(default="", blank=True)

    class Meta:
        db_table = "disclosure_contract"
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(stopped_at__isnull=True), name="disclosure_contract_one_runs"
            ),
        ]


class PartnerPseudonym(models.Model):
    """A customer's name with one partner; the key it is made with is not in the database."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    pseudonym = models.CharField(max_length=32)

    class Meta:
        db_table = "partner_pseudonym"
        constraints = [
            models.UniqueConstraint(fields=["partner", "customer"], name="partner_pseudonym_once"),
            models.UniqueConstraint(fields=["partner", "pseudonym"], name="partner_pseudonym_apart"),
        ]


class PartnerRelease(models.Model):
    """One file that left: under which contract, for what, how many rows, its SHA-256, until when it may be used."""

    id = models.BigAutoField(primary_key=True)
    contract = models.ForeignKey(DisclosureContract, on_delete=models.PROTECT, related_name="releases")
    made_at = models.DateTimeField()
    made_by = models.TextField()
    because = models.TextField()
    kind = models.CharField(max_length=16)
    content = models.TextField()
    rows = models.BigIntegerField()
    file_digest = models.CharField(max_length=64)
    expires_on = models.DateField()

    class Meta:
        db_table = "partner_release"


class ReleasedPerson(models.Model):
    """Who was in a file that left."""

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey(PartnerRelease, on_delete=models.CASCADE, related_name="people")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "released_person"
        indexes = [models.Index(fields=["customer"], name="released_person_customer")]


class BoughtData(models.Model):
    """Data that was bought or received: from whom, what, under which permission of the people in it, until when."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="bought")
    what = models.TextField()
    permission = models.TextField()
    source_ref = models.TextField(default="", blank=True)
    rows = models.BigIntegerField(default=0)
    price_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="", blank=True)
    bought_on = models.DateField()
    valid_until = models.DateField(null=True)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "bought_data"
