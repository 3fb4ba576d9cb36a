"""Erasure, the part of exports: who is erased is in no view, so each re-check says that her row must go."""

from regulars.records.exports.models import ExportedPerson


def count_exports(customer_id: int) -> int:
    """How many exports held her. That she was in them stays on record: it is how a leaked file is traced."""
    return ExportedPerson.objects.filter(customer_id=customer_id).count()
