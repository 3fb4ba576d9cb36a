"""A company's own attribute all the way: out of a file, onto the card, into a segment, along with the customer."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from regulars.desks.service.card_drawn import own_drawn
from regulars.journeys import run_import
from regulars.journeys.explore_segment import explore, keep_segment
from regulars.journeys.import_file import import_now
from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
    own_fields,
)
from regulars.journeys.offer_values import offered_values
from regulars.journeys.open_customer import open_card
from regulars.journeys.show_own_record import copy_of_own_data, own_record
from regulars.journeys.why_in_segment import why_in_segment
from regulars.records.customers.models import CustomerRef
from regulars.records.own_attributes.models import OwnValue
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.own_attributes import Choice, OwnAttribute
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob
from tests.journeys.order_files import AT, write_rows
from tests.journeys.order_files import open_shop as open_paper_shop
from tests.set_aside import rows_aside
from tests.shop import open_shop, refreshed, sell

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)
SHOE = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码")
WRAP = OwnAttribute(
    "wrapping", "choice", "Wrapping", "包装", (Choice("paper", "Paper", "纸"), Choice("box", "Box", "盒"))
)
FAITH = OwnAttribute("faith", "text", "Faith", "信仰")
USED = frozenset({"service", "analysis", "direct_marketing"})
EVERYDAY = Classing("personal", "user.demographic", USED, coarser="rounded")
WRAPPED = Classing("personal", "user.behavior", USED, coarser="keep")
SECRET = Classing(
    "sensitive", "user.demographic.religious_belief", frozenset({"service", "oversight", "sensitive_use"})
)
HEADINGS = ("customer_no", "name", "shoe", "wrap", "belief")
COLUMNS = {"own.shoe_size": "shoe", "own.wrapping": "wrap", "own.faith": "belief"}


def three_attributes() -> None:
    for what, said in ((SHOE, EVERYDAY), (WRAP, WRAPPED), (FAITH, SECRET)):
        add_own_attribute(what, by=STEN, at=NOON)
        class_own_attribute(what.key, said, by=EMIL, at=NOON)


def brought(tmp_path: Path, *rows: tuple[str, ...], name: str = "people.csv") -> object:
    path = write_rows(tmp_path / name, rows, HEADINGS)
    return import_now(path, source_ref="till", kind="customers", mapping=COLUMNS, by=STEN, at=AT)


def test_a_file_fills_attributes_and_what_is_no_value_costs_the_cell_only(tmp_path: Path) -> None:
    open_paper_shop()
    three_attributes()
    report = brought(tmp_path, ("M1", "王芳", "38.5", "盒", "quaker"), ("M2", "Ann Archer", "large", "bag", ""))
    assert report.rows_new == 2  # type: ignore[attr-defined]
    held = {
        (one.attribute.key, one.amount, one.text, one.sealed is not None) for one in OwnValue.objects.select_related()
    }
    assert held == {("shoe_size", 38500, None, False), ("wrapping", None, "box", False), ("faith", None, None, True)}
    assert sorted((one.reason, one.column) for one in report.reasons) == [  # type: ignore[attr-defined]
        ("not_understood", "shoe"), ("not_understood", "wrap"),
    ]  # fmt: skip


def test_the_next_file_of_the_source_tells_only_what_is_new(tmp_path: Path) -> None:
    open_paper_shop()
    three_attributes()
    brought(tmp_path, ("M1", "王芳", "38.5", "盒", "quaker"))
    brought(tmp_path, ("M1", "王芳", "39", "", ""), name="next.csv")
    her = CustomerRef.objects.get(ref="M1").customer
    card = open_card(her.number, by=EMIL, because="test", at=NOON)
    assert {one.what.key: one.plain for one in card.own} == {"shoe_size": "39000", "wrapping": "box", "faith": "quaker"}


def test_what_is_set_aside_of_a_file_says_nothing_that_is_only_kept_sealed(tmp_path: Path) -> None:
    """A second row of M1, one that says too much, one of too many cells: mendable, but for faith and allergy."""
    open_paper_shop()
    three_attributes()
    path = write_rows(
        tmp_path / "people.csv",
        [("M1", "王芳", "38.5", "盒", "quaker", "wool"), ("M1", "Ann Archer", "44", "盒", "buddhist", "silk"),
         ("M2", "Bob Baker", "44", "盒", "sikh" * 200, ""), ("M3", "Cleo", "44", "盒", "hindu", "soy", "and more")],
        (*HEADINGS, "allergies"),
    )  # fmt: skip
    report = import_now(path, source_ref="till", kind="customers", mapping=COLUMNS, by=STEN, at=AT)
    assert (report.rows_new, report.rows_refused) == (2, 2)
    rows = {row.row_number: row for row in rows_aside()}
    assert rows[3].raw == "M1,Ann Archer,44,盒,,"
    assert sorted((row.reason, row.column, row.value, row.raw) for row in rows.values() if row.row_number > 3) == [
        ("not_understood", "belief", "", ""), ("wrong_field_count", "", "7", ""),
    ]  # fmt: skip
    assert {one.sealed is not None for one in OwnValue.objects.filter(attribute__key="faith")} == {True}


def test_what_was_set_aside_before_emil_called_it_sensitive_says_nothing_of_it_any_more(tmp_path: Path) -> None:
    open_paper_shop()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", Classing("personal", "user.demographic", frozenset({"service"})), by=EMIL, at=NOON)
    for name, said in (("people.csv", "quaker"), ("others.csv", "")):
        path = write_rows(
            tmp_path / name, [("M1", "王芳", said), ("M1", "Ann Archer", said)], ("customer_no", "name", "belief")
        )
        mapping = {"own.faith": "belief"} if said else {"customer_ref": "customer_no"}
        import_now(path, source_ref=name, kind="customers", mapping=mapping, by=STEN, at=AT)
    assert sorted(row.raw for row in rows_aside()) == ["M1,Ann Archer,", "M1,Ann Archer,quaker"]
    class_own_attribute("faith", SECRET, by=EMIL, at=NOON)
    assert sorted(row.raw for row in rows_aside()) == ["", "M1,Ann Archer,"]


@pytest.mark.parametrize("moment", ["checked", "written"])
def test_a_file_on_its_way_while_emil_calls_it_sensitive_leaves_nothing_of_it_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Rows checked by the old class and not yet written; and rows written and not yet committed."""
    open_paper_shop()
    add_own_attribute(FAITH, by=STEN, at=NOON)
    class_own_attribute("faith", Classing("personal", "user.demographic", frozenset({"service"})), by=EMIL, at=NOON)
    officer = threading.Thread(target=classed_secret_elsewhere)
    holder, name = (run_import._Run, "_write") if moment == "checked" else (run_import, "set_aside")
    real = getattr(holder, name)

    def with_officer(*told: Any) -> Any:
        if moment == "checked":
            class_own_attribute("faith", SECRET, by=EMIL, at=NOON)
        else:
            officer.start()
            officer.join(0.5)  # time to arrive where he has to wait
        return real(*told)

    monkeypatch.setattr(holder, name, with_officer)
    path = write_rows(
        tmp_path / "people.csv",
        [("M1", "王芳", "quaker"), ("M1", "Ann Archer", "quaker")],
        ("customer_no", "name", "belief"),
    )
    import_now(path, source_ref="till", kind="customers", mapping={"own.faith": "belief"}, by=STEN, at=AT)
    if officer.ident:
        officer.join()
    assert [(row.raw, row.value) for row in rows_aside()] == [("", "")]
    assert OwnValue.objects.get().sealed is not None


