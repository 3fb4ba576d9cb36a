"""`regulars campaign`: from a segment to a judged result."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option, limit_option, role_option, said_or_read
from regulars.desks.cli.saying import Money, as_json, facts, steps, table, tell, warn
from regulars.desks.shared.counted_words import ARMS, CAMPAIGN_STATES
from regulars.desks.shared.customer_words import CONTACT_STATES
from regulars.desks.shared.figures import number, percent
from regulars.desks.shared.reasons import REASONS
from regulars.desks.shared.words import CHANNELS, GATE_RULES, Words, say
from regulars.journeys.hand_out_people import note_listed
from regulars.journeys.judge_campaign import finish_campaign, judge_test, look_at_test, record_campaign_answers
from regulars.journeys.plan_campaign import funnel_as_data, prepare_campaign, preview_funnel
from regulars.journeys.read_answers import answers_from_csv
from regulars.journeys.send_campaign import send_waiting, start_roll_out, start_test
from regulars.journeys.stop_campaign import stop_campaign
from regulars.journeys.take_purchases_as_answers import take_purchases_as_answers
from regulars.records.campaigns.access import CampaignFacts, campaign, campaigns, steps_of
from regulars.records.campaigns.actions import Draft, draft_campaign
from regulars.records.company.access import company, now, today
from regulars.records.contacts.access import sample_contacts, state_counts
from regulars.records.segments.access import segment
from regulars.rules.experiments.effect import LEVEL
from regulars.rules.permission.gate import Contact

REASON_CODES = ("due_this_month", "lapsed", "bought", "birthday", "segment")
VERDICTS: Final[Words] = {
    "passed": gettext_lazy("The test passed; the rest may follow."),
    "failed": gettext_lazy("The test stayed below the threshold."),
    "cannot_tell_yet": gettext_lazy("Cannot tell yet."),
}


@click.group()
def campaign_command() -> None:
    """Draft, prepare, test, judge and roll out campaigns."""


@campaign_command.command("list")
@role_option("marketer")
@json_option
def list_campaigns(role: str, in_json: bool) -> None:
    """List all campaigns, newest first."""
    found = campaigns(by=by_role(role))
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(
        _("Campaigns"),
        ("key", "name", "by", "state", "made"),
        [
            (one.key, _named(one), say(CHANNELS, one.channel), say(CAMPAIGN_STATES, one.state), one.made_at)
            for one in found
        ],
    )


@campaign_command.command("funnel")
@click.argument("segment_key", metavar="SEGMENT")
@click.option("--channel", type=click.Choice(list(CHANNELS)), default="email", show_default=True, help="By which way.")
@click.option(
    "--reason", type=click.Choice(REASON_CODES), default="segment", show_default=True, help="Why these people."
)
@click.option(
    "--cap", type=click.IntRange(1), default=3, show_default=True, help="At most so many contacts in 30 days."
)
@json_option
def funnel(segment_key: str, channel: str, reason: str, cap: int, in_json: bool) -> None:
    """Show whom the gate would let through now; nothing is kept."""
    contact = Contact(channel=channel, reason=reason, at=now(), cap=cap)
    told = funnel_as_data(preview_funnel(segment(segment_key), contact, by=by_role("marketer"), as_of=today()))
    as_json(told) if in_json else show_funnel(told)


@campaign_command.command("draft")
@click.argument("key")
@click.option("--name", required=True, help="How people call it.")
@click.option("--name-zh", default="", help="In Chinese.")
@click.option("--segment", "segment_key", required=True, help="To whom: the key of a segment.")
@click.option("--reason", type=click.Choice(REASON_CODES), required=True, help="Why these people.")
@click.option("--subject", required=True, help="The mail's subject.")
@click.option("--body", required=True, help="The text, or @file; {name}, {given_name} and {honorific} are filled in.")
@click.option("--subject-zh", default="", help="The subject for those who read Chinese.")
@click.option("--body-zh", default="", help="The text, or @file, for those who read Chinese.")
@click.option("--threshold", type=float, required=True, help="The response (0 to 1) at which the rest follows.")
@click.option("--expected", type=float, required=True, help="The response you expect.")
@click.option("--test-share", type=float, default=0.2, show_default=True, help="The test group's share.")
@click.option("--holdout-share", type=float, default=0.1, show_default=True, help="The hold-out's share.")
@click.option(
    "--cap", type=click.IntRange(1), default=3, show_default=True, help="At most so many contacts in 30 days."
)
@click.option(
    "--priority", type=click.IntRange(0, 100), default=5, show_default=True, help="The higher one goes first."
)
@click.option("--cost", type=click.IntRange(0), default=0, help="What one message costs, in minor units.")
@click.option("--brand", default="", help="The brand it is about; who took it out is left out.")
@click.option("--topic", default="", help="The topic it is about; who took it out is left out.")
@json_option
def draft(
    key: str,
    name: str,
    name_zh: str,
    segment_key: str,
    reason: str,
    subject: str,
    body: str,
    subject_zh: str,
    body_zh: str,
    threshold: float,
    expected: float,
    test_share: float,
    holdout_share: float,
    cap: int,
    priority: int,
    cost: int,
    brand: str,
    topic: str,
    in_json: bool,
) -> None:
    """Draft the e-mail campaign KEY."""
    said = Draft(
        key=key,
        name=name,
        name_zh=name_zh,
        channel="email",
        reason=reason,
        segment_id=segment(segment_key).id,
        threshold=threshold,
        expected_response=expected,
        currency=company().currency,
        subject=subject,
        body=said_or_read(body),
        subject_zh=subject_zh,
        body_zh=said_or_read(body_zh),
        test_share=test_share,
        holdout_share=holdout_share,
        cap_30d=cap,
        priority=priority,
        cost_each_minor=cost,
        brand=brand,
        topic=topic,
    )
    by = by_role("marketer")
    draft_campaign(said, by=by, at=now())
    if in_json:
        as_json(asdict(campaign(key, by=by)))
        return
    tell(_("Drafted. Next: regulars campaign prepare %(key)s") % {"key": key})


@campaign_command.command("prepare")
@click.argument("key")
@json_option
def prepare(key: str, in_json: bool) -> None:
    """Freeze the audience, ask the gate about everybody, draw test group and hold-out."""
    by = by_role("marketer")
    done = prepare_campaign(key, by=by, at=now(), as_of=today())
    if in_json:
        as_json(asdict(done))
        return
    show_funnel(campaign(key, by=by).funnel)
    table(_("Groups drawn"), ("group", "people"), [(say(ARMS, arm), count) for arm, count in done.arms.items()])
    tell(_("Next: regulars campaign test %(key)s") % {"key": key})


@campaign_command.command("test")
@click.argument("key")
@json_option
def test(key: str, in_json: bool) -> None:
    """Let the test group's messages leave."""
    start_test(key, by=by_role("marketer"), at=now())
    _send(key, in_json)


