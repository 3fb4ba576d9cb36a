"""The walk of docs/walks/withdrawn-permission.md, step by step."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from regulars.journeys.give_portal_link import give_portal_link
from regulars.records.access_log.models import ChangeEntry
from regulars.records.campaigns.models import Campaign
from regulars.records.choices.models import ChoiceEntry
from regulars.records.company.models import Statement
from regulars.records.contacts.models import Contact
from regulars.records.contacts.sending import recipient
from regulars.records.customers.access import find_customers
from regulars.records.customers.models import Customer
from regulars.records.segments.models import Segment
from regulars.rules.permission.choices import ALLOWS
from regulars.rules.permission.gate import Contact as Planned
from regulars.rules.permission.gate import Person, decide
from tests.cast import DORA, MIA, NOON, ann
from tests.desks.visitors import signed_in
from tests.story import contact, findable, shop
from tests.walks.steps import Doing, walk_through

pytestmark = pytest.mark.usefixtures("house")


@dataclass
class Story:
    """What the steps hand to each other."""

    ann: Customer = field(init=False)
    mail: Contact = field(init=False)
    letter: Contact = field(init=False)
    ready: Contact = field(init=False)
    told: str = ""
    home: Client = field(default_factory=Client)


STEPS: list[tuple[str, Doing]] = []


def step(sentence: str):  # type: ignore[no-untyped-def]  # a decorator of functions without an answer
    """The function below does what the sentence says."""

    def keep(doing: Doing) -> Doing:
        STEPS.append((sentence, doing))
        return doing

    return keep


def planned(story: Story, name: str, channel: str, purpose: str) -> Contact:
    segment, _ = Segment.objects.get_or_create(
        key="w", defaults={"name": "W", "rule": {}, "made_by": "Mia", "made_at": NOON}
    )
    campaign = Campaign.objects.create(
        key=name, name=name, channel=channel, purpose=purpose, reason="due_this_month", segment=segment, threshold=0.03,
        expected_response=0.04, currency="CNY", owner="Mia", made_at=NOON,
    )  # fmt: skip
    return Contact.objects.get(id=contact(story.ann, campaign, channel, "waiting", NOON - timedelta(days=2)))


def allowed(story: Story) -> dict[str, bool]:
    return Customer.objects.filter(id=story.ann.id).values(*ALLOWS).get()


@step("Ann has said yes to news and offers, and two messages to her are waiting: an e-mail and a letter.")
def ann_agreed(story: Story) -> None:
    shop()
    Statement.objects.create(version=3, language="en", body="…", in_force_at=NOON - timedelta(days=400))
    story.ann = ann()
    findable(story.ann)
    story.mail = planned(story, "Spring preview", "email", "direct_marketing")
    story.letter = planned(story, "Spring letter", "letter", "direct_marketing")
    assert allowed(story)["allows_email"]


@step("A third message is waiting: her order is ready. That is service, not advertising.")
def order_is_ready(story: Story) -> None:
    story.ready = planned(story, "Your order is ready", "email", "service")


@step("Mia, who plans campaigns, finds Ann, and the post room holds her address.")
def mia_finds_her(story: Story) -> None:
    assert [line.number for line in find_customers("archer", by=MIA, because="walk")] == [story.ann.number]
    post = recipient(story.ann.id, "email")
    assert post is not None
    assert post.address == "ann@example.com"


@step("Dora hands Ann a link to her own page; Ann opens it, and the secret is gone from the address.")
def link_is_given(story: Story) -> None:
    url = give_portal_link(story.ann.number, by=DORA, because="portal_link", at=timezone.now())
    answer = story.home.get(url[url.index("/me/") :])
    assert answer["Location"] == "/me/"


@step('Ann moves one switch: "Tell me about news and offers" is off.')
def switch_is_moved(story: Story) -> None:
    assert "Tell me about news and offers" in story.home.get("/me/").content.decode()
    moved = story.home.post("/me/choose/", {"allows": "allows_direct_marketing", "value": "denied"}, follow=True)
    story.told = moved.content.decode()


@step("The page tells her that it holds from this moment, and that two messages were called off.")
def page_tells_her(story: Story) -> None:
    assert "“Tell me about news and offers” is off, from this moment:" in story.told
    assert "2 planned messages were called off." in story.told


@step(
    "The ledger has one entry more, with the day, the way, the statement in force and the very words; the older one "
    "stands unaltered."
)
def ledger_grew(story: Story) -> None:
    older, newer = ChoiceEntry.objects.filter(customer=story.ann).order_by("id")
    assert (older.value, older.at) == ("granted", NOON)
    assert (newer.value, newer.source, newer.statement_version, newer.wording) == (
        "denied", "portal", 3, "Tell me about news and offers",
    )  # fmt: skip


@step("Her record says no to marketing and to every channel beneath it, and yes to nothing new.")
def record_says_no(story: Story) -> None:
    assert {name for name, holds in allowed(story).items() if holds} == {"allows_automated_decision"}


@step(
    "The e-mail and the letter are cancelled and say which rule stopped them. The message about her order still waits."
)
def waiting_is_cancelled(story: Story) -> None:
    for one in (story.mail, story.letter, story.ready):
        one.refresh_from_db()
    assert (story.mail.state, story.letter.state, story.ready.state) == ("cancelled", "cancelled", "waiting")
    for one in (story.mail, story.letter):
        assert [said["code"] for said in one.reasons if said["answer"] == "stop"] == ["marketing_closed"]
        assert one.strip[1] == "s"


@step("Mia's next question finds nobody, on the connection that was open all along.")
def mia_finds_nobody(story: Story) -> None:
    assert connections["marketing"].connection is not None
    assert find_customers("archer", by=MIA, because="walk") == []
    assert not Customer.objects.using("marketing").filter(id=story.ann.id).exists()


@step("The post room has no address of hers any more.")
def post_room_is_empty(story: Story) -> None:
    assert recipient(story.ann.id, "email") is None


@step("The gate, asked about Ann, refuses, and names the rule.")
def gate_refuses(story: Story) -> None:
    now = {name: holds for name, holds in allowed(story).items() if name in Person.__dataclass_fields__}
    person = Person(story.ann.id, **now, timezone="Asia/Shanghai")  # type: ignore[arg-type]  # all of them booleans
    decision = decide(person, Planned("email", "due_this_month", datetime(2026, 3, 12, 4, tzinfo=UTC)))
    assert decision.verdict == "refused"
    assert decision.first is not None
    assert (decision.first.rule, decision.first.code) == ("direct_marketing", "marketing_closed")


@step('Dora, who serves her, still finds her, and reads "do not disturb" before anything else.')
def dora_still_serves(story: Story) -> None:
    page = signed_in("dora").get(f"/customers/{story.ann.number}/").content.decode()
    assert page.index("Do not disturb") < page.index("Timeline")
    assert "No marketing reaches this customer: they closed it." in page


@step("The change book knows what changed, from what to what, and by whom.")
def change_book_knows(story: Story) -> None:
    lines = set(ChangeEntry.objects.filter(customer_id=story.ann.id).values_list("who", "subject", "old", "new"))
    who = f"customer {story.ann.number}"
    assert {(who, "choice_entry", "granted", "denied"), (who, "contact", "waiting", "cancelled: 2")} <= lines


@step("On her page Ann reads why the e-mail did not come: it was her own word.")
def she_reads_why(story: Story) -> None:
    page = story.home.get("/me/contacts/").content.decode()
    assert "called off · You want no news and offers." in page


@step("Ann changes her mind: yes holds from then on, and what was cancelled stays cancelled.")
def she_changes_her_mind(story: Story) -> None:
    story.home.post("/me/choose/", {"allows": "allows_direct_marketing", "value": "granted"})
    assert Customer.objects.using("marketing").filter(id=story.ann.id).exists()
    story.mail.refresh_from_db()
    assert story.mail.state == "cancelled"
    assert ChoiceEntry.objects.filter(customer=story.ann).count() == 3


def test_a_permission_is_withdrawn() -> None:
    walk_through("withdrawn-permission", STEPS, Story())
