"""The writing door of invented people: they are marked, so that nobody is taken for real."""

from regulars.records.customers.models import Customer


def mark_invented(source_ref: str) -> int:
    """Every customer of that source is marked as invented; how many were not yet."""
    return Customer.objects.filter(source__ref=source_ref, invented=False).update(invented=True)
