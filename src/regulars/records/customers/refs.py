"""The reading door of references: which customers a source's own numbers mean. Ids only, for imports and replays."""

from collections.abc import Collection

from regulars.records.access_log.actions import note_access
from regulars.records.customers.models import CustomerRef
from regulars.rules.permission.asking import Asker


def customers_by_ref(source_ref: str, refs: Collection[str], *, by: Asker) -> dict[str, int]:
    """Reference → customer id, for those the source knows and the asker's view shows."""
    found = CustomerRef.objects.using(by.view).filter(source__ref=source_ref, ref__in=list(refs))
    people = dict(found.values_list("ref", "customer_id"))
    note_access(by, door="customers_by_ref", because=f"references of {source_ref}", rows=len(people))
    return people
