"""A house full of invented people, for benches of pages: customers, keys they are found by, orders, choices, figures.

Customers, contact points, search keys, order lines and running totals are written by the records' own doors, so rows,
indexes and triggers are those of a real house; scores, lists and segments come from the real refresh. What no file
brings (touchpoints, tasks, complaints, a campaign's contacts) is written with one statement each.
Usage, with REGULARS_HOME set: `python -m bench._crowd CUSTOMERS`. The same number makes the same people.
"""

import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

import django
import numpy as np
import pyarrow as pa

from regulars.rules.cleaning.writing import sort_key
from regulars.rules.identity.finding import keyed, name_tokens
from regulars.rules.identity.inventing import (
    CHINESE_PLACES,
    FAMILY_NAMES,
    FEMALE_GIVEN,
    FEMALE_NAMES,
    MALE_GIVEN,
    MALE_NAMES,
    SURNAMES,
    WESTERN_PLACES,
)
from regulars.rules.permission.asking import Asker

BY: Final = Asker("bench", "steward", "standard", "data_care")
USERNAME, PASSWORD = "desk", "a bench's own password"  # of a house of invented people, thrown away
LAST_DAY: Final = date(2025, 12, 31)
AT: Final = datetime(2025, 12, 31, 20, tzinfo=UTC)
FIRST_MONTH, MONTHS = np.datetime64("2024-01", "M"), 24
CHUNK: Final = 50_000
BRANCHES, PRODUCTS = 40, 20_000
ORDERS_EACH, LINES_AN_ORDER = 4, 3
GIVEN_SIGNS: Final = sorted({sign for name in (*FEMALE_GIVEN, *MALE_GIVEN) for sign in name})
GIVEN_NAMES: Final = (*FEMALE_NAMES, *MALE_NAMES)

MORE: Final = (
    # one in five has said something, one in ten no to marketing
    """INSERT INTO choice_entry (customer_id, purpose, channel, value, at, by, source, wording)
       SELECT id, 'direct_marketing', '', CASE WHEN id %% 10 = 0 THEN 'denied' ELSE 'granted' END,
              %(at)s - interval '200 days', 'bench', 'portal', '' FROM customer WHERE id %% 5 = 0""",
    """INSERT INTO touchpoint (customer_id, at, kind, channel, title, detail, staff_name, invented)
       SELECT id, %(at)s - (id %% 700 + n * 9) * interval '1 day', CASE n WHEN 1 THEN 'visit' ELSE 'wish' END,
              'counter', 'Asked for oat milk', '', 'Dora', true FROM customer, generate_series(1, 2) n
        WHERE id %% 3 = n""",
    """INSERT INTO complaint (customer_id, opened_at, code, detail, answer_by, closed_at, outcome, invented)
       SELECT id, %(at)s - interval '20 days', 'quality', 'Sour', %(at)s + interval '3 days',
              CASE WHEN id %% 3000 = 0 THEN NULL ELSE %(at)s - interval '9 days' END, '', true
         FROM customer WHERE id %% 300 = 0""",
    """INSERT INTO task (customer_id, kind, because, words, owner_id, due_on, worth_minor, state, outcome, opened_at,
              closed_at)
       SELECT id, 'lapse', '{}', '', CASE WHEN id %% 20000 = 0 THEN (SELECT min(id) FROM staff) END,
              %(at)s::date + (id %% 30)::int, id %% 10000, CASE WHEN id %% 500 = 0 THEN 'done' ELSE 'open' END, '',
              %(at)s - interval '9 days', CASE WHEN id %% 500 = 0 THEN %(at)s END FROM customer WHERE id %% 100 = 0""",
    """INSERT INTO contact (id, campaign_id, customer_id, channel, arm, state, strip, reasons, decided_at, sent_at,
              message_id)
       SELECT gen_random_uuid(), (SELECT min(id) FROM campaign), id, 'email', 'test', 'sent', 'ppppppppp', '[]',
              %(at)s - interval '50 days', %(at)s - interval '50 days', '' FROM customer WHERE id %% 3 = 0""",
)  # fmt: skip


