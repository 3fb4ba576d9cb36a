"""The company's own codes: added, named, retired, merged; complaints and preferences are noted under them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation

from regulars.desks.shared.codes_said import code_said, codes_offered
from regulars.journeys.keep_codes import add_code, change_code, codes_kept, merge_code, retire_code
from regulars.journeys.open_customer import open_card
from regulars.journeys.serve_customer import (
    hear_complaint,
    note_preference,
    prefer_no_more,
    read_complaint,
    reply_to_complaint,
    weigh_complaint,
)
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.records.access_log.models import ChangeEntry
from regulars.records.codes.access import forget_codes
from regulars.records.codes.models import Code as Row
from regulars.records.company.access import now
from regulars.records.free_texts.models import TextFlag
from regulars.rules.codes.tree import Code
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, STEN
from tests.story import shop, wanqing

TODAY = date(2026, 3, 12)
TEA = Code("preference", "tea", "taste", "tea", "茶")


@pytest.fixture(autouse=True)
def as_before(house: None) -> Iterator[None]:
    """Codes are the house's own beginning: they stand as before when a test is over."""
    before = list(Row.objects.values())
    yield
    Row.objects.all().delete()
    Row.objects.bulk_create(Row(**one) for one in before)
    forget_codes()


def test_a_code_of_ones_own_is_offered_beneath_its_parent_in_both_languages() -> None:
    add_code(TEA, by=STEN)
    offered = dict(codes_offered("preference", on=TODAY))
    assert offered["tea"].strip() == "tea"
    with translation.override("zh-hans"):
        assert code_said("preference", "tea") == "茶"
    places = [one.key for _, one in codes_kept("preference")]
    assert places.index("tea") == places.index("taste") + 1
    change_code("preference", "tea", by=STEN, label="green tea", label_zh="绿茶")
    assert code_said("preference", "tea") == "green tea"
    assert ChangeEntry.objects.filter(door="codes", subject="code preference tea").count() == 3


def test_what_was_noted_under_a_retired_or_merged_code_stays() -> None:
    wanqing(shop())
    add_code(TEA, by=STEN)
    note_preference("C-20418", code="tea", words="jasmine", by=DORA, at=now())
    retire_code("preference", "tea", after=TODAY - timedelta(days=1), by=STEN)
    assert "tea" not in dict(codes_offered("preference", on=TODAY))
    with pytest.raises(BadInput, match="code_not_valid"):
        note_preference("C-20418", code="tea", words="", by=DORA, at=now())
    card = open_card("C-20418", by=DORA, because="serving", at=now())
    assert [(one.code, one.words) for one in card.preferences] == [("tea", "jasmine")]
    merge_code("preference", "tea", "taste", on=TODAY, by=STEN)
    assert code_said("preference", "tea") == "taste"


@pytest.mark.parametrize(
    ("code", "mistake"),
    [
        (Code("preference", "Tea!", "", "tea", "茶"), "code_key_unfit"),
        (Code("preference", "tea", "", "tea", " "), "code_label_unfit"),
        (Code("preference", "tea", "", "t\x07ea", "茶"), "code_label_unfit"),
        (Code("preference", "tea", "nothing", "tea", "茶"), "code_parent_unknown"),
        (Code("preference", "tea", "", "tea", "茶", TODAY, TODAY - timedelta(days=1)), "code_days_swapped"),
        (Code("preference", "size", "", "size", "尺寸"), "code_taken"),
        (Code("nonsense", "a", "", "a", "a"), "code_kind_unknown"),
    ],
)
def test_a_code_that_cannot_be_is_refused(code: Code, mistake: str) -> None:
    with pytest.raises(BadInput, match=mistake):
        add_code(code, by=STEN)


def test_a_tree_has_no_circle_and_nobody_but_the_steward_touches_it() -> None:
    add_code(TEA, by=STEN)
    with pytest.raises(BadInput, match="code_parent_circle"):
        change_code("preference", "taste", by=STEN, parent_key="tea")
    merge_code("preference", "tea", "taste", on=TODAY, by=STEN)
    with pytest.raises(BadInput, match="code_merge_circle"):
        merge_code("preference", "taste", "tea", on=TODAY, by=STEN)
    with pytest.raises(BadInput, match="code_merge_unclear"):
        merge_code("preference", "size", "size", on=TODAY, by=STEN)
    with pytest.raises(NotThere):
        change_code("preference", "nothing", by=STEN, label="x")
    for other in (DORA, EMIL, MIA):
        with pytest.raises(Denied):
            add_code(TEA, by=other)


def test_a_complaint_has_a_code_a_weight_an_owner_and_an_answer() -> None:
    at = shop()
    wanqing(at)
    made = hear_complaint("C-20418", code="product-fault", detail="A button is missing", answer_by=now(), severity=3,
                          owner_id=at.dora, by=DORA, at=now())  # fmt: skip
    held = read_complaint("C-20418", made, by=DORA).complaint
    assert (held.code, held.severity, held.owner, held.answer) == ("product-fault", 3, "Dora", "")
    reply_to_complaint("C-20418", made, answer="A new button comes; she is a muslim, no pigskin", by=DORA, at=now())
    weigh_complaint("C-20418", made, severity=1, owner_id=None, by=DORA)
    held = read_complaint("C-20418", made, by=DORA).complaint
    assert (held.severity, held.owner, held.closed_at) == (1, None, None)
    assert held.answer.startswith("A new button")
    assert TextFlag.objects.filter(table_name="complaint", column_name="answer").exists()
    with pytest.raises(BadInput, match="code_not_valid"):
        hear_complaint("C-20418", code="nothing", detail="x", answer_by=None, owner_id=None, by=DORA, at=now())
    with pytest.raises(Denied):
        reply_to_complaint("C-20418", made, answer="x", by=MIA, at=now())


def test_a_preference_ends_and_is_in_her_own_copy() -> None:
    wanqing(shop())
    made = note_preference("C-20418", code="size", words="M", by=DORA, at=now())
    prefer_no_more("C-20418", made, by=DORA, at=now())
    assert open_card("C-20418", by=DORA, because="serving", at=now()).preferences == ()
    [hers] = copy_of_own_data("C-20418", by=EMIL, at=now())["preferences"]
    assert (hers["code"], hers["words"]) == ("size", "M")
    with pytest.raises(NotThere):
        prefer_no_more("C-20418", made, by=DORA, at=now())
