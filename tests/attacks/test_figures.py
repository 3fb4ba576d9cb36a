"""A partner that is told figures only, keeps them all, and knows how tables add up: cases 11–18 and 42."""

from datetime import timedelta
from itertools import combinations
from threading import Thread
from typing import Any

import numpy as np
import pytest
from django.db import connections
from scipy.optimize import linprog

from regulars.connections.keys.key_file import KeyFileError
from regulars.journeys.disclose import NewContract, recheck, release, sign_contract, stop_contract
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.release_figures import NewCube, declare_cube, end_cube, preview_figures, release_figures
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.models import Customer
from regulars.records.disclosures.access import releases
from regulars.records.disclosures.models import DisclosureContract
from regulars.records.statistics.access import answers, ledger
from regulars.records.statistics.models import CountedPerson, CubeAnswer
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.attacks.conftest import LogIn
from tests.cast import DORA, EMIL, MIA, NOON, keep_sealed
from tests.figures import (
    TODAY,
    Told,
    asks,
    counts,
    crowd,
    lets_figures_leave,
    open_house,
    people,
    withdraws,
)
from tests.shop import sell

pytestmark = pytest.mark.usefixtures("figures_house")
CITY, BORN, SEX = "customer.city", "customer.birth_on:decade", "customer.sex"


@pytest.fixture
def figures_house(house: None) -> None:
    """The company stands, and Acme may have figures."""
    open_house()
    lets_figures_leave()


