"""Own attributes as columns of lists that leave: what a view closes is in none; the marks hold (34, 40, 51)."""

import csv
import io
import json
from typing import Any

import pytest

from regulars.journeys.hand_out_people import people_file, people_listed
from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    retire_own_attribute,
)
from regulars.journeys.trace_list import recheck_list, trace_list
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.models import Customer
from regulars.records.exports.models import Export, ExportDecoy
from regulars.records.own_attributes.actions import tell_values
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute
from regulars.rules.privacy.own_values import Writing, read_value
from tests.cast import EMIL, MIA, NOON, STEN, asking, said
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.marketing.corner_shop import corner_shop
from tests.desks.visitors import signed_in

pytestmark = pytest.mark.usefixtures("house")
NINA = asking("Nina", "marketer")
SHOE = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码")
PAPER = OwnAttribute(
    "wrapping", "choice", "Wrapping", "包装", (Choice("box", "Box", "礼盒"), Choice("bag", "=Bag", "袋"))
)
WORDS = OwnAttribute("motto", "text", "=Motto", "格言")
FAITH = OwnAttribute("faith", "text", "Faith", "信仰")
HOUSE = OwnAttribute("house_no", "text", "House number", "门牌")
PURPOSES = frozenset({"service", "analysis", "direct_marketing"})
EVERYDAY = Classing("personal", "user.demographic", PURPOSES)
COARSE = Classing("personal", "user.demographic", PURPOSES, coarse="rounded", coarser="gone")
FOR_SERVICE = Classing("personal", "user.demographic", frozenset({"service"}))
SECRET = Classing(
    "sensitive", "user.demographic.religious_belief", frozenset({"service", "oversight", "sensitive_use"})
)


def kept(what: OwnAttribute, classing: Classing, people: list[Customer], *values: str) -> None:
    """The attribute, classed so, with a value for each of the first people."""
    add_own_attribute(what, by=STEN, at=NOON)
    class_own_attribute(what.key, classing, by=EMIL, at=NOON)
    told = [(one.id, read_value(what, value, Writing(digits=2))) for one, value in zip(people, values, strict=False)]
    tell_values(what.key, told, source_id=None, by=STEN, at=NOON)


def took(*own: str, by: Asker = MIA) -> Any:
    return people_file(by=by, because="spring list", content="Everybody", at=NOON, limit=500, own=own)


def file_of(*own: str, who: str = "mia", language: str = "en", status: int = 200) -> list[dict[str, str]]:
    """The file she saves on the page, row by row."""
    answer = signed_in(who, language).get("/people/", {"segment": "everybody", "csv": "1", "own": own})
    assert answer.status_code == status, answer.content.decode()[-500:]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))) if status == 200 else []


def test_mia_picks_columns_and_reads_their_headings_in_her_language() -> None:
    people = corner_shop(5)
    kept(SHOE, EVERYDAY, people, "42.5", "44")
    kept(PAPER, EVERYDAY, people, "box")
    page = signed_in("mia").get("/people/?segment=everybody").content.decode()
    assert 'name="own" value="shoe_size"' in page and "Shoe size" in page
    her = {row["Customer number"]: row for row in file_of("wrapping", "shoe_size")}[people[0].number]
    assert (her["Shoe size"], her["Wrapping"]) == ("42.5", "Box")
    assert list(her)[-2:] == ["Wrapping", "Shoe size"]
    rows = file_of("wrapping", language="zh-hans")
    assert [row["包装"] for row in rows if people[0].number in row.values()] == ["礼盒"]
    assert "Wrapping" not in file_of()[0]


def test_34_a_value_and_a_heading_that_look_like_formulas_stay_text() -> None:
    """What somebody wrote into an own attribute, and its heading and choices, are neutral in the file."""
    people = corner_shop(2)
    kept(WORDS, EVERYDAY, people, '=HYPERLINK("http://evil.example")')
    kept(PAPER, EVERYDAY, people, "bag")
    her = next(row for row in file_of("motto", "wrapping") if row["Customer number"] == people[0].number)
    assert her["'=Motto"] == '\'=HYPERLINK("http://evil.example")'
    assert her["Wrapping"] == "'=Bag"


def test_what_her_view_does_not_show_is_no_column_and_the_answer_does_not_say_why() -> None:
    """Sealed, for another purpose, unclassed, retired or never there: one answer, by page, terminal and program."""
    people = corner_shop(2)
    kept(FAITH, SECRET, people, "quaker")
    kept(HOUSE, FOR_SERVICE, people, "7b")
    add_own_attribute(SHOE, by=STEN, at=NOON)
    kept(PAPER, EVERYDAY, people, "box")
    retire_own_attribute("wrapping", by=EMIL, at=NOON)
    mia = program("marketer")
    for key in ("faith", "house_no", "shoe_size", "wrapping", "nothing"):
        with pytest.raises(BadInput, match="attribute_not_in_lists"):
            took(key)
        file_of(key, status=400)
        assert mia.get("/segments/everybody/people", own=key).code() == "attribute_not_in_lists"
        assert regulars("segment", "people", "everybody", "--own", key).status == 1
    assert not Export.objects.exists()
    assert "own-columns" not in signed_in("mia").get("/people/?segment=everybody").content.decode()