def classed_secret_elsewhere() -> None:
    try:
        class_own_attribute("faith", SECRET, by=EMIL, at=NOON)
    finally:
        connections.close_all()


def test_money_under_an_attribute_is_the_companys_whatever_the_file_is_in(tmp_path: Path) -> None:
    open_paper_shop()
    add_own_attribute(OwnAttribute("budget", "money", "Budget", "预算"), by=STEN, at=NOON)
    class_own_attribute("budget", WRAPPED, by=EMIL, at=NOON)
    path = write_rows(tmp_path / "people.csv", [("M1", "王芳", "12.50")], ("customer_no", "name", "spends"))
    import_now(path, source_ref="till", kind="customers", mapping={"own.budget": "spends"}, by=STEN, at=AT,
               answers={"currency": "JPY"})  # fmt: skip
    assert [one.amount for one in OwnValue.objects.all()] == [1250]


@pytest.mark.parametrize("shoe_faith", [("39", "quaker"), ("38.5", "buddhist")])
def test_a_file_that_tells_only_own_attributes_anew_changes_its_rows(
    tmp_path: Path, shoe_faith: tuple[str, str]
) -> None:
    open_paper_shop()
    three_attributes()
    brought(tmp_path, ("M1", "王芳", "38.5", "盒", "quaker"), ("M2", "Ann Archer", "44", "", ""))
    shoe, faith = shoe_faith
    rows = ("M1", "王芳", shoe, "盒", faith), ("M2", "Ann Archer", "44", "", "")
    path = write_rows(tmp_path / "tried.csv", rows, HEADINGS)
    dry = import_now(path, source_ref="till", kind="customers", mapping=COLUMNS, by=STEN, at=AT, dry_run=True)
    assert (dry.rows_new, dry.rows_changed, dry.rows_same) == (0, 1, 1)
    told = brought(tmp_path, *rows, name="next.csv")
    assert (told.rows_new, told.rows_changed, told.rows_same) == (0, 1, 1)  # type: ignore[attr-defined]


