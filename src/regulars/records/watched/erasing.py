"""Erasure, the part of watching: nothing says any more that she was watched over."""

from regulars.records.watched.models import Canary, ProtectedCustomer


def forget_watched(customer_id: int) -> None:
    """She is neither protected nor a canary any more."""
    ProtectedCustomer.objects.filter(customer_id=customer_id).delete()
    Canary.objects.filter(customer_id=customer_id).delete()
