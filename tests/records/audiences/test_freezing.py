"""A living segment frozen for one campaign: exactly these people, each in the arm drawn for them, for good."""

import numpy as np
import pytest
from psycopg.errors import UniqueViolation

from regulars.records.audiences.actions import freeze_audience
from regulars.records.audiences.models import Audience, AudienceMember
from regulars.records.segments.actions import change_segment, define_segment
from tests.cast import MIA, NOON, ann, bob, cleo

pytestmark = pytest.mark.usefixtures("house")
RULE = {"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}


def ids(*people: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(people, np.int64)


def test_everybody_is_on_it_in_their_arm() -> None:
    segment = define_segment("all", "All", RULE, by=MIA, at=NOON)
    a, b, c = (who.id for who in (ann(), bob(), cleo()))
    made = freeze_audience(segment, 1, RULE, {"test": ids(a), "holdout": ids(b, c)}, by=MIA, at=NOON)
    assert dict(AudienceMember.objects.filter(audience=made).values_list("customer_id", "arm")) == {
        a: "test", b: "holdout", c: "holdout",
    }  # fmt: skip
    kept = Audience.objects.get(id=made)
    assert (kept.size, kept.frozen_by, kept.frozen_at, kept.segment_version) == (3, "Mia", NOON, 1)


def test_what_the_segment_becomes_later_does_not_change_it() -> None:
    segment = define_segment("all", "All", RULE, by=MIA, at=NOON)
    made = freeze_audience(segment, 1, RULE, {"test": ids(ann().id)}, by=MIA, at=NOON)
    change_segment("all", {"all": []}, by=MIA, at=NOON)
    assert Audience.objects.get(id=made).rule == RULE


def test_nobody_is_a_list_too_and_nobody_is_on_one_twice() -> None:
    segment = define_segment("all", "All", RULE, by=MIA, at=NOON)
    assert Audience.objects.get(id=freeze_audience(segment, 1, RULE, {}, by=MIA, at=NOON)).size == 0
    a = ann().id
    with pytest.raises(UniqueViolation):
        freeze_audience(segment, 1, RULE, {"test": ids(a), "holdout": ids(a)}, by=MIA, at=NOON)
    assert Audience.objects.count() == 1
