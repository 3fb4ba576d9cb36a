"""The corner shop as the marketing desk finds it: three months of sales, Mia, Dora and Emil, a segment, the figures."""

from datetime import date, timedelta

from regulars.records.customers.models import Customer
from regulars.records.staff.actions import hire
from tests.cast import ann, bob, cleo, customer
from tests.shop import everybody_segment, open_shop, refreshed, sell
from tests.story import PASSWORD

TODAY = date(2026, 3, 12)


def staff() -> dict[str, int]:
    """Mia of marketing, Dora of the counter, Emil the privacy officer, Sten the steward."""
    roles = {"mia": "marketer", "dora": "service", "emil": "officer", "sten": "steward"}
    return {
        name: hire(name, name.title(), roles=[role], password=PASSWORD, full_name_zh="") for name, role in roles.items()
    }


def corner_shop(extra: int = 20) -> list[Customer]:
    """Ann (said yes), Bob (said no), Cleo and some more, each with a rhythm of their own; figures as of today.

    Ann came every week until yesterday. Bob came every week until early February and is on the lapse list of March.
    The others came once or twice.
    """
    open_shop(TODAY)
    staff()
    people = [
        ann(),
        bob(),
        cleo(),
        *(customer(f"Extra Person{n}", email=f"extra{n}@example.com") for n in range(extra)),
    ]
    for week in range(10):
        sell(people[0], TODAY - timedelta(days=1 + 7 * week), 20_000)
        sell(people[1], date(2026, 2, 6) - timedelta(days=7 * week), 30_000)
    sell(people[2], date(2026, 2, 20), 5_000)
    for n, one in enumerate(people[3:]):
        for visit in range(1 + n % 3):
            sell(one, TODAY - timedelta(days=5 + n + 14 * visit), 1_000 * (n + 1))
    everybody_segment()
    refreshed(TODAY)
    return people