@campaign_command.command("send")
@click.argument("key")
@json_option
def send(key: str, in_json: bool) -> None:
    """Send whatever waits; the gate is asked again for each."""
    _send(key, in_json)


@campaign_command.command("answers")
@click.argument("key")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("--source", default=None, help="The source whose customer references the file uses.")
@click.option("--from-orders", is_flag=True, help="Take what was bought since as the answers, instead of a file.")
@json_option
def answers(key: str, file: str | None, source: str | None, from_orders: bool, in_json: bool) -> None:
    """Record answers; each counts once, however often it is told.

    From a CSV with customer, at, ref (and kind, amount_minor when there are), or from the orders that came in.
    """
    if from_orders == bool(file) or bool(file) != bool(source):
        raise click.UsageError(_("Say either a file and its --source, or --from-orders."))
    by, unknown = by_role("marketer"), 0
    if file and source:
        read = answers_from_csv(Path(file), source_ref=source, by=by_role("steward"))
        new, unknown = record_campaign_answers(key, read.answers, by=by), read.unknown
    else:
        new = take_purchases_as_answers(key, by=by)
    if in_json:
        as_json({"new": new, "unknown": unknown})
        return
    words = {"new": number(new), "unknown": number(unknown)}
    tell(_("%(new)s new answers; %(unknown)s of people the source does not know.") % words)


@campaign_command.command("judge")
@click.argument("key")
@json_option
def judge(key: str, in_json: bool) -> None:
    """Hold the test against its threshold."""
    judged = judge_test(key, by=by_role("marketer"), at=now())
    if in_json:
        as_json(asdict(judged))
        return
    words = {"low": percent(judged.rate.low), "high": percent(judged.rate.high), "threshold": percent(judged.threshold)}
    tell(say(VERDICTS, judged.verdict))
    tell(_("Answered: %(low)s to %(high)s, against a threshold of %(threshold)s.") % words)
    tell(_look(judged.look, judged.level))


@campaign_command.command("roll-out")
@click.argument("key")
@json_option
def roll_out(key: str, in_json: bool) -> None:
    """Send to all the others who may be written to; the hold-out stays out."""
    start_roll_out(key, by=by_role("marketer"), at=now())
    _send(key, in_json)


@campaign_command.command("stop")
@click.argument("key")
@json_option
def stop(key: str, in_json: bool) -> None:
    """Stop: nothing more of it is sent."""
    called_off = stop_campaign(key, by=by_role("marketer"), at=now())
    if in_json:
        as_json({"called_off": called_off})
        return
    tell(_("%(n)s waiting messages called off.") % {"n": number(called_off)})


