"""A campaign goes one way: drafted, ready, tested, rolled out, finished; or stopped."""

from dataclasses import replace
from typing import Any

import pytest

from regulars.records.campaigns.access import campaign, campaign_by_id, campaigns, steps_of, using_segment
from regulars.records.campaigns.actions import (
    NEXT,
    Draft,
    bring_in_finished,
    draft_campaign,
    enter,
    note_audience,
    note_result,
)
from regulars.records.campaigns.models import Campaign
from regulars.records.segments.actions import define_segment
from regulars.rules.permission.errors import BadInput, NotThere
from tests.cast import MIA, NOON

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def draft() -> Draft:
    segment = define_segment("regulars", "Regulars", {}, by=MIA, at=NOON, name_zh="熟客")
    return Draft("spring", "Spring", "email", "due_this_month", segment, 0.03, 0.05, "CNY")


def test_a_draft_is_as_it_was_said_with_its_segments_name(draft: Draft) -> None:
    made = draft_campaign(draft, by=MIA, at=NOON)
    facts = campaign("spring", by=MIA)
    assert (facts.id, facts.state, facts.owner, facts.segment_name_zh) == (made, "draft", "Mia", "熟客")
    assert facts == campaign_by_id(made, by=MIA)
    assert [facts] == campaigns(by=MIA) == using_segment(draft.segment_id, by=MIA)
    assert [(step.state, step.by) for step in steps_of(made, by=MIA)] == [("draft", "Mia")]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"key": ""}, "campaign_without_name"), ({"name": ""}, "campaign_without_name"),
        ({"threshold": 0.0}, "rate_out_of_range"), ({"threshold": 1.0}, "rate_out_of_range"),
        ({"expected_response": 1.5}, "rate_out_of_range"), ({"test_share": 0.0}, "shares_do_not_add_up"),
        ({"holdout_share": -0.1}, "shares_do_not_add_up"),
        ({"test_share": 0.8, "holdout_share": 0.3}, "shares_do_not_add_up"),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_are_refused(draft: Draft, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        draft_campaign(replace(draft, **wrong), by=MIA, at=NOON)
    assert Campaign.objects.count() == 0


def test_two_campaigns_of_one_key_there_cannot_be(draft: Draft) -> None:
    draft_campaign(draft, by=MIA, at=NOON)
    with pytest.raises(BadInput, match="campaign_key_taken"):
        draft_campaign(draft, by=MIA, at=NOON)


def test_the_whole_way(draft: Draft) -> None:
    made = draft_campaign(draft, by=MIA, at=NOON)
    way = ["ready", "testing", "passed", "rolling_out", "finished"]
    for state in way:
        enter(made, state, by=MIA, at=NOON, detail={"why": state})
    steps = steps_of(made, by=MIA)
    assert [step.state for step in steps] == ["draft", *way]
    assert steps[-1].detail == {"why": "finished"}


@pytest.mark.parametrize(("found", "wanted"), [(a, b) for a in NEXT for b in NEXT if b not in NEXT[a]])
def test_no_other_way_leads_anywhere(draft: Draft, found: str, wanted: str) -> None:
    made = draft_campaign(draft, by=MIA, at=NOON)
    Campaign.objects.filter(id=made).update(state=found)
    with pytest.raises(BadInput, match="no_way_to_state"):
        enter(made, wanted, by=MIA, at=NOON)
    assert campaign("spring", by=MIA).state == found


def test_what_is_not_there_is_said_so() -> None:
    for door in (
        lambda: campaign("nothing", by=MIA), lambda: campaign_by_id(0, by=MIA),
        lambda: enter(0, "ready", by=MIA, at=NOON),
    ):  # fmt: skip
        with pytest.raises(NotThere, match="no_such_campaign"):
            door()


def test_funnel_and_result_belong_to_it(draft: Draft) -> None:
    from regulars.records.audiences.actions import freeze_audience

    made = draft_campaign(draft, by=MIA, at=NOON)
    audience = freeze_audience(draft.segment_id, 1, {}, {}, by=MIA, at=NOON)
    note_audience(made, audience, {"everyone": 3})
    note_result(made, {"test": {"value": 0.1}})
    facts = campaign("spring", by=MIA)
    assert (facts.audience_id, facts.funnel, facts.result) == (audience, {"everyone": 3}, {"test": {"value": 0.1}})


def test_one_that_ran_before_us_is_brought_in_finished(draft: Draft) -> None:
    made = bring_in_finished(draft, by=MIA, sent_at=NOON, ended_at=NOON.replace(day=20))
    assert campaign("spring", by=MIA).state == "finished"
    assert [(step.state, step.at.day, step.detail) for step in steps_of(made, by=MIA)] == [
        ("rolling_out", 12, {"brought_in": True}), ("finished", 20, {"brought_in": True}),
    ]  # fmt: skip
