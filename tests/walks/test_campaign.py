"""The walk of docs/walks/campaign.md, step by step, with a real mail server and real requests."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import sqrt
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from regulars.connections.mail.post_box import PostBox
from regulars.journeys.draw_responder_profile import draw_responder_profile
from regulars.journeys.explore_segment import explore
from regulars.journeys.judge_campaign import finish_campaign, judge_test, record_campaign_answers
from regulars.journeys.plan_campaign import Prepared, contact_for, prepare_campaign, preview_funnel
from regulars.journeys.send_campaign import send_waiting, start_roll_out, start_test
from regulars.records.campaigns.access import CampaignFacts, campaign, steps_of
from regulars.records.choices.models import ChoiceEntry
from regulars.records.contacts.access import contacts_where, drawn_people
from regulars.records.contacts.answers import Answer
from regulars.records.contacts.models import Contact, Response
from regulars.records.customers.access import find_customers
from regulars.records.customers.models import Customer
from regulars.records.segments.access import segment_by_id
from regulars.records.touchpoints.models import Complaint
from regulars.rules.experiments.split import Shares, arm_of
from tests.browser import address
from tests.cast import MIA, NOON, bob, customer, said
from tests.records.contacts.planned import campaign as earlier_campaign
from tests.records.contacts.planned import plan
from tests.shop import everybody_segment, open_shop, refreshed, sell, spring_campaign
from tests.walks.steps import Steps, walk_through

__all__ = ["address"]
pytestmark = [pytest.mark.usefixtures("house"), pytest.mark.slow]
TODAY = date(2026, 3, 12)
DAY = timedelta(days=1)
REGULARS = range(1, 161)
FIRST_ID = 700_000  # with ids and the key of the draw said, everybody's arm is the same every time
HALF = len(REGULARS) // 2
STEPS = Steps()


@dataclass
class Story:
    """What the steps hand to each other."""

    post_box: PostBox
    address: str
    segment: int = 0
    key: str = ""
    prepared: Prepared | None = None
    people: dict[int, Customer] = field(default_factory=dict)
    way_out: str = ""
    carl: int = 0
    ann: int = 0

    @property
    def facts(self) -> CampaignFacts:
        return campaign(self.key, by=MIA)

    def arm(self, name: str) -> list[int]:
        """The ids of everybody drawn into that arm, in order."""
        return sorted(person for person, arm in drawn_people(self.facts.id).items() if arm == name)

    def sent(self) -> set[int]:
        sent = Contact.objects.filter(campaign_id=self.facts.id, state="sent")
        return set(sent.values_list("customer_id", flat=True))


def now() -> datetime:
    return NOON


def city(number: int) -> str:
    return "Hangzhou" if number <= HALF else "Suzhou"


@STEPS.says(
    "A shop has 160 regulars with a mail address, 80 in Hangzhou and 80 in Suzhou. All of them bought in February."
)
def a_shop(story: Story) -> None:
    open_shop(TODAY)
    for number in REGULARS:
        name = f"Regular Number{number:03}"
        who = customer(name, id=FIRST_ID + number, email=f"regular{number}@example.com", city=city(number))
        story.people[who.id] = who
        sell(who, date(2026, 2, 1 + number % 20), 10_000)


@STEPS.says(
    "Five people more have bought, and may not be written to: Bob said no, Otto has a complaint open, Yuki is a "
    "child whose mother said yes, Mo has no mail address, and Lena was written to three times this month."
)
def five_more(story: Story) -> None:
    otto, lena = customer("Otto Cross", email="otto@example.com"), customer("Lena Often", email="lena@example.com")
    yuki = customer("Yuki Young", email="yuki@example.com", birth_on=date(2015, 6, 1))
    for channel in ("", "email"):
        ChoiceEntry.objects.create(
            customer=yuki, purpose="direct_marketing", channel=channel, value="granted", at=NOON, by="her mother",
            source="counter", by_guardian=True,
        )  # fmt: skip
    for who in (bob(), otto, lena, yuki, customer("Mo Silent")):
        sell(who, date(2026, 2, 5), 10_000)
    Complaint.objects.create(customer=otto, opened_at=NOON - DAY, code="repair")
    for number in range(3):
        one = earlier_campaign(f"earlier-{number}", state="finished")
        plan(one, lena, "sent")
        Contact.objects.filter(campaign=one).update(sent_at=NOON - (2 + number) * DAY)
    refreshed(TODAY)


@STEPS.says(
    "Mia's segment is everybody who bought. Before anything is kept, she sees the funnel: 165 people; one closed "
    "marketing, one cannot be reached, one is too young, one has a complaint open, one was contacted enough; 160 "
    "are left."
)
def the_funnel(story: Story) -> None:
    story.segment = everybody_segment()
    story.key = spring_campaign(story.segment, test_share=0.4, holdout_share=0.2, threshold=0.1, cost_each_minor=5)
    contact = contact_for(story.facts, NOON)
    funnel = preview_funnel(segment_by_id(story.segment), contact, by=MIA, as_of=TODAY)
    assert (funnel.everyone, funnel.left) == (165, 160)
    taken = {step.rule: step.taken for step in funnel.steps if step.taken}
    assert taken == {"direct_marketing": 1, "channel": 1, "minor": 1, "complaint": 1, "frequency_cap": 1}
    assert not Contact.objects.filter(campaign_id=story.facts.id).exists()


@STEPS.says("She sees that somebody said no, and never who: Bob is in no list of hers.")
def bob_is_in_no_list(story: Story) -> None:
    assert find_customers("bob", by=MIA, because="walk") == []
    found = explore({"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}, by=MIA, language="en")
    assert (found.count, found.visible) == (165, 164)


@STEPS.says(
    "She drafts the campaign: what it says, what response she expects, from which on it is worth going on, and "
    "how many are tested and left out."
)
def a_draft(story: Story) -> None:
    facts = story.facts
    assert (facts.state, facts.subject, facts.owner) == ("draft", "Spring, {given_name}", "Mia")
    assert (facts.expected_response, facts.threshold, facts.test_share, facts.holdout_share) == (0.05, 0.1, 0.4, 0.2)


@STEPS.says(
    "It is made ready. The audience is frozen, everybody in it has nine answers of the gate, and each of the 160 "
    "is drawn into the test group, the roll-out or the hold-out. A newcomer of tomorrow is not in it."
)
def made_ready(story: Story) -> None:
    story.prepared = prepare_campaign(story.key, by=MIA, at=NOON, as_of=TODAY)
    assert (story.prepared.everyone, story.prepared.allowed, sum(story.prepared.arms.values())) == (165, 160, 160)
    contacts = Contact.objects.filter(campaign_id=story.facts.id)
    assert {len(reasons) for reasons in contacts.values_list("reasons", flat=True)} == {9}
    newcomer = customer("Newcomer Later", email="later@example.com")
    sell(newcomer, date(2026, 3, 11), 10_000)
    refreshed(TODAY)
    assert contacts.count() == 165
    assert not contacts.filter(customer=newcomer).exists()


@STEPS.says("The draw is no dice: whoever has the key draws the same again, and nobody without it can foresee an arm.")
def the_draw(story: Story) -> None:
    shares = Shares(0.4, 0.2)

    def drawn_with(key: bytes) -> dict[int, str]:
        return {person: arm_of(person, shares, campaign=story.key, key=key) for person in story.people}

    kept = drawn_people(story.facts.id)
    assert drawn_with(settings.KEYS.read("split")) == kept
    others = drawn_with(bytes(32))
    assert sum(others[person] == arm for person, arm in kept.items()) < 0.6 * len(kept)


@STEPS.says("Before the test begins Ann, who is in the test group, says no. Nobody tells the campaign.")
def ann_says_no(story: Story) -> None:
    story.ann, story.carl, *_ = story.arm("test")
    said(story.people[story.ann], "direct_marketing", "denied", at=NOON + timedelta(minutes=1))
    assert Contact.objects.get(campaign_id=story.facts.id, customer_id=story.ann).state == "waiting"


@STEPS.says(
    "The test begins. Everybody in the test group gets one message through the mail server, with her own name and "
    "a way out; Ann gets none, because the gate is asked again in the second of sending."
)
def the_test_begins(story: Story) -> None:
    start_test(story.key, by=MIA, at=NOON)
    report = send_waiting(story.key, by=MIA, now=now)
    assert report.states == {"sent": len(story.arm("test")) - 1, "refused": 1}
    assert story.sent() == set(story.arm("test")) - {story.ann}
    letters = [story.post_box.message(one) for one in story.post_box.arrivals()]
    assert {str(letter["To"].addresses[0].addr_spec) for letter in letters} == {
        f"regular{person - FIRST_ID}@example.com" for person in story.sent()
    }
    hers = next(letter for letter in letters if f"regular{story.carl - FIRST_ID}@" in str(letter["To"]))
    assert hers["Subject"] == "Spring, Regular"
    assert hers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    story.way_out = urlsplit(hers["List-Unsubscribe"].strip("<>")).path
    refused = Contact.objects.get(campaign_id=story.facts.id, customer_id=story.ann)
    assert next(one["code"] for one in refused.reasons if one["answer"] == "stop") == "marketing_closed"


@STEPS.says("Sending once more sends nothing. The roll-out and the hold-out have got nothing at all.")
def once_more(story: Story) -> None:
    assert send_waiting(story.key, by=MIA, now=now).states == {}
    assert set(story.post_box.arrivals().values()) == {1}
    assert not story.sent() & {*story.arm("rollout"), *story.arm("holdout")}


def allows(story: Story) -> tuple[bool, bool, bool]:
    """Carl's: mail, letters, marketing as a whole."""
    kept = Customer.objects.get(id=story.carl)
    return kept.allows_email, kept.allows_letter, kept.allows_direct_marketing


