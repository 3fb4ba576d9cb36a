"""Segments: built row by row, tried before they are kept, changed with their past kept."""

import json
import re

import pytest
from django.http import QueryDict
from hypothesis import given, settings

from regulars.desks.marketing.rule_form import Draft, changed, draft_in, draft_of, rule_of
from regulars.records.access_log.models import AccessEntry
from regulars.records.segments.actions import define_segment
from regulars.records.segments.models import Segment
from regulars.rules.segments.rule import Group, as_data, parse
from tests.cast import MIA, NOON
from tests.desks.marketing.corner_shop import TODAY, corner_shop
from tests.desks.visitors import signed_in
from tests.rules.segments.cast import rules
from tests.shop import EVERYBODY, refreshed

OFTEN = {
    "parts": "1",
    "joined": "all",
    "p1-kind": "one",
    "p1-field": "frequency",
    "p1-was": "frequency",
    "p1-operator": "at_least",
    "p1-value": "5",
}


def draft_rule() -> dict[str, object]:
    return {"all": [{"field": "frequency", "operator": "at_least", "value": 5}]}


def nothing(_field: str, _typed: str) -> list[str]:
    return []


@settings(max_examples=150, deadline=None)
@given(rules)
def test_a_rule_survives_the_form(rule: Group) -> None:
    data = json.loads(json.dumps(as_data(rule)))
    draft = draft_of(data, digits=2)
    if draft is None:
        return  # nested deeper than rows can show
    again, _places = rule_of(draft, digits=2)
    wanted = data if "none" not in data else {"all": [data]}
    assert as_data(parse(again)) == as_data(parse(wanted))


def test_rows_are_added_moved_grouped_and_removed() -> None:
    draft = changed(changed(Draft(), "add"), "add-group")
    assert [part.kind for part in draft.parts] == ["one", "any"]
    assert len(changed(draft, "add-in:2").parts[1].rows) == 3
    assert [part.kind for part in changed(draft, "up:2").parts] == ["any", "one"]
    assert len(changed(draft, "drop:2-1").parts[1].rows) == 1
    assert len(changed(draft, "drop:1").parts) == 1
    for nonsense in ("", "drop:", "drop:9", "up:1", "down:2", "fly:1", "add-in:x"):
        assert changed(draft, nonsense) == draft


def test_another_field_forgets_what_was_typed_for_the_first() -> None:
    draft = draft_in(QueryDict("parts=1&p1-field=city&p1-was=frequency&p1-operator=at_least&p1-value=3"), nothing)
    row = draft.parts[0].rows[0]
    assert (row.field, row.operator, row.value, row.is_filled) == ("city", "", "", False)


