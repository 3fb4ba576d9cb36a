"""Twins, father and son, a family of one phone, a firm of one mail box: from the file to the queue nobody is glued."""

from pathlib import Path
from uuid import uuid4

import pytest

from regulars.journeys.match_customers import match_customers
from regulars.journeys.merge_customers import preview_merge
from regulars.journeys.recognise_likely import LikelyCustomer, recognise_likely, recognise_typed
from regulars.journeys.take_in_customer import look_over, perhaps_known
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.merging.models import Merge
from regulars.records.merging.reviewing import pairs_in_review
from regulars.rules.cleaning.person import TypedPerson
from regulars.rules.identity.judging import SURE, judged
from regulars.rules.identity.marks import Told
from tests.cast import DORA, NOON, STEN
from tests.journeys.order_files import bring, open_shop, write_rows

pytestmark = pytest.mark.usefixtures("house")
HEADINGS = ("customer_no", "name", "phone", "email", "birth_date", "sex", "street", "postcode", "city", "country")
EBNER = ("+43 664 12345678", "ebner@example.com")
WANG = ("138 0013 8000", "wangjia@example.com")
GRAZ, HANGZHOU = ("Erlenweg 5", "8010", "Graz", "AT"), ("湖滨路8号2栋301室", "310000", "杭州", "CN")
#: Two homes, each with twins, and a father and a son; in Graz father and son bear one name.
PEOPLE = (
    ("E1", "Ida Ebner", *EBNER, "2001-05-05", "female", *GRAZ),
    ("E2", "Iris Ebner", *EBNER, "2001-05-05", "female", *GRAZ),
    ("E3", "Johann Ebner", *EBNER, "1966-08-03", "male", *GRAZ), ("E4", "Johann Ebner Jr.", *EBNER, "", "male", *GRAZ),
    ("W1", "王晓芳", *WANG, "2001-05-05", "女", *HANGZHOU), ("W2", "王晓红", *WANG, "2001-05-05", "女", *HANGZHOU),
    ("W3", "王伟", *WANG, "", "男", *HANGZHOU), ("W4", "王玮", *WANG, "", "男", *HANGZHOU),
)  # fmt: skip
#: Eight of one firm and one who is there twice.
FIRM = tuple(
    (f"F{n}", name, "+49 30 1234560", "info@example.com", "", "", "Werkstr. 1", "10115", "Berlin", "DE")
    for n, name in enumerate(("Anna Albers", "Bernd Brandt", "Clara Conrad", "Dirk Dahl", "Eva Engel", "Finn Fuchs",
                              "Greta Gruber", "Hugo Hahn"))
)  # fmt: skip
TWICE = (
    ("T1", "陈婉清", "139 0013 9000", "wanqing@example.com", "1988-04-02", "女", "西湖大道1号", "310000", "杭州", "CN"),
    ("T2", "Chen Wanqing", "139 0013 9000", "", "1988-04-02", "", "", "310000", "杭州", "CN"),
)


@pytest.fixture(autouse=True)
def shop() -> None:
    open_shop()


def brought(tmp_path: Path, *rows: tuple[str, ...]) -> None:
    bring(write_rows(tmp_path / f"{uuid4()}.csv", rows, HEADINGS))


def ref_of(number: str) -> str:
    return CustomerRef.objects.get(customer__number=number).ref


def refs(found: list[LikelyCustomer]) -> list[str]:
    return [ref_of(one.customer.number) for one in found]


