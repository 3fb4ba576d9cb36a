"""`regulars campaign`: from a segment to a judged result."""

from dataclasses import asdict
from pathlib import Path

import click

from regulars.desks.cli.asking import by_role, role_option
from regulars.desks.cli.saying import OUT, as_json, steps, table
from regulars.journeys.judge_campaign import finish_campaign, judge_test, record_campaign_answers
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.read_answers import answers_from_csv
from regulars.journeys.send_campaign import send_waiting, start_roll_out, start_test
from regulars.records.campaigns.access import campaign, campaigns, steps_of
from regulars.records.campaigns.actions import Draft, draft_campaign, enter
from regulars.records.company.access import company, now, today
from regulars.records.contacts.planning import cancel_campaign
from regulars.records.segments.access import segment


@click.group()
def campaign_command() -> None:
    """Campaigns: draft, prepare, test, judge, roll out, result."""


@campaign_command.command("list")
@role_option("marketer")
def list_campaigns(role: str) -> None:
    """All campaigns, newest first."""
    table(
        "Campaigns",
        ("key", "name", "channel", "state"),
        [(c.key, c.name, c.channel, c.state) for c in campaigns(by=by_role(role))],
        numbers_from=9,
    )


@campaign_command.command("draft")
@click.argument("key")
@click.option("--name", required=True)
@click.option("--segment", "segment_key", required=True)
@click.option("--reason", required=True, help="Why these people: due_this_month, lapsed, bought, birthday, segment.")
@click.option("--subject", required=True)
@click.option("--body", required=True, help="The text, or @file; {name}, {given_name} and {honorific} are filled in.")
@click.option("--threshold", type=float, required=True, help="The response (0 to 1) at which the rest follows.")
@click.option("--expected", type=float, required=True, help="The response you expect.")
@click.option("--test-share", type=float, default=0.2, show_default=True)
@click.option("--holdout-share", type=float, default=0.1, show_default=True)
@click.option("--cap", type=int, default=3, show_default=True, help="At most so many contacts in thirty days.")
@click.option("--priority", type=int, default=5, show_default=True)
def draft(
    key: str, name: str, segment_key: str, reason: str, subject: str, body: str, threshold: float, expected: float,
    test_share: float, holdout_share: float, cap: int, priority: int,
) -> None:  # fmt: skip
    """Draft the e-mail campaign KEY."""
    text = Path(body[1:]).read_text() if body.startswith("@") else body
    said = Draft(
        key=key, name=name, channel="email", reason=reason, segment_id=segment(segment_key).id, threshold=threshold,
        expected_response=expected, currency=company().currency, subject=subject, body=text, test_share=test_share,
        holdout_share=holdout_share, cap_30d=cap, priority=priority,
    )  # fmt: skip
    draft_campaign(said, by=by_role("marketer"), at=now())
    OUT.print(f"Drafted. Next: regulars campaign prepare {key}", highlight=False)


@campaign_command.command("prepare")
@click.argument("key")
def prepare(key: str) -> None:
    """Freeze the audience, ask the gate about everybody, draw test group and hold-out."""
    done = prepare_campaign(key, by=by_role("marketer"), at=now(), as_of=today())
    facts = campaign(key, by=by_role("marketer"))
    _show_funnel(facts.funnel)
    table("Arms", ("arm", "people"), done.arms.items())


@campaign_command.command("test")
@click.argument("key")
def test(key: str) -> None:
    """Let the test group's messages leave."""
    start_test(key, by=by_role("marketer"), at=now())
    _send(key)


@campaign_command.command("send")
@click.argument("key")
def send(key: str) -> None:
    """Send whatever waits; the gate is asked again for each."""
    _send(key)


@campaign_command.command("answers")
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--source", required=True, help="The source whose customer references the file uses.")
def answers(key: str, file: str, source: str) -> None:
    """Record answers from a CSV: customer, at, ref (and kind, amount when there are)."""
    read = answers_from_csv(Path(file), source_ref=source, by=by_role("steward"))
    new = record_campaign_answers(key, read.answers, by=by_role("marketer"))
    OUT.print(f"{new:,} new answers; {read.unknown:,} rows of people the source does not know.", highlight=False)


@campaign_command.command("judge")
@click.argument("key")
def judge(key: str) -> None:
    """Hold the test against its threshold."""
    judged = judge_test(key, by=by_role("marketer"), at=now())
    OUT.print(
        f"{judged.verdict}: {judged.rate.low:.1%} to {judged.rate.high:.1%} against {judged.threshold:.1%}",
        highlight=False,
    )


@campaign_command.command("roll-out")
@click.argument("key")
def roll_out(key: str) -> None:
    """Send to all the others who may be written to; the hold-out stays out."""
    start_roll_out(key, by=by_role("marketer"), at=now())
    _send(key)


@campaign_command.command("stop")
@click.argument("key")
def stop(key: str) -> None:
    """Stop: nothing more of it is sent."""
    facts = campaign(key, by=by_role("marketer"))
    enter(facts.id, "stopped", by=by_role("marketer"), at=now())
    OUT.print(f"{cancel_campaign(facts.id):,} waiting messages called off.", highlight=False)


@campaign_command.command("finish")
@click.argument("key")
def finish(key: str) -> None:
    """Close the campaign with its result."""
    as_json(finish_campaign(key, by=by_role("marketer"), at=now()))


@campaign_command.command("show")
@click.argument("key")
@click.option("--json", "in_json", is_flag=True)
@role_option("marketer")
def show(key: str, in_json: bool, role: str) -> None:
    """Where it stands: funnel, steps, result."""
    facts = campaign(key, by=by_role(role))
    if in_json:
        as_json(asdict(facts))
        return
    OUT.print(f"{facts.name} — {facts.state}", highlight=False)
    table(
        "Steps",
        ("state", "when", "by"),
        [(s.state, f"{s.at:%Y-%m-%d %H:%M}", s.by) for s in steps_of(facts.id, by=by_role(role))],
        numbers_from=9,
    )
    if facts.funnel:
        _show_funnel(facts.funnel)
    if facts.result:
        effect = facts.result["effect"]
        OUT.print(
            f"Against the hold-out: {effect['value']} ({effect['low']:.4f} to {effect['high']:.4f})", highlight=False
        )


def _show_funnel(funnel: object) -> None:
    steps_taken = funnel["steps"]  # type: ignore[index]  # kept as data with the campaign
    table("Who may be written to", ("rule", "takes out", "left"), [
        ("everybody", "", funnel["everyone"]),  # type: ignore[index]
        *((s["rule"], s["taken"], s["left"]) for s in steps_taken if s["is_asked"]),
    ])  # fmt: skip


def _send(key: str) -> None:
    with steps() as say:
        report = send_waiting(key, by=by_role("marketer"), now=now, say=say)
    if report.busy:
        OUT.print("Another sender is at this campaign already.")
    else:
        table("Messages", ("became", "how many"), report.states.items())
