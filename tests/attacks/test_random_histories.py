"""Whatever happens, every view shows the rows and cells an oracle says: the house's, limited ones, and partners'."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as house_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.rows import dict_row

from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.partners import end_partner_login
from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.check_ledger import ledger_findings
from regulars.journeys.disclose import NewContract, name_partner, sign_contract
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login
from regulars.journeys.keep_own_attributes import Classing, add_own_attribute, class_own_attribute
from regulars.journeys.merge_customers import merge_customers, unmerge_customers
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.choices.models import ChoiceEntry
from regulars.records.choices.subjects import name_subject
from regulars.records.company.access import forget_company
from regulars.records.company.models import Company
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import AnonymousKey, Customer
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.actions import keep_pseudonyms
from regulars.records.disclosures.models import Partner as PartnerRow
from regulars.records.orders.models import CustomerActivity, OrderLine, Product
from regulars.records.own_attributes.models import OwnAttribute as OwnAttributeRow
from regulars.records.own_attributes.models import OwnValue
from regulars.records.scores.models import Score
from regulars.rules.permission.choices import CHANNELS, JURISDICTIONS, PURPOSES, VALUES, Choice, what_holds
from regulars.rules.privacy.compiler import login_role
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.views import VIEWS, View, Within, limited
from tests.attacks.conftest import Attacker, LogIn
from tests.attacks.oracle import DISCLOSURE, Partner, Person, World, is_in
from tests.cast import DORA, EMIL, MIA, NOON, STEN, customer
from tests.story import Shop, order, shop

pytestmark = pytest.mark.usefixtures("house")

TODAY = NOON.date()
LATER = TODAY + timedelta(days=5)
TABLES = {
    table.name: table
    for table in DICTIONARY
    if table.name in ("customer", "contact_point", "order_line", "customer_activity", "score", "choice_entry",
                      "choice_exception", "own_value", "product", "branch")
}  # fmt: skip
BRANDS = ("Leaf", "O'Linen")
SHOE = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码")
SIZED = Classing("personal", "user.demographic", frozenset({"service", "analysis"}), coarser="rounded")

#: What a contract may name, and how the partner is shown it. A moment is never finer than its day.
COARSELY = {
    "customer": {"birth_on": "decade", "city": "keep", "told_at": "day", "first_seen_on": "month"},
    "order_line": {"ordered_at": "day", "amount_minor": "rounded", "product_id": "keep"},
    "customer_activity": {"amount_minor": "band", "last_at": "day"},
    "contact_point": {"channel": "keep"},
}
EXACTLY = {
    "customer": {"name": "keep", "birth_on": "year", "postcode": "prefix", "told_at": "day"},
    "order_line": {"ordered_at": "day", "amount_minor": "keep"},
    "score": {"monetary_minor": "keep", "first_on": "keep"},
}

# --- what happens

WHO = st.integers(min_value=0, max_value=4)
CENTS = st.integers(min_value=-100_000, max_value=10_000_000)
#: A child in China, in Europe and elsewhere who comes of age, or does not, by the later of the two days.
BORN = st.sampled_from((None, date(1988, 4, 2), date(2012, 3, 15), date(2010, 3, 15)))
HOMES = st.sampled_from(("lake", "hill", None))
PERSON = st.tuples(st.sampled_from((*JURISDICTIONS, "ZZ")), BORN, HOMES, CENTS)
WHOLE = ("", "")
EXCEPT = st.sampled_from((("tea", ""), ("", "recipes"), ("tea", "recipes")))
ABOUT = st.one_of(
    st.tuples(st.sampled_from(PURPOSES), st.just(""), st.just(WHOLE)),
    st.tuples(st.just("direct_marketing"), st.sampled_from(CHANNELS), st.just(WHOLE)),
)
MINUTES = st.integers(min_value=0, max_value=3)
SAYS = st.tuples(st.just("says"), WHO, ABOUT, st.sampled_from(VALUES), MINUTES, st.booleans())
EXCEPTS = st.tuples(
    st.just("says"), WHO, st.tuples(st.just(DISCLOSURE), st.just(""), EXCEPT), st.sampled_from(("denied", "granted")),
    MINUTES, st.booleans(),
)  # fmt: skip
BUYS = st.tuples(st.just("buys"), WHO, st.sampled_from(BRANDS), CENTS, st.integers(min_value=0, max_value=2000))
STEP = st.one_of(
    SAYS,
    EXCEPTS,
    BUYS,
    st.tuples(st.just("moves"), WHO, HOMES),
    st.tuples(st.just("is opened"), WHO, st.sampled_from(("assigned", "opening"))),
    st.tuples(st.just("is erased"), WHO),
    st.tuples(st.just("is merged"), WHO, WHO),
    st.tuples(st.just("are two again"), WHO),
    st.tuples(st.just("night")),
    st.tuples(st.just("day"), st.sampled_from((TODAY, LATER))),
)
#: What chance seldom brings together: everybody there is somewhere seen and somewhere not, for one reason each.
GROWN_UP = [("CN", None, "lake", 98_765), ("EU", date(1988, 4, 2), "hill", -350), ("none", None, None, 7)]
FIVE = [*GROWN_UP, ("CN", date(2012, 3, 15), "lake", 5_000), ("US-CA", date(2010, 3, 15), "hill", 49)]
BUSY = [
    *(("buys", who, brand, 12_345, 61) for who in (0, 1) for brand in BRANDS), ("buys", 2, "Leaf", -98_765, 1_441),
    ("says", 0, (DISCLOSURE, "", ("tea", "")), "denied", 1, False),
    ("says", 1, (DISCLOSURE, "", ("", "recipes")), "denied", 1, False),
    ("says", 2, (DISCLOSURE, "", ("tea", "recipes")), "denied", 1, False),
    ("is opened", 1, "assigned"), ("is opened", 2, "opening"), ("moves", 2, "lake"),
]  # fmt: skip
#: Two of them are the same as others, one by way of another.
ONE = [("is merged", 0, 1), ("is merged", 1, 2), ("is merged", 3, 4)]
CLOCKS = st.sampled_from(("UTC", "Asia/Shanghai", "America/New_York", "<x>+14:37"))


@dataclass(frozen=True)
class Look:
    """A login and what it looks through."""

    connection: Attacker
    through: View | Partner


@dataclass(frozen=True)
class Stage:
    """The shop, who looks at it, its partners, and the number of its own attribute."""

    at: Shop
    looks: tuple[Look, ...]
    partners: tuple[Partner, ...]
    shoe: int


@pytest.fixture
def stage(log_in: LogIn, administrator_connection: Connection) -> Iterator[Stage]:
    """All logins of the house, five that are limited, and three partners; nobody is a customer yet."""
    at = shop()
    Company.objects.update(timezone="UTC")
    opens_the_months(at)
    add_own_attribute(SHOE, by=STEN, at=NOON)
    class_own_attribute(SHOE.key, SIZED, by=EMIL, at=NOON)
    for kind, key in (("brand", "tea"), ("topic", "recipes")):
        name_subject(kind, key, name=key.title(), by=EMIL, at=NOON)
    partners = (
        signed("acme", COARSELY),
        signed("zenith", EXACTLY, until=TODAY, brand="tea"),
        signed("mill", COARSELY, brand="tea", topic="recipes"),
    )
    looks = [Look(log_in(login_role(view)), view) for view in VIEWS]
    looks += [limited_look(log_in, name, base, within) for name, base, within in limits(at)]
    looks += [Look(log_in(f"regulars_partner_{one.key}"), one) for one in partners]
    yield Stage(at, tuple(looks), partners, OwnAttributeRow.objects.get().id)
    for name, _, _ in limits(at):
        revoke_sql_login(f"bi_{name}", by=EMIL, at=NOON)
    with psycopg.connect(**administrator(house_settings.HOME, os.environ), autocommit=True) as connection:
        for one in partners:
            names = {"login": f"regulars_partner_{one.key}", "owner": f"regulars_view_partner_{one.key}"}
            connection.execute(f"DROP POLICY IF EXISTS view_partner_{one.key} ON vault.customer")
            end_partner_login(connection, schema=f"partner_{one.key}", **names)


def limits(at: Shop) -> tuple[tuple[str, str, Within], ...]:
    """(name, view, its bounds) of analysts who see a part."""
    return (
        ("lake", "standard", Within(branches=(at.lake,))),
        ("both", "standard", Within(branches=(at.lake, at.hill))),
        ("linen", "standard", Within(brands=("O'Linen",))),
        ("tea", "standard", Within(branches=(at.hill,), brands=BRANDS)),
        ("nobody", "anonymous", Within(branches=(at.lake,), brands=("Leaf",))),
    )


def limited_look(log_in: LogIn, name: str, base: str, within: Within) -> Look:
    login = give_sql_login(name, view=base, within=within, by=EMIL, at=NOON)
    return Look(log_in(login.role_name, password=login.password), limited(base, login.role_name, within))


def signed(
    key: str, shown: dict[str, dict[str, str]], until: date = LATER, brand: str = "", topic: str = ""
) -> Partner:
    """A partner whose contract names all of that."""
    exactly = ":exact" if shown is EXACTLY else ""
    fields = [f"{table}.{column}{exactly}" for table, columns in shown.items() for column in columns]
    name_partner(key, name=key.title(), by=EMIL, at=NOON)
    new = NewContract(
        ref="1", purpose="study", promises="none", fields=fields, valid_from=TODAY, valid_until=until, brand=brand,
        topic=topic,
    )  # fmt: skip
    sign_contract(key, new, by=EMIL, at=NOON)
    secret = house_settings.KEYS.read(f"partner_{key}")
    return Partner(PartnerRow.objects.get(key=key).id, key, secret, until, shown, brand, topic)


def opens_the_months(at: Shop) -> None:
    """The articles are there, and the month of their orders."""
    first = customer("First Buyer")
    order(first, NOON, [(brand, 1) for brand in BRANDS], branch=at.lake, source=at.source, ref="B-1")
    for brand in BRANDS:
        Product.objects.filter(name=brand).update(brand=brand)


# --- the histories


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(people=FIVE, steps=BUSY, clock="<x>+14:37")
@example(people=FIVE, steps=[*BUSY, ("is erased", 0), ("day", LATER)], clock="UTC")
@example(people=FIVE, steps=[*BUSY, *ONE], clock="UTC")
@example(people=FIVE, steps=[*BUSY, *ONE, ("night",), ("are two again", 1), ("are two again", 0)], clock="UTC")
@example(people=FIVE, steps=[*BUSY, *ONE, ("night",), ("is erased", 2)], clock="UTC")
@given(people=st.lists(PERSON, min_size=1, max_size=4), steps=st.lists(STEP, min_size=4, max_size=25), clock=CLOCKS)
def test_the_rows_and_cells_of_every_view_equal_the_oracles(
    stage: Stage, administrator_connection: Connection, people: list[Any], steps: list[Any], clock: str
) -> None:
    """People say, buy, move, are opened, come of age, are merged, two again and erased in any order; laws and sessions'
    clocks differ."""
    empty(administrator_connection)
    world = World(TODAY, [lives(stage, *person) for person in people], {})
    begin = [("day", TODAY), *(yes(who, purpose) for who in range(len(people)) for purpose in PURPOSES), ("night",)]
    for what, *more in [*begin, *steps]:
        HAPPENS[what](stage, world, *more)
    world.vault = {name: rows_in_the_vault(administrator_connection, name) for name in (*TABLES, "own_shown")}
    assert not list(ledger_findings(administrator_connection, {}))
    for look in stage.looks:
        look.connection.execute("SELECT set_config('TimeZone', %s, false)", [clock])
        compare(look, world)


def test_the_house_is_as_it_should_be_with_all_of_them(stage: Stage, administrator_connection: Connection) -> None:
    assert check_house(administrator_connection).findings == ()


def yes(who: int, purpose: str) -> tuple[Any, ...]:
    """All begin with a yes to everything: what closes it again is tried on somebody who is there."""
    return "says", who, (purpose, "", WHOLE), "granted", 0, True


def compare(look: Look, world: World) -> None:
    """Every row of every table, cell by cell; where keys and names change, in their order."""
    for table in TABLES.values():
        if isinstance(look.through, Partner):
            if table.name in look.through.shown:
                names = ["person", *look.through.shown[table.name]]
                shown = rows_shown(look.connection, table.name, names)
                assert Counter(shown) == world.told(look.through, table), f"{look.through.key}.{table.name}"
                assert [row[0] for row in shown] == sorted(row[0] for row in shown)
        elif is_in(look.through, table):
            shown = rows_shown(look.connection, table.name, [column.name for column in table.columns])
            assert Counter(shown) == world.through(look.through, table), f"{look.through.name}.{table.name}"


def rows_shown(connection: Attacker, table: str, names: list[str]) -> list[tuple[Any, ...]]:
    question = sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table)
    )
    return connection.execute(question).fetchall()


def rows_in_the_vault(connection: Connection, table: str) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql.SQL("SELECT * FROM vault.{}").format(sql.Identifier(table))).fetchall()


def empty(connection: Connection) -> None:
    """Nobody is there; the fixture empties only once for all examples."""
    connection.execute("SET session_replication_role = replica")
    for table in EMPTIED:
        connection.execute(sql.SQL("DELETE FROM vault.{}").format(sql.Identifier(table)))
    connection.execute("RESET session_replication_role")


EMPTIED = (
    "access_entry", "anonymous_key", "contact_point", "choice_entry", "choice_exception", "customer_activity",
    "own_value", "order_line", "score", "partner_pseudonym", "customer_key", "erasure", "suppression", "merge",
    "merged_rows", "former_number", "field_said", "own_value_said", "newly_marked", "recognition_mark", "search_token",
    "customer",
)  # fmt: skip


def lives(stage: Stage, jurisdiction: str, born: date | None, home: str | None, cents: int) -> Person:
    """Somebody in the vault with something in every table."""
    branch = {"lake": stage.at.lake, "hill": stage.at.hill, None: None}[home]
    who = customer(
        "Some Body", email="somebody@example.com", phone="+15550100001", jurisdiction=jurisdiction, birth_on=born,
        home_branch_id=branch, city="Paris", postcode="75001", told_at=NOON, allergies="wool", income_band="50-74K",
    )  # fmt: skip
    CustomerActivity.objects.create(
        customer=who, first_at=NOON, last_at=NOON, orders=1, lines=1, amount_minor=cents, currency="EUR"
    )
    OwnValue.objects.create(customer=who, attribute_id=stage.shoe, amount=cents, noted_at=NOON)
    Score.objects.create(
        customer=who, as_of=TODAY, recency_days=29, frequency=23, monetary_minor=cents, r=5, f=4, m=4,
        rfm_group="champions", first_on=TODAY, last_on=TODAY, rhythm_days=31.2, due_on=TODAY, grace_until=TODAY,
        state="inside",
    )  # fmt: skip
    return Person(who.id, who.number, jurisdiction, born, branch)


def one_of(world: World, who: int) -> Person:
    return world.people[who % len(world.people)]


def says(stage: Stage, world: World, who: int, about: Any, value: str, minutes: int, by_guardian: bool) -> None:
    one, (purpose, channel, (brand, topic)) = one_of(world, who), about
    if one.into:
        return
    at = NOON + timedelta(minutes=minutes)
    told = {"purpose": purpose, "channel": channel, "value": value, "at": at, "brand": brand, "topic": topic}
    made = ChoiceEntry.objects.create(customer_id=one.id, by="x", source="x", by_guardian=by_guardian, **told)
    one.said.append(Choice(id=made.id, by_guardian=by_guardian, **told))


def buys(stage: Stage, world: World, who: int, brand: str, cents: int, minutes: int) -> None:
    one, product = one_of(world, who), Product.objects.get(brand=brand)
    if one.into:
        return
    OrderLine.objects.create(
        line_key=uuid4(), ordered_at=NOON - timedelta(minutes=minutes), customer_id=one.id, source_id=stage.at.source,
        order_ref="B-7", order_key=7, product=product, branch_id=stage.at.hill, quantity_milli=1000, amount_minor=cents,
        currency="EUR",
    )  # fmt: skip
    one.brands.add(brand)


def moves(stage: Stage, world: World, who: int, home: str | None) -> None:
    one = one_of(world, who)
    if one.into:
        return
    one.home = {"lake": stage.at.lake, "hill": stage.at.hill, None: None}[home]
    Customer.objects.filter(id=one.id).update(home_branch_id=one.home)


def is_opened(stage: Stage, world: World, who: int, view: str) -> None:
    """Through the door that view goes by; another door, another view and a refusal open nobody."""
    one, door = one_of(world, who), {"assigned": "open_customer", "opening": "open_contact"}[view]
    told: dict[str, Any] = {"because": "x", "rows": 0, "customer_id": one.id}
    note_access(replace(DORA, view=view), door=door, **told)
    one.opened.add(view)
    for other in world.people:
        note_denial(replace(DORA, view=view), door=door, because="x", customer_id=other.id)
        note_access(replace(DORA, view=view), door="another", **told | {"customer_id": other.id})
        note_access(MIA, door=door, **told | {"customer_id": other.id})


def is_erased(stage: Stage, world: World, who: int) -> None:
    one = one_of(world, who)
    if not one.gone:
        erase_customer(one.number, by=EMIL, because="she asked", reference="E-1", at=NOON)
        for part in parts_of(one, world):
            part.erased, part.key = True, None


def parts_of(one: Person, world: World) -> Iterator[Person]:
    """She, and all who were merged into her, and into them."""
    yield one
    for other in world.people:
        if other.into is one:
            yield from parts_of(other, world)


def is_merged(stage: Stage, world: World, who: int, into: int) -> None:
    goes, stays = one_of(world, who), one_of(world, into)
    if goes is not stays and not (goes.gone or stays.gone):
        merge_customers(goes.number, stays.number, by=STEN, because="the same", at=NOON)
        goes.into, goes.key = stays, None
        told_anew(goes), told_anew(stays)


def are_two_again(stage: Stage, world: World, who: int) -> None:
    one, stays = one_of(world, who), one_of(world, who).into
    if stays and not stays.gone:
        unmerge_customers(one.number, by=STEN, because="two people", at=NOON)
        one.into = None
        told_anew(one), told_anew(stays)


def told_anew(one: Person) -> None:
    """Which word of two stands, and whose lines are whose, is told elsewhere (tests/journeys/test_merge_customers)."""
    now = Customer.objects.get(id=one.id)
    one.jurisdiction, one.birth_on, one.home = now.jurisdiction, now.birth_on, now.home_branch_id
    names = [field.name for field in fields(Choice)]
    one.said = [Choice(**row) for row in ChoiceEntry.objects.filter(customer_id=one.id).values(*names)]
    one.brands = set(OrderLine.objects.filter(customer_id=one.id).values_list("product__brand", flat=True))


def night(stage: Stage, world: World) -> None:
    """New keys for everybody, and names with each partner for those who let her data go."""
    renew_anonymous_keys()
    keys = dict(AnonymousKey.objects.values_list("customer_id", "key"))
    for one in world.people:
        one.key = keys.get(one.id)
        assert (one.key is None) == one.gone
    for partner in stage.partners:
        keep_pseudonyms(partner.id, partner.secret)
        for one in world.people:
            if not one.gone and what_holds(one.said, one.jurisdiction, one.youth(world.on))["allows_disclosure"]:
                one.names.add(partner.key)


def day(stage: Stage, world: World, on: date) -> None:
    world.on = on
    Company.objects.update(business_on=on)
    forget_company()


HAPPENS: dict[str, Callable[..., None]] = {
    "says": says, "buys": buys, "moves": moves, "is opened": is_opened, "is erased": is_erased,
    "is merged": is_merged, "are two again": are_two_again, "night": night, "day": day,
}  # fmt: skip
