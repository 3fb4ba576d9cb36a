"""Waiting contacts of a campaign leave the house: claimed, asked again in the second of sending, sent, settled."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.conf import settings

from regulars.connections.mail.message import Mailbox, Message
from regulars.connections.mail.post import LATER, REFUSED, SENT, UNSURE, Delivery, Post
from regulars.journeys.plan_campaign import contact_for
from regulars.journeys.unsubscribe import unsubscribe_url
from regulars.records.access_log.actions import note_access
from regulars.records.campaigns.access import CampaignFacts, campaign
from regulars.records.campaigns.actions import enter
from regulars.records.company.access import CompanyFacts, company
from regulars.records.contacts.gate_persons import persons_for_gate
from regulars.records.contacts.planning import release_reserved
from regulars.records.contacts.sending import (
    Claimed,
    Recipient,
    claim_next,
    only_sender,
    permission_held,
    recipient,
    settle,
    wake_held,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.gate import Decision, decide

POST_ROOM = Asker("post room", "house", "delivery", "delivery")
STATE_OF = {SENT: "sent", REFUSED: "failed", UNSURE: "unsure", LATER: "waiting"}
MISSES_IN_A_ROW = 3
Moment = Callable[[], datetime]
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SendReport:
    """How many contacts ended in which state; `busy` when another sender is at this campaign."""

    states: Counter[str]
    busy: bool = False


def start_test(key: str, *, by: Asker, at: datetime) -> None:
    """The test group's contacts may leave from now on."""
    enter(campaign(key, by=by).id, "testing", by=by, at=at)


def start_roll_out(key: str, *, by: Asker, at: datetime) -> int:
    """All others who were let through wait to be sent; how many. The gate is asked again for each of them."""
    facts = campaign(key, by=by)
    enter(facts.id, "rolling_out", by=by, at=at)
    return release_reserved(facts.id)


def send_waiting(key: str, *, by: Asker, now: Moment, say: Say = lambda step, done, of: None) -> SendReport:
    """Everybody who waits has been asked about again and sent, refused or held when this returns.

    Killed at any moment, nothing is sent twice: what was claimed and not settled becomes `unsure` for a person to see.
    """
    facts = campaign(key, by=by)
    if facts.state not in ("testing", "rolling_out"):
        raise BadInput("campaign_not_sending", {"key": key, "state": facts.state})
    with only_sender(facts.id) as mine, Post(settings.MAIL_HOST, settings.MAIL_PORT) as post:
        if not mine:
            return SendReport(Counter(), busy=True)
        wake_held(facts.id, at=now())
        states = _send_all(facts, company(), post, now, say)
    note_access(POST_ROOM, door="send_waiting", because=f"campaign {key}", rows=sum(states.values()))
    return SendReport(states)


def _send_all(facts: CampaignFacts, house: CompanyFacts, post: Post, now: Moment, say: Say) -> Counter[str]:
    """One after the other; when the mail server is away, the rest goes on waiting."""
    states: Counter[str] = Counter()
    misses = 0
    while misses < MISSES_IN_A_ROW and (claimed := claim_next(facts.id, at=now(), domain=settings.MAIL_DOMAIN)):
        state = _send_one(claimed, facts, house, post, now())
        states[state] += 1
        misses = misses + 1 if state == "waiting" else 0
        say("sending", sum(states.values()), 0)
    return states


def _send_one(claimed: Claimed, facts: CampaignFacts, house: CompanyFacts, post: Post, at: datetime) -> str:
    """The state the contact ended in. The customer's row is held from the gate's question to the server's receipt."""
    with permission_held(claimed.customer_id):
        decision = _ask_again(claimed, facts, house, at)
        if decision is None:
            settle(claimed, "cancelled", at=at)
            return "cancelled"
        to = recipient(claimed.customer_id, facts.channel) if decision.verdict == "allowed" else None
        if to is None:
            state = decision.verdict if decision.verdict != "allowed" else "refused"
            settle(claimed, state, at=at, decision=decision)
            return state
        delivery = post.send(message_for(facts, house, claimed, to), at)
        return _settle(claimed, delivery, decision, at)


def _ask_again(claimed: Claimed, facts: CampaignFacts, house: CompanyFacts, at: datetime) -> Decision | None:
    """The decision in this second; None for somebody who has been erased meanwhile."""
    found = persons_for_gate(
        [claimed.customer_id], channel=facts.channel, campaign=facts.id, at=at, zone=house.timezone,
        brand=facts.brand, topic=facts.topic,
    )  # fmt: skip
    return decide(found[0], contact_for(facts, at)) if found else None


def _settle(claimed: Claimed, delivery: Delivery, decision: Decision, at: datetime) -> str:
    state = STATE_OF[delivery.outcome]
    settle(claimed, state, at=at, decision=decision)
    return state


def message_for(facts: CampaignFacts, house: CompanyFacts, claimed: Claimed, to: Recipient) -> Message:
    """The message in the person's language, with her name and the way out."""
    chinese = to.language.startswith("zh")
    subject = (facts.subject_zh if chinese else "") or facts.subject or facts.name
    body = (facts.body_zh if chinese else "") or facts.body
    link = unsubscribe_url(claimed.id)
    text = f"{filled(body, to)}\n\n{_way_out(chinese, link)}\n"
    sender = Mailbox(settings.MAIL_FROM, (house.name_zh or house.name) if chinese else house.name)
    return Message(
        claimed.message_id, sender, Mailbox(to.address, to.name), filled(subject, to), text, as_html(text, link),
        link, "zh-Hans" if chinese else "en",
    )  # fmt: skip


def filled(template: str, to: Recipient) -> str:
    """The template with {name}, {given_name} and {honorific} filled in; any other brace stays as it is.

    >>> filled("Hello {given_name} {unknown}", Recipient("Ann Archer", "Ann", "Ms", "en", "ann@example.com"))
    'Hello Ann {unknown}'
    """
    for word in ("name", "given_name", "honorific"):
        template = template.replace("{" + word + "}", str(getattr(to, word)))
    return template


def as_html(text: str, link: str) -> str:
    """The text as HTML, every character of it harmless, the way out as a link."""
    paragraphs = (escape(part).replace("\n", "<br>") for part in text.split("\n\n"))
    way_out = escape(link)
    body = "".join(f"<p>{part}</p>" for part in paragraphs).replace(way_out, f'<a href="{way_out}">{way_out}</a>')
    return f"<!doctype html><html><body>{body}</body></html>"


def _way_out(chinese: bool, link: str) -> str:
    if chinese:
        return f"不想再收到这样的邮件？点这里，马上生效：{link}"
    return f"No more of these? One click, and it holds at once: {link}"