def fill(customers: int) -> None:
    """The house stands with that many customers, about four orders of three lines each, and everything a card shows."""
    from regulars.journeys.prepare_house import prepare_house
    from regulars.journeys.refresh_scores import refresh_scores
    from regulars.records.intake.actions import ensure_source
    from regulars.records.orders.warehouse_marks import touch_months

    prepare_house()
    source = ensure_source("bench", by=BY, at=AT, name="Bench").id
    branches, products = _set_the_stage(source)
    rng = np.random.default_rng(20_260_312)
    ids = [_people(rng, first, min(CHUNK, customers - first), source, branches) for first in _steps(customers)]
    _tell("customers")
    for number, some in enumerate(ids):
        _orders(rng, number, some, source, branches, products)
    _tell("orders")
    touch_months(_months(), at=AT)
    refresh_scores(at=AT, as_of=LAST_DAY)
    _tell("figures")
    _more()


def _set_the_stage(source: int) -> tuple[np.ndarray, np.ndarray]:
    """Company, staff, branches, products and segments; the ids of branches and products."""
    from regulars.records.company.access import CompanyFacts
    from regulars.records.company.actions import ensure_branches, set_up_company
    from regulars.records.orders.actions import PRODUCT, open_months, put_products
    from regulars.records.segments.actions import define_segment
    from regulars.records.staff.actions import hire
    from regulars.rules.segments.ready import READY

    set_up_company(CompanyFacts("Bench", "长凳", LAST_DAY, "CN", "CNY", "Asia/Shanghai", is_demo=False))
    hire(USERNAME, "Desk", full_name_zh="柜台", roles=("service",), password=PASSWORD, language="en")
    for key, one in READY.items():
        define_segment(key, one.name, one.data, by=BY, at=AT, name_zh=one.name_zh)
    open_months(_months())
    names = [f"P{n:05d}" for n in range(PRODUCTS)]
    told = pa.table(
        {"ref": names, "name": [f"Tea no. {n}" for n in range(PRODUCTS)], "department": ["Grocery"] * PRODUCTS,
         "category": [f"Tea {n % 90}" for n in range(PRODUCTS)], "brand": ["House"] * PRODUCTS},
        schema=PRODUCT,
    )  # fmt: skip
    shops = ensure_branches(f"S{n:02d}" for n in range(BRANCHES))
    return np.array(list(shops.values())), np.array(list(put_products(source, told).values()))


def _months() -> list[date]:
    return [(FIRST_MONTH + n).astype(object) for n in range(MONTHS)]


def _steps(customers: int) -> Iterator[int]:
    return iter(range(0, customers, CHUNK))


def _people(rng: np.random.Generator, first: int, count: int, source: int, branches: np.ndarray) -> np.ndarray:
    """The ids of some more customers; half Chinese, half Western, a few family names very common."""
    from django.conf import settings

    from regulars.records.customers.actions import add_contact_points, add_search_tokens, create_customers

    named = [_named(rng) for _ in range(count)]
    home = rng.choice(branches, count)
    told = [_told(family, given, chinese, first + n) for n, (family, given, chinese) in enumerate(named)]
    table = pa.Table.from_pylist(told).append_column("home_branch_id", pa.array(home))
    ids = create_customers(table, source_id=source, stage="customer", by=BY, at=AT, invented=True)
    points = [(int(id_), *point) for id_, n in zip(ids, range(first, first + count), strict=True) for point in _ways(n)]
    add_contact_points(_table(points, "customer_id", "channel", "value"), source_id=source, at=AT)
    key = settings.KEYS.read("search")
    tokens = [
        (int(id_), token)
        for id_, one, number in zip(ids, told, range(first, first + count), strict=True)
        for token in (*_name_keys(one["name"]), *_contact_keys(number, key))
    ]
    add_search_tokens(_table(tokens, "customer_id", "token"))
    return ids


def _named(rng: np.random.Generator) -> tuple[str, str, bool]:
    """(family name, given name, whether Chinese)."""
    if rng.random() < 0.5:
        signs = rng.integers(0, len(GIVEN_SIGNS), 1 + (rng.random() < 0.7))
        return SURNAMES[_skewed(rng, len(SURNAMES))], "".join(GIVEN_SIGNS[n] for n in signs), True
    given = GIVEN_NAMES[rng.integers(0, len(GIVEN_NAMES))]
    middle = f" {GIVEN_NAMES[rng.integers(0, len(GIVEN_NAMES))]}" if rng.random() < 0.3 else ""
    return FAMILY_NAMES[_skewed(rng, len(FAMILY_NAMES))], given + middle, False


