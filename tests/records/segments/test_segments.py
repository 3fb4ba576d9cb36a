"""A segment's rule is defined, changed with its past kept, counted and retired; its people are a bitmap."""

from datetime import timedelta

import pytest

from regulars.records.customers.access import open_customer
from regulars.records.segments.access import members_of, segment, segment_by_id, segments, versions_of
from regulars.records.segments.actions import (
    change_segment,
    define_segment,
    note_members,
    note_not_counted,
    rename_segment,
    retire_segment,
)
from regulars.records.segments.models import Segment
from regulars.records.segments.of_customer import segments_of
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.segments.members import Members
from tests.cast import DORA, MIA, NOON, ann, bob

pytestmark = pytest.mark.usefixtures("house")
OFTEN = {"all": [{"field": "frequency", "operator": "at_least", "value": 2}]}
RARELY = {"all": [{"field": "frequency", "operator": "at_most", "value": 1}]}
HOUR = timedelta(hours=1)


def test_a_segment_is_found_by_key_and_number() -> None:
    made = define_segment("often", "Often", OFTEN, by=MIA, at=NOON, name_zh="常来")
    facts = segment("often")
    assert (facts.id, facts.version, facts.made_by, facts.name_zh, facts.counted_at) == (made, 1, "Mia", "常来", None)
    assert segment_by_id(made) == facts
    for door in (lambda: segment("nothing"), lambda: segment_by_id(0)):
        with pytest.raises(NotThere, match="no_such_segment"):
            door()


def test_a_name_it_must_have_and_a_key_of_its_own() -> None:
    define_segment("often", "Often", OFTEN, by=MIA, at=NOON)
    with pytest.raises(BadInput, match="segment_key_taken"):
        define_segment("often", "Again", OFTEN, by=MIA, at=NOON)
    for impossible in ("new", "a/b", "春"):
        with pytest.raises(BadInput, match="key_not_possible"):
            define_segment(impossible, "X", OFTEN, by=MIA, at=NOON)
    for key, name in (("", "X"), ("x", "")):
        with pytest.raises(BadInput, match="segment_without_name"):
            define_segment(key, name, OFTEN, by=MIA, at=NOON)


def test_what_the_rule_said_before_stays_readable() -> None:
    made = define_segment("often", "Often", OFTEN, by=MIA, at=NOON)
    note_members(made, Members([1]), worth_minor=5, at=NOON)
    assert change_segment("often", RARELY, by=MIA, at=NOON + HOUR) == 2
    assert change_segment("often", RARELY, by=MIA, at=NOON + HOUR) == 2
    assert segment("often").rule == RARELY
    assert segment("often").counted_at is None
    assert [(one.version, one.rule, one.changed_at) for one in versions_of(made)] == [(1, OFTEN, NOON + HOUR)]


def test_a_retired_segment_is_kept_and_not_offered() -> None:
    define_segment("often", "Often", OFTEN, by=MIA, at=NOON)
    retire_segment("often", at=NOON)
    assert segments() == []
    assert segment("often").name == "Often"
    with pytest.raises(NotThere):
        change_segment("often", RARELY, by=MIA, at=NOON)


def test_the_worthiest_comes_first_and_names_may_change() -> None:
    for key, worth in (("a", 5), ("b", 9)):
        note_members(define_segment(key, key, OFTEN, by=MIA, at=NOON), Members([1, 2]), worth_minor=worth, at=NOON)
    rename_segment("a", "Amber", "琥珀")
    assert [(one.name, one.count, one.worth_minor) for one in segments()] == [("b", 2, 9), ("Amber", 2, 5)]


def test_members_are_those_of_the_last_count() -> None:
    for key, ids in (("a", [1, 2, 3]), ("b", [])):
        note_members(define_segment(key, key, OFTEN, by=MIA, at=NOON), Members(ids), worth_minor=0, at=NOON)
    define_segment("uncounted", "Uncounted", OFTEN, by=MIA, at=NOON)
    assert members_of() == {"a": Members([1, 2, 3]), "b": Members()}
    assert members_of(["a"]) == {"a": Members([1, 2, 3])}


def test_a_card_shows_the_rarest_segment_first_and_follows_the_next_count() -> None:
    who, other = ann(), bob()
    for key, ids in (("all", [who.id, other.id]), ("few", [who.id]), ("not_hers", [other.id])):
        note_members(define_segment(key, key.title(), OFTEN, by=MIA, at=NOON), Members(ids), worth_minor=0, at=NOON)
    opened, _ = open_customer(who.number, by=DORA, because="test")
    assert [one.key for one in segments_of(opened)] == ["few", "all"]
    note_members(segment("few").id, Members(), worth_minor=0, at=NOON + HOUR)
    assert [one.key for one in segments_of(opened)] == ["all"]
    Segment.objects.filter(key="all").update(counted_at=None)
    assert segments_of(opened) == []


def test_a_segment_that_cannot_be_read_says_why_and_holds_nobody() -> None:
    made = define_segment("often", "Often", OFTEN, by=MIA, at=NOON)
    note_members(made, Members([1]), worth_minor=5, at=NOON)
    assert segment("often").mistake is None
    gone = {"all": [{"field": "shoe_size", "operator": "at_least", "value": 42}]}
    Segment.objects.filter(id=made).update(rule=gone)
    mistake = segment("often").mistake
    assert mistake is not None
    assert (mistake.code, mistake.values["field"]) == ("field_unknown", "shoe_size")
    note_not_counted([made])
    assert (segment("often").counted_at, members_of(), members_of(["often"])) == (None, {}, {})
