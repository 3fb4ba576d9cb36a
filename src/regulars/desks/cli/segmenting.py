"""`regulars segment`: rules tried out, kept, read, compared; who is in them."""

from dataclasses import asdict

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option, limit_option, own_option, role_option, said_or_read
from regulars.desks.cli.insight import show_people
from regulars.desks.cli.saying import Money, as_json, facts, table, tell, warn
from regulars.desks.shared.figures import number
from regulars.desks.shared.mistakes import sentence_for
from regulars.journeys.explore_segment import aloud, alter_segment, explore, keep_segment, overlap_of
from regulars.journeys.keep_own_attributes import own_fields
from regulars.journeys.people_behind import people_in_segment
from regulars.records.company.access import company, now
from regulars.records.segments.access import SegmentFacts, segment, segments
from regulars.records.segments.actions import retire_segment
from regulars.rules.segments.fields import fields_for


@click.group()
def segment_command() -> None:
    """Try rules, keep them as segments, see who is in them."""


@segment_command.command("list")
@json_option
def list_segments(in_json: bool) -> None:
    """List all living segments, the largest worth first."""
    found, currency = segments(), company().currency
    if in_json:
        as_json([asdict(one) | {"currency": currency, "set_aside": _set_aside(one)} for one in found])
        return
    headings = ("key", "name", "people", "worth in a year", "counted")
    table(
        _("Segments"),
        headings,
        [(one.key, _named(one.name, one.name_zh), *_figures(one, currency), one.counted_at) for one in found],
    )
    for one in found:
        if one.mistake:
            warn(_aside(one))


@segment_command.command("show")
@click.argument("key")
@json_option
def show_segment(key: str, in_json: bool) -> None:
    """Show one segment with its rule, as data and read aloud."""
    one, currency = segment(key), company().currency
    if in_json:
        said = "" if one.mistake else aloud(one.rule, _language())
        as_json(asdict(one) | {"currency": currency, "aloud": said, "set_aside": _set_aside(one)})
        return
    tell(f"{_named(one.name, one.name_zh)} ({one.key})")
    warn(_aside(one)) if one.mistake else tell(aloud(one.rule, _language()))
    people, worth = _figures(one, currency)
    facts(
        "",
        {
            "people": people,
            "worth in a year": worth,
            "counted": one.counted_at,
            "version": one.version,
            "made by": one.made_by,
        },
    )
    as_json(one.rule)


@segment_command.command("fields")
@role_option("marketer")
@json_option
def list_fields(role: str, in_json: bool) -> None:
    """List what a rule may ask, for the role's purpose."""
    by = by_role(role)
    fields = (*fields_for(by.purpose), *own_fields(by=by))
    if in_json:
        as_json([asdict(one) | {"operators": one.operators} for one in fields])
        return
    table(
        _("Fields"),
        ("key", "means", "operators"),
        [(one.key, one.label_in(_language()), ", ".join(one.operators)) for one in fields],
    )


@segment_command.command("try")
@click.argument("rule")
@role_option("marketer")
@json_option
def try_segment(rule: str, role: str, in_json: bool) -> None:
    """Tell how many a RULE gives, how it reads, and what it is in SQL.

    RULE is JSON, or @file.
    """
    found = explore(said_or_read(rule), by=by_role(role), language=_language())
    if in_json:
        as_json(asdict(found) | {"currency": company().currency})
        return
    tell(found.aloud)
    words = {
        "count": number(found.count),
        "everyone": number(found.everyone),
        "day": found.as_of,
        "visible": number(found.visible),
        "worth": Money(found.worth_minor, company().currency),
    }
    tell(
        _(
            "%(count)s of %(everyone)s customers as of %(day)s, worth %(worth)s in a year; "
            "%(visible)s of them shown to you."
        )
        % words
    )
    tell(found.sql)


@segment_command.command("keep")
@click.argument("key")
@click.argument("rule")
@click.option("--name", required=True, help="How people call it.")
@click.option("--name-zh", default="", help="In Chinese.")
@role_option("marketer")
@json_option
def keep_one(key: str, rule: str, name: str, name_zh: str, role: str, in_json: bool) -> None:
    """Keep RULE (JSON, or @file) as the living segment KEY."""
    kept = keep_segment(key, name, name_zh, said_or_read(rule), by=by_role(role), at=now())
    as_json(asdict(kept)) if in_json else tell(_counted(kept.key, kept.count))


@segment_command.command("alter")
@click.argument("key")
@click.argument("rule")
@role_option("marketer")
@json_option
def alter_one(key: str, rule: str, role: str, in_json: bool) -> None:
    """Give the segment KEY a new RULE (JSON, or @file); the old one is kept."""
    kept = alter_segment(key, said_or_read(rule), by=by_role(role), at=now())
    as_json(asdict(kept)) if in_json else tell(_counted(kept.key, kept.count))


@segment_command.command("retire")
@click.argument("key")
def retire_one(key: str) -> None:
    """Stop counting and offering a segment; campaigns that used it keep it."""
    retire_segment(segment(key).key, at=now())
    tell(_("%(key)s is retired.") % {"key": key})


@segment_command.command("people")
@click.argument("key")
@limit_option(20)
@own_option
@role_option("marketer")
@json_option
def segment_people(key: str, limit: int, own: tuple[str, ...], role: str, in_json: bool) -> None:
    """Show who is in a segment, through the role's view."""
    ids = people_in_segment(segment(key).key).ids().tolist()
    show_people(ids, role=role, because=f"people of segment {key}", limit=limit, own=own, in_json=in_json)


@segment_command.command("overlap")
@click.argument("keys", nargs=-1, required=True)
@role_option("marketer")
@json_option
def segment_overlap(keys: tuple[str, ...], role: str, in_json: bool) -> None:
    """Show how segments overlap: how many are in exactly which of them."""
    found = overlap_of([segment(key).key for key in keys], by=by_role(role))
    if in_json:
        exactly = [{"segments": sorted(names), "customers": count} for names, count in found.exactly]
        as_json({"keys": found.keys, "sizes": dict(found.sizes), "pairs": found.pairs, "exactly": exactly})
        return
    rows = [(" ∩ ".join(sorted(names)), count) for names, count in found.exactly]
    table(_("In exactly these"), ("segments", "people"), rows)


def _figures(one: SegmentFacts, currency: str) -> tuple[int | None, Money | None]:
    """People and worth; nothing where they are not known."""
    return (one.count, Money(one.worth_minor, currency)) if one.counted_at else (None, None)


def _set_aside(one: SegmentFacts) -> str | None:
    return sentence_for(one.mistake) if one.mistake else None


def _aside(one: SegmentFacts) -> str:
    said = _("%(key)s is set aside, because its rule can no longer be read: %(reason)s")
    return said % {"key": one.key, "reason": _set_aside(one)}


def _counted(key: str, count: int) -> str:
    return _("%(key)s: %(count)s people.") % {"key": key, "count": number(count)}


def _named(name: str, name_zh: str) -> str:
    return (name_zh or name) if _language().startswith("zh") else name


def _language() -> str:
    return get_language() or "en"