def why(cube: int) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What Emil sees before he lets it go: state and reasons of every cell."""
    seen = preview_figures("acme", cube, by=EMIL, at=NOON)
    return {" ".join(figure.at): (figure.state, figure.why) for figure, _ in seen.cells}


def test_11_a_count_less_the_count_without_the_target_is_refused() -> None:
    """Ann is the only one of her age in Lyon: everybody in Lyon, less everybody there who is not of her age."""
    crowd(30, city="Lyon"), crowd(1, city="Lyon", born=1931), crowd(25, city="Nice"), crowd(12, city="Nice", born=1975)
    everybody = people(asks(counts(CITY)))
    without_her = counts(CITY, only=[f"{BORN}=1980s"])
    assert why(without_her)["Lyon"] == ("withheld", ("difference",))
    found = people(asks(without_her))
    assert everybody["Lyon"] == 31
    assert found["Lyon"] is None
    assert (found["Nice"], found["*"]) == (None, 55)  # of both, and the totals before, what is left over is she


def test_12_a_tracker_with_padding_is_refused() -> None:
    """Nobody asks for her, but for large sets whose sums and differences are she (Denning 1979)."""
    crowd(30, city="Lyon"), crowd(25, city="Nice"), crowd(28, city="Lyon", born=1975), crowd(26, city="Nice", born=1975)
    target = crowd(1, city="Nice", born=1931)
    told: list[frozenset[int]] = []
    for cities in (["Lyon", "Nice"], ["Lyon"], ["Nice"]):
        for decades in combinations(["1930s", "1970s", "1980s"], 2):
            only = [f"{CITY}={'|'.join(cities)}", f"{BORN}={'|'.join(decades)}"]
            for at, count in people(asks(counts(CITY, only=only))).items():
                if count is not None:
                    told.append(_who(cities if at == "*" else [at], decades))
                    assert len(told[-1]) == count
    assert len(told) >= 4
    assert not _in_span([frozenset(one.id for one in target)], told)


def _who(cities: list[str], decades: tuple[str, ...]) -> frozenset[int]:
    found = Customer.objects.filter(
        city__in=cities, birth_on__year__in=[int(one[:4]) + (5 if one != "1930s" else 1) for one in decades]
    )
    return frozenset(found.values_list("id", flat=True))


def _in_span(targets: list[frozenset[int]], told: list[frozenset[int]]) -> bool:
    """Whether the count of a target is a sum of told counts, each taken any number of times."""
    everybody = sorted(frozenset().union(*told, *targets))
    row = {some: [float(one in some) for one in everybody] for some in (*told, *targets)}
    known = np.array([row[some] for some in told])
    rank = np.linalg.matrix_rank(known)
    return any(np.linalg.matrix_rank(np.vstack([known, row[some]])) == rank for some in targets)


def test_13_the_total_less_the_cells_told_leaves_no_cell() -> None:
    """With two columns and all totals, an attacker with a solver; every small cell stays as open as ten people."""
    for city, born, count in (
        ("Lyon", 1985, 40), ("Lyon", 1975, 3), ("Lyon", 1965, 22), ("Nice", 1985, 19), ("Nice", 1975, 33),
        ("Nice", 1965, 12), ("Metz", 1985, 15), ("Metz", 1975, 26), ("Metz", 1965, 5),
    ):  # fmt: skip
        crowd(count, city=city, born=born)
    told = asks(counts(CITY, BORN))
    small = {("1970s", "Lyon"), ("1960s", "Metz")}
    assert all(told[at]["people"] == "" for at in small)
    assert sum(one["people"] != "" for one in told.values()) >= 6
    assert told["*", "*"]["people"] == "175"
    for at in small:
        low, high = bounds(told, at)
        assert high - low >= 10, (at, low, high)


def bounds(told: Told, wanted: tuple[str, ...]) -> tuple[float, float]:
    """The fewest and the most people a cell can have for who knows the file and how tables add up."""
    leaves = [at for at in told if "*" not in at]
    known = [(at, float(one["people"])) for at, one in told.items() if one["people"]]
    equations = np.array([[_inside(leaf, at) for leaf in leaves] for at, _ in known])
    goal = np.array([_inside(leaf, wanted) for leaf in leaves])
    ends = [linprog(sign * goal, A_eq=equations, b_eq=[count for _, count in known]) for sign in (1, -1)]
    return ends[0].fun, -ends[1].fun


def _inside(leaf: tuple[str, ...], at: tuple[str, ...]) -> float:
    return float(all(value in ("*", own) for own, value in zip(leaf, at, strict=True)))


def test_14_asked_again_and_again_it_is_the_same_and_costs_nothing() -> None:
    crowd(30, city="Lyon"), crowd(25, city="Nice"), crowd(4, city="Metz")
    cube = counts(CITY)
    first = asks(cube)
    for _ in range(20):
        assert asks(cube) == first
    assert CubeAnswer.objects.count() == 1
    assert len(releases(by=EMIL)) == 21
    assert {state for state, _ in why(cube).values()} == {"told_again", "withheld"}


def test_15_reworded_it_is_the_same() -> None:
    """Another order of columns is the same declaration; ended and declared anew, or as part of a wider table, the same
    cells are told and the same are withheld."""
    crowd(30, city="Lyon", sex="f"), crowd(25, city="Nice", sex="m"), crowd(14, city="Lyon", sex="m")
    crowd(12, city="Nice", sex="f"), crowd(4, city="Metz", sex="f")
    narrow, wide = counts(CITY), counts(CITY, SEX)
    with pytest.raises(BadInput, match="cube_declared_already"):
        counts(SEX, CITY)
    by_city, both = people(asks(narrow)), people(asks(wide))
    assert {at: both[f"{at} *"] for at in by_city} == by_city
    end_cube("acme", narrow, because="again", by=EMIL, at=NOON)
    assert people(asks(counts(CITY, name="the same anew"))) == by_city
    assert people(asks(wide)) == both


def test_16_laid_beside_a_public_list_every_class_has_enough_people() -> None:
    """The register of voters has names, cities, years of birth and sexes. Whatever is told joins with ten of them at
    least; and rows there are none, neither in a file nor by a login."""
    for city, born, sex, count in (
        ("Lyon", 1985, "f", 31), ("Lyon", 1985, "m", 12), ("Lyon", 1975, "f", 9), ("Nice", 1985, "m", 2),
        ("Nice", 1975, "f", 24), ("Nice", 1975, "m", 13), ("Metz", 1955, "f", 1),
    ):  # fmt: skip
        crowd(count, city=city, born=born, sex=sex)
    told = asks(counts(BORN, CITY, SEX))
    classes = [at for at, one in told.items() if one["people"]]
    assert len(classes) >= 5
    for born, city, sex in classes:
        listed = Customer.objects.all()
        listed = listed if city in ("*", "(other)") else listed.filter(city=city)
        listed = listed if sex in ("*", "(other)") else listed.filter(sex=sex)
        assert listed.count() >= 10 if born in ("*", "(other)") else _of_decade(listed, born) >= 10
    with pytest.raises(BadInput, match="table_not_in_contract"):
        release("acme", because="rows", by=EMIL, at=NOON)


def _of_decade(listed: Any, born: str) -> int:
    return int(listed.filter(birth_on__year__range=(int(born[:4]), int(born[:4]) + 9)).count())


def test_16_there_is_no_login_to_ask_with(log_in: LogIn) -> None:
    import psycopg

    with pytest.raises(psycopg.OperationalError):
        log_in("regulars_partner_acme")
    assert recheck("acme", ["0" * 32], by=EMIL, at=NOON).why == "no_rows_left"


def test_17_a_class_of_people_who_are_all_alike_is_withheld() -> None:
    """Everybody in Lyon is a woman: whoever knows that somebody lives there would know it, too."""
    crowd(30, city="Lyon", sex="f"), crowd(25, city="Nice", sex="m"), crowd(21, city="Nice", sex="f")
    crowd(22, city="Metz", sex="m"), crowd(18, city="Metz", sex="f")
    cube = counts(CITY, SEX)
    assert why(cube)["Lyon f"] == ("withheld", ("all_alike",))
    told = asks(cube)
    assert told["Lyon", "f"]["people"] == ""
    assert told["Lyon", "*"]["people"] == "30"
    low, high = bounds(told, ("Lyon", "f"))
    assert high - low >= 10


CHANGES = ("withdraws", "is erased", "is new", "grants it", "moves", "buys")


@pytest.mark.parametrize("what", CHANGES)
def test_18_two_answers_around_one_person_tell_nothing_of_her(what: str) -> None:
    """The second shows the very figures of the first: nobody outside sees whether nothing happened or little."""
    [ann, *_] = crowd(30, city="Lyon", spends=5_000)
    crowd(25, city="Nice", spends=4_000)
    [una] = crowd(1, city="Lyon", choice="", spends=5_000)
    cube = counts(CITY, measures=["money", "orders"])
    first = asks(cube)
    assert first["Lyon",] == {"people": "30", "orders": "30", "money_minor": "150000", "as_of": TODAY.isoformat()}
    _happens(what, ann, una)
    assert asks(cube) == first
    assert why(cube)["Lyon"][0] in ("stands", "told_again")
    assert CubeAnswer.objects.count() == 1


def _happens(what: str, ann: Customer, una: Customer) -> None:
    match what:
        case "withdraws":
            withdraws(ann)
        case "is erased":
            erase_customer(ann.number, because="her wish", reference="T-1", by=EMIL, at=NOON)
        case "is new":
            crowd(1, city="Lyon", spends=5_000)
        case "grants it":
            crowd(0), _grants(una)
        case "moves":
            Customer.objects.filter(id=ann.id).update(city="Nice")
        case "buys":
            sell(ann, TODAY, 99_900)


def _grants(who: Customer) -> None:
    from tests.cast import said

    said(who, "third_party_disclosure", "granted")


def test_18_once_enough_people_changed_the_figure_moves() -> None:
    [ann, *_] = crowd(30, city="Lyon")
    crowd(25, city="Nice")
    cube = counts(CITY)
    assert people(asks(cube)) == {"Lyon": 30, "Nice": 25, "*": 55}
    withdraws(ann)
    crowd(11, city="Lyon")
    assert people(asks(cube)) == {"Lyon": 40, "Nice": 25, "*": 65}


def test_18_small_changes_add_up_before_they_show() -> None:
    """Nine who come one by one are not told; with the tenth all ten are."""
    crowd(30, city="Lyon"), crowd(25, city="Nice")
    cube = counts(CITY)
    seen = []
    for _ in range(5):
        seen.append(people(asks(cube))["Lyon"])
        crowd(3, city="Lyon")
    assert seen == [30, 30, 30, 30, 42]


def test_18_one_persons_change_is_not_told_by_another_table_either() -> None:
    """Between two tables of different layout, as between two of the same."""
    [ann, *_] = crowd(30, city="Lyon", sex="f")
    crowd(25, city="Lyon", sex="m"), crowd(25, city="Nice", sex="f"), crowd(22, city="Nice", sex="m")
    asks(counts(CITY, SEX))
    withdraws(ann)
    other = counts(CITY)
    assert why(other)["Lyon"] == ("withheld", ("difference",))
    found = people(asks(other))
    assert found["Nice"] == 47
    assert found["Lyon"] is None
    assert found["*"] is None


def test_42_a_cell_of_three_is_suppressed_and_one_that_would_tell_it() -> None:
    crowd(15, city="Lyon"), crowd(3, city="Metz"), crowd(12, city="Nice")
    cube = counts(CITY)
    told = people(asks(cube))
    assert told == {"(other)": None, "Lyon": 15, "Nice": None, "*": 30}
    assert why(cube)["Nice"] == ("withheld", ("would_tell_another",))


def test_42_money_of_one_big_buyer_is_suppressed() -> None:
    """The p% rule: the second biggest, who knows what she spent herself, must not come near the biggest."""
    [whale, *_] = crowd(20, city="Lyon", spends=1_000)
    sell(whale, TODAY, 10_000_000)
    crowd(20, city="Nice", spends=1_000), crowd(20, city="Metz", spends=1_100)
    cube = counts(CITY, measures=["money"])
    assert "dominated" in why(cube)["Lyon"][1]
    told = asks(cube)
    assert told["Lyon",]["money_minor"] == ""
    assert told["Nice",]["money_minor"] != "" or told["Metz",]["money_minor"] != ""


def test_42_money_of_few_buyers_is_suppressed() -> None:
    crowd(30, city="Lyon"), crowd(4, city="Lyon", spends=2_000), crowd(20, city="Nice", spends=2_000)
    cube = counts(CITY, measures=["money"])
    assert why(cube)["Lyon"] == ("withheld", ("few_buyers",))


def test_43_who_said_no_or_nothing_is_counted_nowhere() -> None:
    crowd(12, city="Lyon"), crowd(9, city="Lyon", choice="denied"), crowd(9, city="Lyon", choice="")
    crowd(11, city="Nice"), crowd(40, city="Metz", choice="")
    assert people(asks(counts(CITY))) == {"Lyon": 12, "Nice": 11, "*": 23}


NEVER = (
    "customer.name", "customer.allergies", "customer.id_document", "customer.id", "customer.number",
    "customer.income_band", "customer.postcode", "customer.allows_email",
    "contact_point.value", "order_line.amount_minor", "company.name",
    "customer.birth_on:day", "customer.first_seen_on:day", "nonsense", "customer.city; DROP TABLE customer",
)  # fmt: skip


@pytest.mark.parametrize("column", NEVER)
def test_what_never_leaves_is_nothing_to_count_by(column: str) -> None:
    """Nor to choose people by."""
    with pytest.raises(BadInput):
        counts(column)
    with pytest.raises(BadInput):
        counts(CITY, only=[f"{column}=x"])


def test_the_ledger_leads_to_nobody_once_she_is_erased() -> None:
    """While she is a customer her number stands at one place; then nowhere, and what was told is still compared."""
    [ann, *_] = crowd(30, city="Lyon")
    crowd(25, city="Nice")
    cube = counts(CITY)
    asks(cube)
    number = CountedPerson.objects.get(customer=ann).number
    partner = DisclosureContract.objects.get().partner_id
    assert number in ledger(partner)[0].who
    erase_customer(ann.number, because="her wish", reference="T-1", by=EMIL, at=NOON)
    assert not CountedPerson.objects.filter(number=number).exists()
    assert number in ledger(partner)[0].who
    assert why(cube)["Lyon"] == ("stands", ("difference",))


def test_a_copy_of_the_database_does_not_tell_who_was_counted_where(administrator_connection: Any) -> None:
    """Neither her id nor her number in the ledger stands in it, and moved to another line it does not open."""
    [ann, *_] = crowd(30, city="Lyon")
    crowd(25, city="Nice")
    cube = counts(CITY)
    asks(cube)
    found = administrator_connection.execute("SELECT id, members FROM vault.cube_answer").fetchall()
    number = CountedPerson.objects.get(customer=ann).number
    assert all(value.to_bytes(8, "little") not in bytes(found[0][1]) for value in (ann.id, number))
    administrator_connection.execute("UPDATE vault.cube_answer SET made_at = made_at + interval '1 second'")
    with pytest.raises(KeyFileError, match="cannot be opened"):
        asks(cube)


def test_two_partners_have_two_ledgers() -> None:
    """What one was told withholds nothing from the other, and nobody has the same number in both."""
    [ann, *_] = crowd(30, city="Lyon")
    crowd(25, city="Nice")
    lets_figures_leave("zenith")
    asks(counts(CITY))
    withdraws(ann)
    assert people(asks(counts(CITY, key="zenith"), "zenith"))["Lyon"] == 29
    numbers = [
        set(CountedPerson.objects.filter(partner__key=key).values_list("number", flat=True))
        for key in ("acme", "zenith")
    ]
    assert not numbers[0] & numbers[1]


def test_rows_and_figures_never_go_to_the_same_partner() -> None:
    """Whoever has the one subtracts it from the other; a new contract does not change that."""
    crowd(30, city="Lyon"), crowd(25, city="Nice")
    cube = counts(CITY)
    asks(cube)
    stop_contract("acme", because="over", by=EMIL, at=NOON)
    rows = NewContract("D-8", "study", [CITY], "none", TODAY, TODAY + timedelta(days=9))
    with pytest.raises(BadInput, match="figures_left_already"):
        sign_contract("acme", rows, by=EMIL, at=NOON)
    DisclosureContract.objects.filter(partner__key="acme").update(fields=[CITY], stopped_at=None)
    with pytest.raises(BadInput, match="rows_may_leave"):
        release_figures("acme", cube, because="x", by=EMIL, at=NOON)


def test_figures_are_the_officers_and_want_a_contract() -> None:
    crowd(30, city="Lyon"), crowd(25, city="Nice")
    cube = counts(CITY)
    for by in (DORA, MIA):
        with pytest.raises(Denied):
            release_figures("acme", cube, because="x", by=by, at=NOON)
        with pytest.raises(Denied):
            preview_figures("acme", cube, by=by, at=NOON)
        with pytest.raises(Denied):
            declare_cube("acme", NewCube("x", [CITY]), because="x", by=by, at=NOON)
        with pytest.raises(Denied):
            answers(by=by, partner_id=1)
    assert AccessEntry.objects.filter(allowed=False, door="disclose").count() == 6
    lets_figures_leave("zenith")
    with pytest.raises(NotThere, match="no_such_cube"):
        release_figures("zenith", cube, because="another's", by=EMIL, at=NOON)
    stop_contract("acme", because="over", by=EMIL, at=NOON)
    with pytest.raises(Denied, match="no_contract_runs"):
        release_figures("acme", cube, because="x", by=EMIL, at=NOON)


def test_a_look_beforehand_tells_nobody_and_leaves_nothing() -> None:
    crowd(30, city="Lyon"), crowd(4, city="Nice")
    cube = counts(CITY)
    why(cube)
    assert not CubeAnswer.objects.exists()
    assert not CountedPerson.objects.exists()
    assert releases(by=EMIL) == []


def test_sensitive_values_are_nowhere_in_a_ledger() -> None:
    """Not even sealed: nothing but numbers, cells and rounded money is in it."""
    [ann, *_] = crowd(30, city="Lyon", spends=12_345)
    keep_sealed(ann, "allergies", "wool")
    crowd(25, city="Nice", spends=500)
    asks(counts(CITY, measures=["money"]))
    [memory] = ledger(DisclosureContract.objects.get().partner_id)
    assert set(np.unique(memory.amount)) == {500, 12_000}
    assert memory.categories == (("Lyon", "Nice"),)


def test_17_nor_is_it_told_by_a_table_about_that_class_alone() -> None:
    """Asked as a column or as a choice of people, it is the same question."""
    crowd(30, city="Lyon", sex="f"), crowd(25, city="Nice", sex="m"), crowd(28, city="Metz", sex="m")
    asks(counts(CITY, SEX))
    told = people(asks(counts(SEX, only=[f"{CITY}=Lyon"])))
    assert told["f"] is None
    assert told["*"] in (30, None)


def test_two_answers_at_once_are_not_compared_with_the_same_past(administrator_connection: Any) -> None:
    """Whoever is answered second waits for the first, and is compared with it, too."""
    crowd(30, city="Lyon"), crowd(25, city="Nice")
    cube, found = counts(CITY), list[Told]()
    asking = Thread(target=_asks_alone, args=(cube, found))
    with administrator_connection.transaction():
        administrator_connection.execute("SELECT id FROM vault.partner WHERE key = 'acme' FOR UPDATE")
        asking.start()
        asking.join(1.5)
        assert asking.is_alive()
        assert found == []
    asking.join(30)
    assert people(found[0])["Lyon"] == 30


def _asks_alone(cube: int, found: list[Told]) -> None:
    try:
        found.append(asks(cube))
    finally:
        connections.close_all()
