"""A campaign as a whole: what was planned, how far it has come, who was left, a few of them with the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from regulars.journeys.judge_campaign import look_at_test
from regulars.records.campaigns.access import CampaignFacts, StepFacts, campaign, steps_of
from regulars.records.contacts.access import ContactLine, sample_contacts, state_counts
from regulars.records.segments.access import SegmentFacts, segment_by_id
from regulars.rules.permission.asking import Asker

#: A few of each: written to in the test, kept for the roll-out, held out, made to wait by tact.
SAMPLED: Final = (
    ("sent", "test", 2),
    ("sent", "rollout", 1),
    ("holdout", "holdout", 1),
    ("held", "", 2),
    ("refused", "", 1),
)
OWNED: Final = frozenset({"marketer", "officer"})


@dataclass(frozen=True, slots=True)
class OpenedCampaign:
    """The campaign, the states it went through, its contacts by (arm, state), and some as the view shows them."""

    facts: CampaignFacts
    segment: SegmentFacts
    steps: Sequence[StepFacts]
    counts: Mapping[tuple[str, str], int]
    samples: Sequence[ContactLine]

    def in_state(self, *states: str) -> int:
        """How many contacts are in one of these states."""
        return sum(count for (_arm, state), count in self.counts.items() if state in states)

    def entered(self, state: str) -> datetime | None:
        """When the campaign entered a state, if it did."""
        return next((step.at for step in self.steps if step.state == state), None)


def open_campaign(key: str, *, by: Asker, at: datetime) -> OpenedCampaign:
    """The campaign of that key; NotThere when there is none. The samples are logged, a look at its test is counted."""
    facts = look_at_test(campaign(key, by=by), by=by, at=at)
    counts = state_counts(facts.id, by=by)
    return OpenedCampaign(
        facts, segment_by_id(facts.segment_id), steps_of(facts.id, by=by), counts, _samples(facts, counts, by)
    )


def _samples(facts: CampaignFacts, counts: Mapping[tuple[str, str], int], by: Asker) -> list[ContactLine]:
    found: dict[object, ContactLine] = {}
    for state, arm, limit in SAMPLED:
        if any(have == state and (not arm or of == arm) for of, have in counts):
            lines = sample_contacts(
                facts.id, by=by, because=f"samples of campaign {facts.key}", state=state, arm=arm, limit=limit
            )
            found |= {line.id: line for line in lines}
    return list(found.values())
