"""What stands around every page and only the records know: the company, the freshness, how many the view leaves out."""

from typing import Final

from django.core.cache import cache

from regulars.connections.postgres.asking import Asking, door
from regulars.desks.shared.frame import HouseFacts
from regulars.records.company.access import company
from regulars.records.customers.access import count_absent
from regulars.records.scores.access import last_refresh
from regulars.rules.permission.asking import Asker

#: Counting millions takes a moment; what is a minute old still says how much is missing.
COUNTED_EVERY: Final = 60
LEAVES_PEOPLE_OUT: Final = frozenset({"marketing", "disclosure", "automated", "sensitive", "delivery"})


@door
def house_facts(by: Asker | None) -> Asking[HouseFacts]:
    """The facts for this person, or for nobody in particular before sign-in."""
    facts, done = company(), (yield from last_refresh.asked()) if by else None
    return HouseFacts(
        company=facts.name, company_zh=facts.name_zh, absent=_absent(by) if by else None,
        as_of=done.finished_at if done else None, demo=facts.is_demo,
    )  # fmt: skip


def _absent(by: Asker) -> int | None:
    """How many customers the view leaves out, as counted within the last minute; None where no row is ever left out."""
    if by.view not in LEAVES_PEOPLE_OUT:
        return None
    counted: int | None = cache.get_or_set(f"absent_from_{by.view}", lambda: count_absent(by=by), COUNTED_EVERY)
    return counted