def test_a_file_and_a_comparison_of_all_make_nobody_one_but_her_who_is_there_twice(tmp_path: Path) -> None:
    brought(tmp_path, *PEOPLE, *FIRM, *TWICE)
    brought(tmp_path, *PEOPLE, *FIRM, *TWICE)
    bring(write_rows(tmp_path / "orders.csv", [["R1", 1, "E1", "2025-02-03 10:00", "P1", "Tea", 1, "9.00", "S1"]]))
    everybody = len(PEOPLE) + len(FIRM) + len(TWICE)
    assert Customer.objects.count() == everybody
    match_customers(by=STEN, because="every night")
    assert not Merge.objects.exists() and Customer.objects.filter(erased_at__isnull=True).count() == everybody
    _, waiting = pairs_in_review(by=STEN, because="every night")
    verdicts = {frozenset((ref_of(one.one.number), ref_of(one.other.number))): judged(one.match) for one in waiting}
    assert [pair for pair, verdict in verdicts.items() if verdict == SURE] == [frozenset(("T1", "T2"))]
    assert not any(ref.startswith("F") for pair in verdicts for ref in pair)
    homes = {frozenset(ref[0] for ref in pair) for pair in verdicts}
    assert all(len(home) == 1 for home in homes), verdicts
    for one in waiting:
        seen = preview_merge(one.one.number, one.other.number, by=STEN, because="every night").match
        assert judged(seen) == judged(one.match), "the page says the same"


@pytest.mark.parametrize(("typed", "phone", "first", "others"), [
    ("Iris Ebner", "+4366412345678", "E2", {"E1", "E3", "E4"}), ("ida", "+4366412345678", "E1", {"E2", "E3", "E4"}),
    ("王晓红", "13800138000", "W2", {"W1", "W3", "W4"}), ("wang wei", "13800138000", "W3", {"W1", "W2", "W4"}),
])  # fmt: skip
def test_one_phone_brings_the_whole_family_and_the_name_says_who(
    tmp_path: Path, typed: str, phone: str, first: str, others: set[str]
) -> None:
    brought(tmp_path, *PEOPLE)
    rings = recognise_typed(phone, by=DORA, because="call")
    assert set(refs(rings)) == {first, *others} and not any(one.almost_certain for one in rings)
    named = recognise_typed(f"{typed} {phone}", by=DORA, because="call")
    assert refs(named)[0] == first and set(refs(named)) == {first, *others}
    certain = {ref_of(one.customer.number) for one in named if one.almost_certain}
    assert certain <= ({"W3", "W4"} if typed == "wang wei" else {first})


def test_a_birth_date_tells_the_son_from_the_father(tmp_path: Path) -> None:
    father, son = PEOPLE[2], (*PEOPLE[3][:4], "1996-01-07", *PEOPLE[3][5:])
    brought(tmp_path, father, son)
    for born, who in ((father[4], "E3"), (son[4], "E4")):
        found = recognise_typed(f"Johann Ebner {EBNER[0]} {born}", by=DORA, because="call")
        assert refs(found)[0] == who and len(found) == 2
        assert [one.almost_certain for one in found] == [True, False]


def test_a_mail_box_of_a_firm_is_no_evidence_at_the_desk_either(tmp_path: Path) -> None:
    brought(tmp_path, *FIRM)
    found = recognise_typed("info@example.com", by=DORA, because="call")
    assert len(found) == 5 and all(one.probability < 0.5 for one in found)
    assert refs(recognise_typed("Hugo Hahn info@example.com", by=DORA, because="call"))[0] == "F7"
    new = TypedPerson(name="Ines Irmler", phone=FIRM[0][2], email=FIRM[0][3], country="DE")
    known = perhaps_known(look_over(new, at=NOON), by=DORA, because="order")
    assert not any(one.almost_certain for one in known)


def test_a_twin_at_the_desk_is_not_taken_for_her_sister(tmp_path: Path) -> None:
    brought(tmp_path, PEOPLE[0], PEOPLE[4])
    for name, like, names in (("Iris Ebner", PEOPLE[0], ("Ebner", "Iris")), ("王晓红", PEOPLE[4], ("王", "晓红"))):
        told = Told(names=((name, *names),), phones=(like[2],), emails=(like[3],), streets=(like[6],))
        [sister] = recognise_likely(told, by=DORA, because="order", country=like[-1])
        assert not sister.almost_certain and sister.probability > 0.5