def _skewed(rng: np.random.Generator, size: int) -> int:
    """The first names of the list are some thirty times as frequent as the last."""
    return int(size * (1 - rng.power(1.6)))


def _told(family: str, given: str, chinese: bool, number: int) -> dict[str, Any]:
    place = (CHINESE_PLACES if chinese else WESTERN_PLACES)[number % 8]
    return {
        "ref": f"M{number:07d}", "first_seen_on": date(2020 + number % 5, 1 + number % 12, 1 + number % 28),
        "name": f"{family}{given}" if chinese else f"{given} {family}", "given_name": given, "family_name": family,
        "name_sort": sort_key(family, given), "honorific": "", "sex": ("female", "male")[number % 2],
        "birth_on": date(1940 + number % 65, 1 + number % 12, 1 + number % 28), "city": place.city,
        "region": place.region, "country": place.country, "postcode": place.postcode, "timezone": place.timezone,
        "jurisdiction": place.jurisdiction, "language": "zh-hans" if chinese else "en",
    }  # fmt: skip


def phone_of(number: int) -> str:
    """The phone of the person of that number; nobody's, see rules/identity/inventing."""
    return f"+86100{number:08d}"


def _ways(number: int) -> list[tuple[str, str]]:
    return [("phone", phone_of(number)), ("email", f"n{number}@example.com")]


def _contact_keys(number: int, key: bytes) -> list[str]:
    return [keyed("phone", phone_of(number), key), keyed("email", f"n{number}@example.com", key)]


@cache
def _name_keys(name: str) -> tuple[str, ...]:
    return tuple(name_tokens(name))


def _orders(
    rng: np.random.Generator, number: int, ids: np.ndarray, source: int, branches: np.ndarray, products: np.ndarray
) -> None:
    """Orders of these customers over two years; a few customers have many, some none."""
    from regulars.records.orders.actions import LINE, add_new_lines, recount

    orders = len(ids) * ORDERS_EACH
    buyers = ids[(len(ids) * rng.power(1.5, orders)).astype(np.int64)]
    first, last = (month.astype("M8[s]").astype(np.int64) for month in (FIRST_MONTH, FIRST_MONTH + MONTHS))
    moments = rng.integers(first, last, orders) * 1_000_000
    keys = np.arange(orders, dtype=np.int64) + number * 10_000_000 + 1
    each = np.repeat(np.arange(orders), LINES_AN_ORDER)
    many = len(each)
    line_keys = pa.array([uuid.UUID(int=number * 10_000_000_000 + n + 1).bytes for n in range(many)], pa.binary(16))
    columns = [
        line_keys, pa.array(moments[each], pa.int64()).cast(pa.timestamp("us", "UTC")), buyers[each],
        np.full(many, source), [f"R{key}" for key in keys[each]], keys[each], rng.choice(products, many),
        rng.choice(branches, orders)[each], np.full(many, 1000), rng.integers(500, 20_000, many),
        np.zeros(many, np.int64), ["CNY"] * many, pa.nulls(many, pa.string()), np.full(many, 1),
    ]  # fmt: skip
    add_new_lines(pa.table([pa.array(column) for column in columns], names=LINE.names).cast(LINE))
    recount(np.unique(buyers))


def _more() -> None:
    from django.db import connection, transaction

    from regulars.records.campaigns.models import Campaign
    from regulars.records.segments.models import Segment

    with transaction.atomic(), connection.cursor() as cursor:
        Campaign.objects.create(
            key="autumn", name="Autumn", name_zh="秋季", channel="email", reason="care",
            segment=Segment.objects.first(), threshold=0.01, expected_response=0.02, currency="CNY", state="finished",
            owner="bench", made_at=AT - timedelta(days=60),
        )  # fmt: skip
        for statement in MORE:
            cursor.execute(statement, {"at": AT})


def _table(rows: list[tuple[Any, ...]], *names: str) -> pa.Table:
    return pa.table(list(zip(*rows, strict=True)), names=list(names))


def _tell(step: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {step}", flush=True)


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1].replace("_", "")))