def asked(story: Story, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
    """Status and headers of the answer to one request of a program without a past."""
    connection = http.client.HTTPConnection(urlsplit(story.address).netloc, timeout=30)
    connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    connection.close()
    return answer.status, str(answer.headers)


@STEPS.says("Carl's mail program asks for the way out, as mail scanners do. Nothing happens by asking.")
def a_scanner_asks(story: Story) -> None:
    assert asked(story, "GET", story.way_out)[0] == 200
    assert allows(story) == (True, True, True)


@STEPS.says(
    "Carl presses the button of his mail program: one request, no page, no sign-in. From that second no "
    "advertising reaches him by mail; letters still may."
)
def one_click(story: Story) -> None:
    body = b"List-Unsubscribe=One-Click"
    status, headers = asked(story, "POST", story.way_out, body)
    assert (status, settings.SESSION_COOKIE_NAME in headers) == (200, False)
    assert allows(story) == (False, True, True)
    assert Response.objects.get(customer_id=story.carl).kind == "unsubscribe"
    assert asked(story, "POST", f"{story.way_out[:-4]}xxx/", body)[0] == 404


def coupons(people: list[int], at: datetime) -> list[Answer]:
    return [Answer(person, "redemption", at, f"coupon of {person}") for person in people]


def answering(people: list[int], hangzhou: int, suzhou: int) -> list[int]:
    """The first so many of each city."""
    of_city = {name: [p for p in people if city(p - FIRST_ID) == name] for name in ("Hangzhou", "Suzhou")}
    return of_city["Hangzhou"][:hangzhou] + of_city["Suzhou"][:suzhou]


@STEPS.says("Coupons come back: most from Hangzhou, few from Suzhou. Told twice, each counts once.")
def coupons_come(story: Story) -> None:
    answers = coupons(answering(sorted(story.sent()), 20, 1), NOON + DAY)
    assert record_campaign_answers(story.key, answers, by=MIA) == 21
    assert record_campaign_answers(story.key, answers, by=MIA) == 0


@STEPS.says(
    "The test is judged: even the lower limit of the response is above what Mia had asked for. The roll-out is "
    "due within two days."
)
def the_test_is_judged(story: Story) -> None:
    judged = judge_test(story.key, by=MIA, at=NOON + 2 * DAY)
    people = len(story.arm("test"))
    low, _ = wilson(21, people)
    assert judged.verdict == "passed"
    assert judged.rate.value == pytest.approx(21 / people)
    assert judged.rate.low == pytest.approx(low)
    assert low > 0.1
    assert steps_of(story.facts.id, by=MIA)[-1].detail["roll_out_by"] == (NOON + 4 * DAY).isoformat()


@STEPS.says(
    "The roll-out begins. Everybody who was let through gets the message now, but for the hold-out, who get none."
)
def roll_out(story: Story) -> None:
    waiting = start_roll_out(story.key, by=MIA, at=NOON + 2 * DAY)
    assert waiting == len(story.arm("rollout"))
    assert send_waiting(story.key, by=MIA, now=now).states == {"sent": waiting}
    assert story.sent() == {*story.arm("test"), *story.arm("rollout")} - {story.ann}
    assert contacts_where(story.facts.id, by=MIA, because="walk", state="holdout")[0] == len(story.arm("holdout"))


@STEPS.says("More coupons come back, two of them from the hold-out: some would have come anyway.")
def more_coupons(story: Story) -> None:
    answers = coupons(answering(story.arm("rollout"), 16, 1), NOON + 3 * DAY)
    assert record_campaign_answers(story.key, answers, by=MIA) == 17
    assert record_campaign_answers(story.key, coupons(story.arm("holdout")[:2], NOON + 3 * DAY), by=MIA) == 2


@STEPS.says(
    "The effect is what those written to did more than those left alone, and it is told with its interval, which "
    "a pencil confirms."
)
def the_effect(story: Story) -> None:
    result = finish_campaign(story.key, by=MIA, at=NOON + 9 * DAY)
    drawn, left_alone = len(story.arm("test")) + len(story.arm("rollout")), len(story.arm("holdout"))
    one, other = 38 / drawn, 2 / left_alone
    (low, high), (low_other, high_other) = wilson(38, drawn), wilson(2, left_alone)
    effect = result["effect"]
    assert effect["value"] == pytest.approx(one - other)
    assert effect["low"] == pytest.approx(one - other - sqrt((one - low) ** 2 + (high_other - other) ** 2))
    assert effect["high"] == pytest.approx(one - other + sqrt((high - one) ** 2 + (other - low_other) ** 2))
    assert effect["low"] > 0
    assert result["cost_minor"] == 5 * len(story.sent())
    assert not result["split"]["is_mismatch"]


def wilson(responses: int, people: int) -> tuple[float, float]:
    """Wilson's interval at 95 %, written down once more and independently."""
    z, share = 1.959963984540054, responses / people
    centre, reach = share + z**2 / (2 * people), z * sqrt(share * (1 - share) / people + z**2 / (4 * people**2))
    return (centre - reach) / (1 + z**2 / people), (centre + reach) / (1 + z**2 / people)


@STEPS.says(
    "The profile of those who answered says that Hangzhou did and Suzhou did not; how long ago they had bought "
    "made no difference."
)
def the_profile(story: Story) -> None:
    profile = draw_responder_profile(story.key, by=MIA)
    assert profile is not None
    assert profile.responders == 38
    telling = {(trait.key, cell.value): cell for trait, cell in profile.telling}
    assert telling["city", "Hangzhou"].lift.low > 1
    assert telling["city", "Suzhou"].lift.high < 1
    assert "recency" not in {trait.key for trait, _ in profile.telling}


@STEPS.says("Those who answered are the next segment.")
def the_next_segment(story: Story) -> None:
    refreshed(TODAY + 9 * DAY)
    answered = {"all": [{"field": "answered", "operator": "at_all", "days": 365}]}
    assert explore(answered, by=MIA, language="en").count == 40


@STEPS.says("Everything that happened stands in the campaign's history, with day and name.")
def the_history(story: Story) -> None:
    steps = steps_of(story.facts.id, by=MIA)
    assert [step.state for step in steps] == ["draft", "ready", "testing", "passed", "rolling_out", "finished"]
    assert {step.by for step in steps} == {"Mia"}


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    """A mail server of the walk's own, and a key of its own for the draw."""
    monkeypatch.setenv("REGULARS_KEY_SPLIT", "5e" * 32)
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


def test_a_segment_becomes_those_who_answered(post_box: PostBox, address: str) -> None:
    walk_through("campaign", STEPS, Story(post_box, address))
