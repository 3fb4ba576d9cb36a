"""Erasure, the part of disclosures: what left with her in it may not be used any more; each re-check says so."""

from regulars.records.disclosures.models import PartnerPseudonym, ReleasedPerson


def end_releases(customer_id: int) -> int:
    """How many releases held her. Her names with partners are gone; that she was in them stays in the register."""
    PartnerPseudonym.objects.filter(customer_id=customer_id).delete()
    return ReleasedPerson.objects.filter(customer_id=customer_id).count()
