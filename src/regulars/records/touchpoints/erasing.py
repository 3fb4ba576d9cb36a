"""Erasure, the part of touchpoints: that something happened stays, what was said does not."""

from datetime import datetime

from regulars.records.touchpoints.models import Complaint, Preference, Touchpoint


def empty_touchpoints(customer_id: int) -> int:
    """How many touchpoints of hers say nothing any more; nor does any preference."""
    Preference.objects.filter(customer_id=customer_id).update(words="", staff_name="")
    return Touchpoint.objects.filter(customer_id=customer_id).update(title="", detail="", staff_name="")


def close_complaints(customer_id: int, *, at: datetime) -> int:
    """How many open complaints of hers are closed now; of none is a word left."""
    hers = Complaint.objects.filter(customer_id=customer_id)
    closed = hers.filter(closed_at__isnull=True).update(closed_at=at, outcome="withdrawn")
    hers.update(detail="", answer="")
    return closed
