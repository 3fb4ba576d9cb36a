"""The reading door of references: which customers a source's own numbers mean. Ids only, for imports and replays."""

from collections.abc import Collection

from django.conf import settings

from regulars.records.access_log.actions import note_access
from regulars.records.customers.models import CustomerRef
from regulars.rules.intake.references import not_in_clear
from regulars.rules.permission.asking import Asker


def customers_by_ref(source_ref: str, refs: Collection[str], *, by: Asker) -> dict[str, int]:
    """Reference → customer id, for those the source knows and the asker's view shows.

    Where an address stands for the customer, the address is the reference to ask by.
    """
    asked = {ref: ref for ref in refs} | _keyed(refs)
    found = CustomerRef.objects.using(by.view).filter(source__ref=source_ref, ref__in=list(asked))
    people = {asked[ref]: customer for ref, customer in found.values_list("ref", "customer_id")}
    note_access(by, door="customers_by_ref", because=f"references of {source_ref}", rows=len(people))
    return people


def sources_that_know(customer_id: int) -> frozenset[int]:
    """The sources that have a reference of their own for this customer."""
    return frozenset(CustomerRef.objects.filter(customer_id=customer_id).values_list("source_id", flat=True))


def _keyed(refs: Collection[str]) -> dict[str, str]:
    """What stands in the table for those that are addresses."""
    key = settings.KEYS.read("search")
    return {stands: ref for ref in refs if (stands := not_in_clear(ref, key)) != ref}
