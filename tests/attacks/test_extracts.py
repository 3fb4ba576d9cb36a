"""A partner that holds anonymous extracts of the demonstration's households, and a public list with everybody's name:
cases 16–18 for rows. What it knows beside them is more than it could: who said yes, and who is where on which day."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connections

from regulars.connections.keys.key_file import KeyFileError
from regulars.journeys.canaries import plant_canary
from regulars.journeys.disclose import NewContract, release, sign_contract, stop_contract
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.release_extract import (
    NewExtract,
    declare_extract,
    end_extract,
    preview_extract,
    release_extract,
)
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.inventing import Invented
from regulars.records.customers.models import Customer
from regulars.records.disclosures.access import releases
from regulars.records.disclosures.models import DisclosureContract, ReleasedPerson
from regulars.records.scores.models import Score
from regulars.records.statistics.extract_access import extracts, files_kept
from regulars.records.statistics.models import CountedPerson, ExtractAnswer
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, MIA, NOON, STEN, keep_sealed
from tests.extracts import (
    BORN,
    CITY,
    GROUP,
    SEX,
    Got,
    Row,
    allow,
    extracts_for,
    grouped,
    hands_out,
    households_move_in,
    public_list,
)
from tests.figures import TODAY, asks, counts, crowd, lets_figures_leave, open_house, withdraws

pytestmark = pytest.mark.usefixtures("partners_house")


@pytest.fixture
def partners_house(house: None) -> None:
    """The company stands, and Acme may have what is about nobody."""
    open_house()
    lets_figures_leave()


def town(*, lyon: int = 40, nice: int = 30) -> list[Customer]:
    """Two cities, each with its share of gold and tin; Lyon first."""
    made = crowd(lyon, city="Lyon") + crowd(nice, city="Nice")
    grouped({who: ("gold", "tin", "tin")[n % 3] for n, who in enumerate(made)})
    return made


def test_16_joined_with_a_public_list_every_row_is_of_ten_people() -> None:
    """By the list alone, and by who of it said yes: whoever is looked up finds ten rows at least, or none."""
    everybody = households_move_in()
    extracts_for(BORN, CITY, SEX, confidential=GROUP)
    got = hands_out()
    assert len(got.classes) > 20
    said_yes = list(Customer.objects.filter(allows_disclosure=True))
    listed, granted = (Counter(says for _, says in public_list(got, some)) for some in (everybody, said_yes))
    for says, rows in got.classes.items():
        assert listed[says] >= granted[says] == rows.total() >= 10
    assert {got.classes.get(says, Counter()).total() >= 10 for _, says in public_list(got, said_yes)} <= {True, False}
    assert len(said_yes) * 98 // 100 <= len(got.rows) < len(said_yes) + 1


def test_16_no_cell_is_finer_than_the_dictionary_lets_it_leave() -> None:
    """No birth date, no year; and nobody who is asked for as she is in the vault is found so."""
    households_move_in()
    extracts_for(BORN, CITY, SEX, confidential=GROUP)
    got = hands_out()
    assert got.manifest["coarse_as"][got.columns.index("birth_on")] in ("decade", "twenty_years", "all")
    cells = {cell for row in got.rows for cell in row}
    for who in Customer.objects.all():
        assert {who.number, who.name, str(who.birth_on), str(who.id)}.isdisjoint(cells)


def test_16_fewer_people_than_that_get_no_file_at_all() -> None:
    crowd(9)
    extracts_for(CITY)
    with pytest.raises(BadInput, match="extract_impossible"):
        hands_out()


def test_17_a_class_that_is_all_alike_is_suppressed() -> None:
    """All of Metz are gold. Whoever knows that somebody lives there does not learn it: no row is of Metz."""
    town(lyon=500, nice=500)
    grouped(dict.fromkeys(crowd(15, city="Metz"), "gold"))
    extracts_for(CITY, confidential=GROUP)
    got = hands_out()
    assert got.manifest["coarse_as"] == ["city"]
    assert set(got.classes) == {("? / ? / Lyon",), ("? / ? / Nice",)}
    seen = preview_extract("acme", by=EMIL, at=NOON)
    assert [(one.people, one.values, one.state) for one in seen.classes if "Metz" in one.says[0]] == [
        (15, 1, "left_out")
    ]


def test_17_where_too_many_rows_would_go_the_city_itself_goes() -> None:
    """Not two in a hundred but a third live there: columns become coarser until Metz is among others."""
    town()
    grouped(dict.fromkeys(crowd(35, city="Metz"), "gold"))
    extracts_for(CITY, confidential=GROUP)
    assert list(hands_out().classes) == [("(unknown)",)]  # of a country nobody wrote down, as all of them


def test_17_a_class_of_which_nearly_all_are_alike_is_suppressed() -> None:
    """Nine in ten of Metz are gold where a third are elsewhere: that they are two kinds is not enough."""
    town(lyon=900, nice=900)
    grouped({who: "tin" if n < 2 else "gold" for n, who in enumerate(crowd(20, city="Metz"))})
    extracts_for(CITY, confidential=GROUP)
    assert {says[0][-4:] for says in hands_out().classes} == {"Lyon", "Nice"}


def test_17_in_the_demonstration_no_class_tells_anybodys_group() -> None:
    households_move_in()
    extracts_for(BORN, CITY, SEX, confidential=GROUP, variety=3)
    for values in hands_out().classes.values():
        assert len(values) >= 3


def test_17_a_value_few_people_have_is_told_of_nobody() -> None:
    """Three are platinum in the whole town, and everybody knows which three."""
    people = town()
    grouped(dict.fromkeys(people[:3], "platinum"))
    extracts_for(CITY, confidential=GROUP)
    assert {value for values in hands_out().classes.values() for value in values} == {"gold", "tin", "(other)"}


def test_17_one_who_knows_a_confidential_value_finds_no_other_beside_it() -> None:
    """Her husband knows what she spends. There is no second confidential column he could read in her row."""
    town()
    with pytest.raises(BadInput, match="extract_known_to_nobody"):
        extracts_for(CITY, GROUP, confidential="customer_activity.amount_minor")


CHANGES: dict[str, Callable[[Customer, Customer], Any]] = {
    "withdraws": lambda ann, una: withdraws(ann),
    "is erased": lambda ann, una: erase_customer(ann.number, because="her wish", reference="T-1", by=EMIL, at=NOON),
    "is new": lambda ann, una: grouped(dict.fromkeys(crowd(1, city="Lyon"), "gold")),
    "grants it": lambda ann, una: allow([(una, "granted")]),
    "moves": lambda ann, una: Customer.objects.filter(id=ann.id).update(city="Nice"),
    "buys": lambda ann, una: Score.objects.filter(customer=ann).update(rfm_group="tin"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_18_a_second_extract_around_one_person_is_withheld(what: str) -> None:
    [ann, *_] = town()
    [una] = crowd(1, city="Lyon", choice="")
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    CHANGES[what](ann, una)
    with pytest.raises(BadInput, match="extract_moved_by_too_few"):
        hands_out()
    assert ExtractAnswer.objects.count() == 1
    assert len(releases(by=EMIL)) == 1


@pytest.mark.parametrize("what", [*CHANGES, "nothing"])
def test_18_whether_little_happened_to_a_class_or_nothing_the_next_file_is_the_same(what: str) -> None:
    """Twelve leave Nice, so there is a file. Of Lyon it has no row; who knows that Ann opted out learns nothing."""
    [ann, *others] = town()
    [una] = crowd(1, city="Lyon", choice="")
    extracts_for(CITY, confidential=GROUP)
    first = hands_out()
    _leave(others[-12:])
    if what not in ("nothing", "moves"):
        CHANGES[what](ann, una)
    got = hands_out()
    assert set(got.classes) == {("? / ? / Nice",)}
    assert got.rows == [("? / ? / Nice", "gold")] * 6 + [("? / ? / Nice", "tin")] * 12
    assert first.classes["? / ? / Lyon",].total() == 40
    assert (got.manifest["smallest_class"], got.manifest["average_class"]) == (18, 18)


def test_18_somebody_who_moved_holds_both_cities_back() -> None:
    """Twelve leave Nice and twelve leave Lyon. Ann went from the one to the other: in both files she would be alone."""
    people = town()
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    _leave(people[1:13]), _leave(people[-12:])
    Customer.objects.filter(id=people[0].id).update(city="Nice")
    assert set(hands_out().classes) == {("? / ? / Lyon",)}  # there she is one of thirteen who left


def test_18_the_twelve_who_left_must_not_be_alike() -> None:
    """All of them gold: who knows one of them would know it of her."""
    people = town(lyon=60)
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    _leave(people[0:36:3])
    with pytest.raises(BadInput, match="extract_moved_by_too_few"):
        hands_out()


def test_18_intersecting_and_subtracting_extracts_leaves_ten_people_who_differ() -> None:
    """Three months of the demonstration: people leave, come, move and buy. The attacker knows who is in which class on
    which day, lays all files side by side, and cuts them with each other in every way."""
    people = households_move_in()
    extracts_for(CITY, confidential=GROUP)
    held: list[dict[int, tuple[Row, str]]] = [_known(hands_out())]
    for month in range(1, 4):
        _live_on(people, month)
        held.append(_known(hands_out()))
    assert all(held)
    atoms: dict[tuple[Any, ...], list[int]] = {}
    for who in {one for file in held for one in file}:
        atoms.setdefault(tuple(file[who][0] if who in file else None for file in held), []).append(who)
    assert len(atoms) > len({says for file in held for says, _ in file.values()})
    for atom in atoms.values():
        assert len(atom) >= 10
        assert all(len({file[who][1] for who in atom if who in file}) != 1 for file in held)


def _known(got: Got) -> dict[int, tuple[Row, str]]:
    """Who is in a file, in which class, with which value, as the attacker knows of everybody who said yes."""
    said_yes = Customer.objects.filter(allows_disclosure=True, erased_at__isnull=True)
    group = dict(Score.objects.values_list("customer_id", "rfm_group"))
    found = {
        who.id: (says, group.get(who.id, "(unknown)"))
        for who, says in public_list(got, said_yes)
        if says in got.classes
    }
    assert len(found) == len(got.rows)
    return found


def _live_on(people: list[Customer], month: int) -> None:
    """A sixth of them close disclosure; many of one city move to another, a few of all elsewhere; some spend more."""
    _leave(people[month::6])
    cities = sorted({one.city for one in people})
    from_here, there = ([one for one in people if one.city == name] for name in cities[month : month + 2])
    for one in [*from_here[::3], *people[month::600]]:
        way = {"city": there[0].city, "region": there[0].region, "country": there[0].country}
        Customer.objects.filter(id=one.id).update(**way)
    grouped(dict.fromkeys([one for one in people if one.city == cities[-month]][::4], ("250K+", "50-74K")[month % 2]))


def _leave(people: list[Customer]) -> None:
    allow((one, "denied") for one in people)


def test_18_whoever_closed_disclosure_is_in_no_later_row() -> None:
    people = town()
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    _leave(people[:12])
    assert hands_out().classes == {("? / ? / Lyon",): Counter({"tin": 18, "gold": 10})}


def test_18_when_everybody_has_left_there_is_no_file() -> None:
    people = town()
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    _leave(people)
    with pytest.raises(BadInput, match="extract_moved_by_too_few"):
        hands_out()


def test_18_another_extract_is_never_laid_beside_the_first() -> None:
    """Not while one stands, nor when it was ended: other columns would cut its classes into smaller ones."""
    town()
    extracts_for(CITY, confidential=GROUP)
    with pytest.raises(BadInput, match="extract_is_fixed"):
        extracts_for(BORN)
    end_extract("acme", because="mistyped", by=EMIL, at=NOON)
    extracts_for(CITY, BORN, confidential=GROUP)
    hands_out()
    end_extract("acme", because="over", by=EMIL, at=NOON)
    with pytest.raises(BadInput, match="extract_is_fixed"):
        extracts_for(CITY)


def test_18_the_rungs_of_the_first_file_are_those_of_every_later_one() -> None:
    """A later town could be told by city; it is told as the first was: two ways to cut are one too many."""
    town(lyon=6, nice=30)
    extracts_for(CITY, confidential=GROUP)
    first = hands_out().manifest["coarse_as"]
    assert first != ["city"]
    grouped({who: ("gold", "tin")[n % 2] for n, who in enumerate(crowd(60, city="Lyon"))})
    assert hands_out().manifest["coarse_as"] == first


def test_21_the_order_of_the_rows_says_nothing() -> None:
    """They stand sorted by what they say; there is no number and no place of anybody."""
    town()
    extracts_for(CITY, confidential=GROUP)
    got = hands_out()
    assert got.rows == sorted(got.rows)
    assert got.columns == ["city", "rfm_group"]


def test_43_who_said_no_or_nothing_is_in_no_row() -> None:
    town()
    grouped(dict.fromkeys(crowd(20, city="Metz", choice="denied") + crowd(20, city="Nice", choice=""), "gold"))
    extracts_for(CITY, confidential=GROUP)
    assert {says: values.total() for says, values in hands_out().classes.items()} == {
        ("? / ? / Lyon",): 40, ("? / ? / Nice",): 30,
    }  # fmt: skip


def test_51_an_invented_customer_is_in_no_row() -> None:
    """Nor is a row marked: a mark would say which copy, and so more than the rows do."""
    town()
    plant_canary(Invented("Nadja Winter", email="nadja@example.com"), note="", by=EMIL, at=NOON)
    allow((one, "granted") for one in Customer.objects.filter(invented=True))
    extracts_for(CITY, confidential=GROUP)
    assert len(hands_out().rows) == 70


NEVER = (
    "customer.name", "customer.allergies", "customer.id_document", "customer.id", "customer.number",
    "customer.income_band", "customer.household_size", "customer.postcode", "contact_point.value",
    "order_line.amount_minor", "customer.birth_on:year", "nonsense", "customer.city; DROP TABLE customer",
)  # fmt: skip


@pytest.mark.parametrize("column", NEVER)
def test_what_never_leaves_is_in_no_extract(column: str) -> None:
    """Neither as known outside nor as confidential."""
    with pytest.raises(BadInput):
        extracts_for(column)
    with pytest.raises(BadInput):
        extracts_for(CITY, confidential=column)


def test_rows_figures_and_extracts_never_go_to_the_same_partner() -> None:
    """Whoever has two of them lays them side by side."""
    town()
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    with pytest.raises(BadInput, match="extract_left_already"):
        counts(CITY)
    stop_contract("acme", because="over", by=EMIL, at=NOON)
    rows = NewContract("D-8", "study", [CITY], "none", TODAY, TODAY + timedelta(days=9))
    with pytest.raises(BadInput, match="extract_left_already"):
        sign_contract("acme", rows, by=EMIL, at=NOON)
    lets_figures_leave("zenith")
    asks(counts(CITY, key="zenith"), "zenith")
    with pytest.raises(BadInput, match="figures_beside_extract"):
        extracts_for(CITY, key="zenith")
    DisclosureContract.objects.filter(partner__key="acme").update(fields=[CITY], stopped_at=None)
    with pytest.raises(BadInput, match="rows_may_leave"):
        hands_out()


def test_figures_declared_before_an_extract_left_are_told_no_more() -> None:
    town()
    cube = counts(CITY)
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    with pytest.raises(BadInput, match="extract_left_already"):
        asks(cube)


def test_extracts_are_the_officers_and_want_a_contract() -> None:
    town()
    extracts_for(CITY, confidential=GROUP)
    for by in (DORA, MIA, STEN):
        for act in (
            lambda by=by: release_extract("acme", because="x", by=by, at=NOON),
            lambda by=by: preview_extract("acme", by=by, at=NOON),
            lambda by=by: end_extract("acme", because="x", by=by, at=NOON),
            lambda by=by: declare_extract("acme", NewExtract("x", [CITY]), because="x", by=by, at=NOON),
        ):
            with pytest.raises(Denied):
                act()
    assert AccessEntry.objects.filter(allowed=False, door="disclose").count() == 12
    for by in (DORA, MIA):
        with pytest.raises(Denied):
            extracts(by=by)
    with pytest.raises(BadInput, match="release_wants_a_reason"):
        release_extract("acme", because=" ", by=EMIL, at=NOON)
    stop_contract("acme", because="over", by=EMIL, at=NOON)
    with pytest.raises(Denied, match="no_contract_runs"):
        hands_out()


def test_an_extract_stands_in_register_and_log_and_in_nobodys_own_list() -> None:
    """It is of nobody any more, so it is not among what was passed on of a person."""
    town()
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    [one] = releases(by=EMIL)
    assert (one.kind, one.content, one.rows) == ("extract", "extract.csv", 70)
    assert AccessEntry.objects.filter(door="release", allowed=True, who=EMIL.name).exists()
    assert not ReleasedPerson.objects.exists()
    with pytest.raises(BadInput, match="table_not_in_contract"):
        release("acme", because="rows", by=EMIL, at=NOON)


def test_a_look_at_an_extract_tells_nobody_and_leaves_nothing() -> None:
    town()
    extracts_for(CITY, confidential=GROUP)
    seen = preview_extract("acme", by=EMIL, at=NOON)
    assert {one.state for one in seen.classes} == {"told"}
    assert not CountedPerson.objects.exists()
    assert not ExtractAnswer.objects.exists()
    assert releases(by=EMIL) == []


def test_who_is_in_an_extract_is_sealed_and_forgets_who_is_erased(administrator_connection: Any) -> None:
    """Moved to another line it does not open; what was told is compared all the same."""
    [ann, *_] = town()
    keep_sealed(ann, "allergies", "wool")
    extracts_for(CITY, confidential=GROUP)
    hands_out()
    number = CountedPerson.objects.get(customer=ann).number
    [kept] = files_kept(DisclosureContract.objects.get().partner_id)
    assert number in kept.who
    found = administrator_connection.execute("SELECT members FROM vault.extract_answer").fetchone()
    assert all(value.to_bytes(8, "little") not in bytes(found[0]) for value in (ann.id, number))
    erase_customer(ann.number, because="her wish", reference="T-1", by=EMIL, at=NOON)
    assert not CountedPerson.objects.filter(number=number).exists()
    with pytest.raises(BadInput, match="extract_moved_by_too_few"):
        hands_out()
    administrator_connection.execute("UPDATE vault.extract_answer SET made_at = made_at + interval '1 second'")
    with pytest.raises(KeyFileError, match="cannot be opened"):
        hands_out()


def test_two_extracts_at_once_are_not_compared_with_the_same_past(administrator_connection: Any) -> None:
    """Whoever is answered second waits for the first."""
    town()
    extracts_for(CITY, confidential=GROUP)
    found = list[Got]()
    asking = Thread(target=_gets_alone, args=(found,))
    with administrator_connection.transaction():
        administrator_connection.execute("SELECT id FROM vault.partner WHERE key = 'acme' FOR UPDATE")
        asking.start()
        asking.join(1.5)
        assert asking.is_alive()
    asking.join(30)
    assert len(found[0].rows) == 70


def _gets_alone(found: list[Got]) -> None:
    try:
        found.append(hands_out())
    finally:
        connections.close_all()


def test_as_parquet_it_is_the_same_rows_with_the_same_words() -> None:
    town()
    extracts_for(CITY, SEX)
    got = hands_out(kind="parquet", confidential=False)
    assert got.manifest["format"] == "regulars/partner-extract/1"
    assert got.columns == ["city", "sex"]
    assert got.classes == {  # the sex of nobody is known; of two rungs that say as much the lower one is taken
        ("? / ? / Lyon", "(unknown)"): Counter({"": 40}), ("? / ? / Nice", "(unknown)"): Counter({"": 30}),
    }  # fmt: skip
    with pytest.raises(BadInput, match="release_kind_unknown"):
        hands_out(kind="xlsx")
