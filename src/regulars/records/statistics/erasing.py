"""Erasure, the part of figures: the numbers she was counted under lead to nobody any more."""

from regulars.records.statistics.models import CountedPerson


def forget_numbers(customer_id: int) -> None:
    """No ledger leads to her; that somebody was counted there stays, so that what was told can still be compared."""
    CountedPerson.objects.filter(customer_id=customer_id).delete()