def test_what_is_sealed_is_in_no_list_not_even_the_officers() -> None:
    """The officer opens it one customer at a time; her list has no such column."""
    people = corner_shop(2)
    kept(FAITH, SECRET, people, "quaker")
    officer = program("officer")
    assert officer.get("/segments/everybody/people", own="faith").code() == "attribute_not_in_lists"
    assert regulars("segment", "people", "everybody", "--role", "officer", "--own", "faith").status == 1


def test_a_value_is_as_coarse_as_the_view_shows_it() -> None:
    people = corner_shop(2)
    kept(SHOE, COARSE, people, "42.5")
    (told,) = [row["Shoe size"] for row in file_of("shoe_size") if row["Customer number"] == people[0].number]
    assert told and told != "42.5"


def test_bob_who_said_no_is_in_no_column_either() -> None:
    people = corner_shop(2)
    kept(WORDS, EVERYDAY, people, "of Ann", "of Bob")
    left = took("motto")
    assert "of Bob" not in [one.own.get("motto") for one in left.lines]
    assert "of Ann" in [one.own.get("motto") for one in left.lines]


def test_51_a_list_with_own_columns_is_traced_though_they_name_other_customers() -> None:
    """Whole, and of its numbers only; a column may hold numbers and names of other customers."""
    people = corner_shop(70)
    others = [one.number for one in people[1:]] + [people[0].number]
    kept(WORDS, EVERYDAY, people, *others)
    left, hers = took("motto"), took("motto", by=NINA)
    for one in (left, hers):
        rows = [[line.number, line.name, line.own.get("motto", "")] for line in one.lines if line.customer_id]
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        facts, suspect = trace_list(out.getvalue().encode(), by=EMIL, because="leak").suspects[0]
        assert (facts.id, suspect.verdict) == (one.export, "certain")
        assert facts.own_columns == {"motto": "keep"}


def test_51_who_is_invented_has_own_attributes_like_anybody() -> None:
    people = corner_shop(20)
    kept(SHOE, EVERYDAY, people, *(["40"] * len(people)))
    left = took("shoe_size")
    decoy = ExportDecoy.objects.get()
    assert {line.number: line.own for line in left.lines}[decoy.number] == {"shoe_size": "40000"}


def test_40_an_old_list_is_not_used_once_a_column_of_it_is_shown_otherwise() -> None:
    """Classed coarser, sealed or retired since: whatever the list says there, it may not be used any more."""
    people = corner_shop(10)
    kept(SHOE, EVERYDAY, people, "42.5")
    left, plain = took("shoe_size"), took()
    content = "\n".join(line.number for line in left.lines).encode()
    again = {"by": MIA, "because": "call them"}
    assert not recheck_list(content, export=left.export, **again).must_go
    class_own_attribute("shoe_size", COARSE, by=EMIL, at=NOON)
    found = recheck_list(content, export=left.export, **again)
    assert (found.why, len(found.must_go)) == ("export_columns_changed", len(left.lines))
    class_own_attribute("shoe_size", EVERYDAY, by=EMIL, at=NOON)
    assert not recheck_list(content, export=left.export, **again).must_go
    retire_own_attribute("shoe_size", by=EMIL, at=NOON)
    assert recheck_list(content, export=left.export, **again).why == "export_columns_changed"
    without = "\n".join(line.number for line in plain.lines).encode()
    assert not recheck_list(without, export=plain.export, **again).must_go


def test_programs_and_the_terminal_read_columns_and_the_office_sees_which() -> None:
    people = corner_shop(8)
    kept(SHOE, EVERYDAY, people, "42.5")
    marketer, officer = program("marketer"), program("officer")
    plain = marketer.get("/segments/everybody/people").told["items"]
    told = marketer.get("/segments/everybody/people", own="shoe_size").told["items"]
    assert {one["number"]: one["own"] for one in told}[people[0].number] == {"shoe_size": "42.5"}
    assert all(one["own"] == {} for one in plain)
    assert {tuple(one.own_columns) for one in Export.objects.all()} == {(), ("shoe_size",)}
    assert [one["own_columns"] for one in officer.get("/exports").told["items"]] == [{"shoe_size": "keep"}, {}]
    assert "shoe_size" in signed_in("emil").get("/privacy/exports/").content.decode()
    out = regulars("segment", "people", "everybody", "--own", "shoe_size")
    assert "Shoe size" in out.out and "42.5" in out.out
    rows = regulars("lists", "--people", "bought", "--own", "shoe_size", "--json").json()["people"]
    assert {json.dumps(one["own"]) for one in rows} <= {'{"shoe_size": null}', '{"shoe_size": "42.5"}'}


def test_that_the_columns_were_read_stands_in_the_log() -> None:
    people = corner_shop(3)
    kept(SHOE, EVERYDAY, people, "42.5")
    people_listed(by=MIA, because="active", door="api", at=NOON, limit=10, own=["shoe_size"])
    line = AccessEntry.objects.get(door="own_values_of")
    assert (line.who, line.rows, line.because) == ("Mia", 1, "active: shoe_size")


def test_a_protected_customer_has_no_own_columns() -> None:
    """Lists name her by her number only; what the company noted of her is not told beside it."""
    people = corner_shop(3)
    kept(WORDS, EVERYDAY, people, "known from television")
    emil = program("officer")
    assert emil.put(f"/customers/{people[0].number}/protection", {"because": "works here"}).status == 204
    her = next(line for line in took("motto").lines if line.number == people[0].number)
    assert (her.name, dict(her.own)) == ("", {})
    said(people[2], "direct_marketing", "granted", at=NOON)