@pytest.mark.usefixtures("house")
class TestPages:
    def test_a_rule_is_counted_before_it_is_kept(self) -> None:
        corner_shop()
        page = signed_in("mia").post("/segments/try/", OFTEN).content.decode()
        assert re.search(r"<b>2 <small>people", page)
        assert "have bought at least 5 times" in page
        assert "marketing.customer" in page
        assert not Segment.objects.exclude(key="everybody").exists()

    def test_with_counts_alone_nothing_typed_comes_back(self) -> None:
        corner_shop(3)
        page = signed_in("mia").post("/segments/try/?part=counts", OFTEN).content.decode()
        assert 'id="left-1" hx-swap-oob="true"' in page
        assert "<input" not in page

    def test_a_segment_has_a_page_whatever_its_key(self) -> None:
        corner_shop()
        mia = signed_in("mia")
        for key in ("fields", "v1.2"):
            define_segment(key, key, EVERYBODY, by=MIA, at=NOON)
            assert f'href="/segments/{key}/"' in mia.get("/segments/").content.decode()
            assert mia.get(f"/segments/{key}/").status_code == 200

    def test_a_name_may_come_again_after_its_segment_was_retired(self) -> None:
        corner_shop()
        mia = signed_in("mia")
        for place in ("/segments/new-2/", "/segments/new-3/"):
            kept = mia.post("/segments/new/", {**OFTEN, "do": "save", "name": "New"})
            assert kept["Location"] == place
            assert mia.get(place).status_code == 200
            assert mia.post(f"{place}away/").status_code == 302

    def test_mia_keeps_a_segment_and_changes_it(self) -> None:
        corner_shop()
        mia = signed_in("mia")
        kept = mia.post("/segments/new/", {**OFTEN, "do": "save", "name": "Often here", "name_zh": "常来的"})
        assert kept["Location"] == "/segments/often-here/"
        page = mia.get("/segments/often-here/").content.decode()
        assert "2 <small>people" in page
        assert 'href="/people/?segment=often-here"' in page
        mia.post("/segments/often-here/", {**OFTEN, "p1-value": "2", "do": "save"})
        page = mia.get("/segments/often-here/").content.decode()
        assert "2 versions" in page
        assert "at least 5 times" in page

    def test_in_chinese_no_space_stands_between_two_sentences(self) -> None:
        corner_shop(5)
        mia = signed_in("mia", "zh-hans")
        for path in ("/segments/", "/segments/everybody/"):
            text = re.sub("<[^>]+>", "", mia.get(path).content.decode())
            assert not re.findall(r".{8}。 +\S.{8}", text), path

    def test_two_segments_of_one_name_have_two_addresses(self) -> None:
        corner_shop(1)
        mia = signed_in("mia")
        places = [
            mia.post("/segments/new/", {**OFTEN, "do": "save", "name_zh": "常来的"})["Location"] for _ in range(2)
        ]
        assert places == ["/segments/segment/", "/segments/segment-2/"]

    def test_without_a_name_it_is_told_and_nothing_typed_is_lost(self) -> None:
        corner_shop(1)
        answer = signed_in("mia").post("/segments/new/", {**OFTEN, "do": "save"})
        assert answer.status_code == 400
        assert 'value="5"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"p1-value": "many"}, "not a number"),
            ({"p1-value": "-3"}, "outside"),
            ({"p1-operator": "between", "p1-value": "9", "p1-value2": "2"}, "wrong way round"),
        ],
    )
    def test_what_cannot_be_asked_is_told_at_its_row(self, typed: dict[str, str], told: str) -> None:
        corner_shop(1)
        page = signed_in("mia").post("/segments/try/", {**OFTEN, **typed}).content.decode()
        alert = re.search(r'id="left-1".*?<small class="heed" role="alert">(.+?)</small>', page, re.DOTALL)
        assert alert is not None
        assert told in alert[1]

    def test_json_may_be_deeper_than_rows(self) -> None:
        corner_shop(3)
        deep = {"all": [{"any": [{"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}]}]}
        page = signed_in("mia").post("/segments/try/", {"json": json.dumps(deep), "do": "json"}).content.decode()
        assert "nested deeper" in page
        assert "6 <small>people" in page
        page = signed_in("mia").post("/segments/try/", {"json": "{", "do": "json"}).content.decode()
        assert "not JSON" in page

    def test_a_ready_segment_is_taken_once(self) -> None:
        corner_shop(1)
        mia = signed_in("mia")
        assert mia.post("/ready-segments/champions/")["Location"] == "/segments/champions/"
        assert mia.post("/ready-segments/champions/").status_code == 400
        assert mia.post("/ready-segments/nonsense/").status_code == 400
        assert "Champions" not in re.findall(r'<ul class="readies">.*</ul>', mia.get("/segments/").content.decode())[0]

    def test_emil_reads_and_changes_nothing(self) -> None:
        corner_shop(1)
        emil = signed_in("emil")
        page = emil.get("/segments/everybody/").content.decode()
        assert 'value="save"' not in page
        assert emil.post("/segments/everybody/", {**OFTEN, "do": "save"}).status_code in (400, 403)
        for path in (
            "/segments/new/",
            "/ready-segments/champions/",
            "/segments/everybody/names/",
            "/segments/everybody/away/",
        ):
            assert emil.post(path, {}).status_code == 403
        assert Segment.objects.get().version == 1

    def test_a_rule_nobody_can_read_is_shown_with_its_reason_and_mended(self) -> None:
        corner_shop(1)
        mia = signed_in("mia")
        mia.post("/segments/new/", {**OFTEN, "do": "save", "name": "Large feet"})
        gone = {"all": [{"field": "shoe_size", "operator": "at_least", "value": 42}]}
        Segment.objects.filter(key="large-feet").update(rule=gone)
        refreshed(TODAY)
        everything = mia.get("/segments/").content.decode()
        assert "1 segment is set aside" in everything
        assert everything.count("no field called shoe_size") == 1
        page = mia.get("/segments/large-feet/").content.decode()
        assert "no field called shoe_size" in page
        assert "shoe_size&#34;" in page
        assert "Write to them" not in page
        assert "nested deeper" not in page
        assert 'value="large-feet"' not in mia.get("/campaigns/new/").content.decode()
        mended = {"do": "save", "json": json.dumps(draft_rule())}
        assert mia.post("/segments/large-feet/", mended)["Location"] == "/segments/large-feet/"
        page = mia.get("/segments/large-feet/").content.decode()
        assert "set aside" not in page
        assert "no field called shoe_size" in page, "what it said before stays readable"

    def test_dora_has_no_segments(self) -> None:
        corner_shop(1)
        for path in ("/segments/", "/segments/everybody/"):
            assert signed_in("dora").get(path).status_code == 403

    def test_why_somebody_is_in_it_opens_that_one_file(self) -> None:
        people = corner_shop(1)
        signed_in("mia").post("/segments/new/", {**OFTEN, "do": "save", "name": "Often"})
        page = signed_in("mia").get(f"/segments/often/why/?customer={people[2].number}").content.decode()
        assert "was not in it on" in page
        assert "have bought at least 5 times" in page
        assert AccessEntry.objects.filter(customer_id=people[2].id, because="why in segment often").exists()

    def test_of_bob_mia_learns_nothing(self) -> None:
        people = corner_shop(1)
        told = [
            signed_in("mia").get(f"/segments/everybody/why/?customer={number}").content.decode()
            for number in (people[1].number, "C-99999")
        ]
        notes = [re.findall(r'<div class="note heed">.*?</div></div>', page, re.DOTALL) for page in told]
        assert notes[0] == notes[1] != []

    def test_it_is_renamed_and_put_away(self) -> None:
        corner_shop(1)
        mia = signed_in("mia")
        mia.post("/segments/everybody/names/", {"name": "All", "name_zh": "所有人"})
        assert "All" in mia.get("/segments/").content.decode()
        mia.post("/segments/everybody/away/")
        assert "everybody" not in mia.get("/segments/").content.decode()

    def test_names_that_are_markup_stay_names(self) -> None:
        corner_shop(1)
        mia = signed_in("mia")
        place = mia.post("/segments/new/", {**OFTEN, "do": "save", "name": "<script>alert(1)</script>"})["Location"]
        page = mia.get(place).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_the_pages_open_in_both_languages(self, language: str) -> None:
        corner_shop(2)
        mia = signed_in("mia", language)
        for path in (
            "/segments/",
            "/segments/new/",
            "/segments/new/?ready=due_this_month",
            "/segments/everybody/",
            "/segments/everybody/why/",
        ):
            answer = mia.get(path)
            assert answer.status_code == 200, path
            assert "%(" not in answer.content.decode()

    @pytest.mark.parametrize("rule", ["[" * 5_000, '{"all":' * 3_000, "{", '"all"', "5", '{"all": []}'])
    def test_a_link_with_a_broken_rule_is_a_sentence(self, rule: str) -> None:
        corner_shop(1)
        mia = signed_in("mia")
        answer = mia.get("/segments/new/", {"rule": rule})
        assert answer.status_code == 400
        assert "the link is broken" in answer.content.decode()