def test_a_column_under_an_attribute_nobody_added_is_refused(tmp_path: Path) -> None:
    open_paper_shop()
    with pytest.raises(BadInput, match="meaning_unknown"):
        brought(tmp_path, ("M1", "王芳", "38.5", "盒", "quaker"))


def test_the_card_says_what_the_view_shows_and_nothing_of_what_it_hides() -> None:
    open_shop(TODAY)
    three_attributes()
    her, him = ann(), bob()
    fill_own_attribute(her.number, "shoe_size", "38.5", by=DORA, because="told us", at=NOON)
    fill_own_attribute(her.number, "faith", "quaker", by=STEN, because="told us", at=NOON)
    drawn = {who.number: own_drawn(open_card(who.number, by=DORA, because="test", at=NOON)) for who in (her, him)}
    assert [(one.label, one.how) for one in drawn[her.number]] == [("Faith", "masked"), ("Shoe size", "open")]
    assert [(one.label, one.how) for one in drawn[him.number]] == [("Faith", "masked")]
    assert drawn[her.number][0].text == drawn[him.number][0].text
    officers = own_drawn(open_card(her.number, by=EMIL, because="test", at=NOON))
    assert ("Faith", "quaker", "open") in [(one.label, one.text, one.how) for one in officers]


def asked(field: str, operator: str, value: object = None) -> dict[str, object]:
    said = {"field": field, "operator": operator} | ({} if value is None else {"value": value})
    return {"all": [said]}


def a_shop_that_knows_shoes() -> tuple[str, str]:
    open_shop(TODAY)
    three_attributes()
    her, him = ann(), bob()
    for who, size, wrap in ((her, "38.5", "box"), (him, "44", "paper")):
        sell(who, date(2026, 2, 1), 5_000)
        fill_own_attribute(who.number, "shoe_size", size, by=DORA, because="told us", at=NOON)
        fill_own_attribute(who.number, "wrapping", wrap, by=DORA, because="told us", at=NOON)
        fill_own_attribute(who.number, "faith", "quaker", by=STEN, because="told us", at=NOON)
    refreshed(TODAY)
    return her.number, him.number


def test_a_segment_asks_for_it_and_reads_it_aloud() -> None:
    her, _ = a_shop_that_knows_shoes()
    rule = {"all": [asked("own.number.shoe_size", "less_than", 40)["all"][0],  # type: ignore[index]
                    asked("own.choice.wrapping", "any_of", ["box"])["all"][0]]}  # type: ignore[index]  # fmt: skip
    found = explore(rule, by=MIA, language="en")
    assert (found.count, found.aloud) == (
        1,
        "Customers who have a shoe size of less than 40 and have the wrapping box.",
    )
    assert explore(rule, by=MIA, language="zh").aloud == "鞋码不到40，而且包装是box的客户。"
    names = offered_values(by=MIA, language="zh").names()
    assert explore(rule, by=MIA, language="zh", names=names).aloud == "鞋码不到40，而且包装是盒的客户。"
    assert "marketing.own_value" in found.sql
    keep_segment("small", "Small feet", "小脚", rule, by=MIA, at=NOON)
    assert why_in_segment("small", her, by=MIA).why.is_in


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        (asked("own.number.shoe_size", "between", [38, 39]), 1), (asked("own.number.shoe_size", "is_known"), 2),
        (asked("own.number.shoe_size", "is_unknown"), 0), (asked("own.choice.wrapping", "none_of", ["box"]), 1),
        ({"none": [asked("own.number.shoe_size", "at_least", 40)["all"][0]]}, 1),  # type: ignore[index]
    ],
)  # fmt: skip
def test_every_way_of_asking_counts_the_same_as_one_would(rule: dict[str, object], count: int) -> None:
    a_shop_that_knows_shoes()
    assert explore(rule, by=MIA, language="en").count == count


def test_no_segment_asks_for_faith() -> None:
    a_shop_that_knows_shoes()
    assert [field.key for field in own_fields(by=MIA)] == ["own.number.shoe_size", "own.choice.wrapping"]
    with pytest.raises(BadInput, match="field_not_for_purpose"):
        explore(asked("own.text.faith", "any_of", ["quaker"]), by=MIA, language="en")


def test_she_sees_all_of_it_and_takes_it_along() -> None:
    open_shop(TODAY)
    three_attributes()
    her = ann()
    fill_own_attribute(her.number, "shoe_size", "38.5", by=DORA, because="told us", at=NOON)
    fill_own_attribute(her.number, "faith", "quaker", by=STEN, because="told us", at=NOON)
    assert {one.what.key for one in own_record(her.number, by=EMIL, at=NOON).own if one.plain} == {"shoe_size", "faith"}
    told = copy_of_own_data(her.number, by=EMIL, at=NOON)["own_attributes"]
    assert [(one["key"], one["value"]) for one in told] == [("faith", "quaker"), ("shoe_size", "38.5")]