@campaign_command.command("finish")
@click.argument("key")
@json_option
def finish(key: str, in_json: bool) -> None:
    """Close the campaign with its result."""
    result = finish_campaign(key, by=by_role("marketer"), at=now())
    as_json(result) if in_json else show_result(result, company().currency)


@campaign_command.command("show")
@click.argument("key")
@role_option("marketer")
@json_option
def show(key: str, role: str, in_json: bool) -> None:
    """Show where it stands: funnel, steps, contacts, result."""
    by = by_role(role)
    one = look_at_test(campaign(key, by=by), by=by, at=now())
    if in_json:
        counts = [
            {"arm": arm, "state": state, "contacts": n} for (arm, state), n in state_counts(one.id, by=by).items()
        ]
        as_json(asdict(one) | {"contacts": counts, "steps": [asdict(step) for step in steps_of(one.id, by=by)]})
        return
    tell(f"{_named(one)} — {say(CAMPAIGN_STATES, one.state)}")
    facts(
        "",
        {
            "segment": one.segment_name,
            "why": say(REASONS, one.reason),
            "threshold": percent(one.threshold),
            "expected": percent(one.expected_response),
            "test group": percent(one.test_share),
            "hold-out": percent(one.holdout_share),
        },
    )
    table(
        _("Steps"),
        ("state", "when", "by"),
        [(say(CAMPAIGN_STATES, step.state), step.at, step.by) for step in steps_of(one.id, by=by)],
    )
    if one.funnel:
        show_funnel(one.funnel)
    if one.result:
        show_result(one.result, one.currency)
        if one.result.get("judgement"):
            judgement = one.result["judgement"]
            tell(say(VERDICTS, judgement["verdict"]))
            tell(_look(judgement.get("look", 1), judgement.get("level", LEVEL)))


@campaign_command.command("contacts")
@click.argument("key")
@click.option("--arm", type=click.Choice(list(ARMS)), default=None, help="Only this group.")
@click.option("--state", type=click.Choice(list(CONTACT_STATES)), default=None, help="Only in this state.")
@limit_option(20)
@role_option("marketer")
@json_option
def contacts(key: str, arm: str | None, state: str | None, limit: int, role: str, in_json: bool) -> None:
    """Show some of its contacts, through the role's view."""
    by, because = by_role(role), f"contacts of campaign {key}"
    found = sample_contacts(
        campaign(key, by=by).id, by=by, because=because, arm=arm or "", state=state or "", limit=limit
    )
    note_listed((one.number for one in found), by=by, because=because, door="terminal", at=now())
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(
        _("Contacts"),
        ("customer", "name", "group", "state", "gate", "sent"),
        [
            (one.number, one.name, say(ARMS, one.arm), say(CONTACT_STATES, one.state), one.strip, one.sent_at)
            for one in found
        ],
    )


def show_funnel(told: Mapping[str, Any]) -> None:
    """Everybody, what each rule takes out, who is left."""
    table(
        _("Who may be contacted"),
        ("rule", "takes out", "left"),
        [
            (_("everybody"), 0, told["everyone"]),
            *((say(GATE_RULES, s["rule"]), s["taken"], s["left"]) for s in told["steps"] if s["is_asked"]),
        ],
    )


def show_result(result: Mapping[str, Any], currency: str) -> None:
    """Rates by group, the effect against the hold-out, what it cost."""
    rates = [(name, result[name]) for name in ("test", "contacted", "holdout")]
    names = {"test": say(ARMS, "test"), "contacted": _("all contacted"), "holdout": say(ARMS, "holdout")}
    table(
        _("Answered"),
        ("group", "rate", "surely from", "to"),
        [(names[name], percent(rate["value"]), percent(rate["low"]), percent(rate["high"])) for name, rate in rates],
    )
    effect = result["effect"]
    if effect["value"] is None:
        tell(_("There was no hold-out, so nothing can be said about the effect."))
    else:
        words = {name: percent(effect[name]) for name in ("value", "low", "high")}
        tell(_("Against the hold-out: %(value)s (%(low)s to %(high)s).") % words)
    tell(_("Cost: %(cost)s.") % {"cost": Money(result["cost_minor"], currency)})


def _look(look: int, level: float) -> str:
    said = _("Look number %(n)s at this test; the interval is held to %(level)s and grows with every look.")
    return said % {"n": number(look), "level": percent(level, 2)}


def _send(key: str, in_json: bool) -> None:
    with steps() as bars:
        report = send_waiting(key, by=by_role("marketer"), now=now, say=bars)
    if in_json:
        as_json({"states": dict(report.states), "busy": report.busy})
    elif report.busy:
        warn(_("Another sender is at this campaign already."))
    else:
        rows = [(say(CONTACT_STATES, state), count) for state, count in report.states.items()]
        table(_("Messages"), ("became", "messages"), rows)


def _named(one: CampaignFacts) -> str:
    return (one.name_zh or one.name) if (get_language() or "").startswith("zh") else one.name
