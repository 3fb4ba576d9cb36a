"""Settings are proposed, confirmed, remembered; what a file does not settle is asked."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.meanings import BY_KEY
from regulars.rules.intake.proposing import propose
from regulars.rules.permission.errors import BadInput
from tests.rules.intake.orders import settings


@given(
    st.dictionaries(st.sampled_from(sorted(BY_KEY)), st.text(min_size=1, max_size=20)),
    st.sampled_from(["ymd", "dmy", "mdy"]),
    st.sampled_from([(), ("day",), ("branch", "day")]),
)
def test_settings_survive_json(columns: dict[str, str], order: str, within: tuple[str, ...]) -> None:
    said = ImportSettings(
        "orders", "till", columns, date_order=order, order_within=within, headers=tuple(columns.values())
    )
    assert ImportSettings.from_json(json.loads(json.dumps(said.to_json()))) == said


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"zone": "Moon/Crater"}, "zone_unknown"),
        ({"zone": "../../etc/passwd"}, "zone_unknown"),
        ({"currency": "XXX"}, "currency_unknown"),
        ({"kind": "bills"}, "kind_unknown"),
        ({"source_ref": " "}, "source_missing"),
        ({"decimal_mark": ";"}, "decimal_mark_unknown"),
        ({"columns": {"favourite": "x"}}, "meaning_unknown"),
    ],
)
def test_settings_that_cannot_work_are_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        ImportSettings.from_json(settings().to_json() | change)
    assert refusal.value.code == code


def test_damaged_settings_are_refused() -> None:
    with pytest.raises(BadInput) as refusal:
        ImportSettings.from_json({"kind": "orders"})
    assert refusal.value.code == "settings_damaged"


def test_a_doubtful_date_is_a_question_not_a_guess() -> None:
    rows = [["1", "A", "03/12/2026", "5"]] * 3
    found = propose(["order", "customer", "date", "amount"], rows, source_ref="till", country="US")
    assert [(q.code, q.setting) for q in found.questions] == [("date_order_unclear", "date_order")]
    assert found.questions[0].values == {"column": "date", "example": "03/12/2026"}
    assert found.settings.date_order == "mdy"


def test_missing_meanings_are_asked_for() -> None:
    found = propose(["what", "ever"], [["x", "y"]], source_ref="till", kind="orders")
    assert {q.values["meaning"] for q in found.questions} == {"customer_ref", "ordered_at", "amount"}


def test_currency_and_decimal_mark_come_from_the_values() -> None:
    rows = [["1", "A", "12.03.2026", "1.234,50 €"], ["2", "B", "13.03.2026", "8,00 €"]]
    found = propose(["Beleg", "Kunde", "Datum", "Betrag"], rows, source_ref="till").settings
    assert (found.currency, found.decimal_mark, found.date_order) == ("EUR", ",", "dmy")


def test_an_order_total_on_every_line_is_not_counted_once_per_line() -> None:
    rows = [
        ["1", "A", "2026-03-12", "5", "12"],
        ["1", "A", "2026-03-12", "7", "12"],
        ["2", "B", "2026-03-12", "3", "3"],
    ]
    found = propose(["order", "customer", "date", "price", "total"], rows, source_ref="till")
    assert "amount" not in found.settings.columns
    assert [q.code for q in found.questions] == ["amount_is_order_total"]


def test_numbers_that_begin_again_each_day_are_kept_apart_by_day() -> None:
    rows = [[str(n), f"C{day}{n}", f"2026-03-{day}", "5"] for day in range(10, 14) for n in range(3)]
    found = propose(["order", "customer", "date", "amount"], rows, source_ref="till")
    assert found.settings.order_within == ("day",)
    assert [q.code for q in found.questions] == ["order_number_comes_again"]


def test_remembered_settings_that_a_new_file_contradicts_are_asked_about() -> None:
    headers = list(settings().columns.values())
    before = dataclasses.replace(settings(), date_order="mdy")
    row = ["1", "1", "ANN", "25/12/2026", "TEA", "1", "1.234,50"]
    again = propose(headers, [row], source_ref="till", remembered=before)
    assert [(q.code, q.values["example"]) for q in again.questions] == [
        ("date_order_contradictory", "25/12/2026"),
        ("decimal_mark_unclear", "1.234,50"),
    ]


def test_remembered_settings_are_taken_over_while_they_fit() -> None:
    headers = list(settings().columns.values())
    before = dataclasses.replace(settings(), currency="EUR", date_order="mdy")
    again = propose(headers, [["1"] * len(headers)], source_ref="till", remembered=before)
    assert (again.settings, again.questions) == (before, ())
    changed = propose(["order", "customer"], [["1", "2"]], source_ref="till", remembered=before)
    assert changed.settings != before
