"""The reading door of customers: found by what people say of themselves, opened for a reason, one at a time.

A file is opened once, here. Whoever wants more of it (orders, choices, tasks …) hands the other doors the `Opened` they
got, so nobody reaches a person's rows by a bare number, and one opening is one line in the access log.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils import timezone

from regulars.connections.postgres.asking import (
    Asking,
    Row,
    answered,
    ask,
    ask_one,
    asked_together,
    door,
    first,
    question,
)
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.access_log.readings import is_counted, said_too_often
from regulars.records.company.access import company
from regulars.records.customers.former_numbers import number_now
from regulars.records.customers.keys import opened as cells_opened
from regulars.records.customers.models import Customer
from regulars.records.customers.needed import (
    HERE_DOOR,
    needs_reason,
    reasons_among,
    said_here_lately,
    said_how,
)
from regulars.records.customers.shown import shown_through
from regulars.records.watched.access import (
    UNWATCHED,
    Watched,
    decoy_export,
    everybody_protected,
    is_case_of,
    watched,
)
from regulars.records.watched.actions import touched
from regulars.rules.identity.finding import NUMBER, SECRET, Lookup, pair_of, query_tokens, run_together, whole_but_last
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.permission.need_to_know import MOST_HERE, wider


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened file: whose, by whom, for what. Only this door makes it; other doors ask for it."""

    id: int
    number: str
    by: Asker
    because: str


@dataclass(frozen=True, slots=True)
class ContactPointFacts:
    """One way to reach a customer. `value` is None where the asker's view masks it: it exists and is not shown. `came`
    is how it came, where cleaning `changed` it for those reasons, for whoever may see the value.
    """

    id: int
    channel: str
    label: str
    value: str | None
    valid: bool
    source: str | None
    noted_at: datetime
    came: str | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """The record as the asker's view hands it out; what the view leaves out is None, see `masked` and `coarse`."""

    id: int
    number: str
    kind: str
    stage: str
    name: str | None
    given_name: str | None
    family_name: str | None
    honorific: str | None
    sex: str | None
    birth_on: date | None
    language: str | None
    city: str | None
    region: str | None
    country: str | None
    postcode: str | None
    timezone: str | None
    home_branch_id: int | None
    home_branch: str | None
    household_size: int | None
    marital_status: str | None
    income_band: str | None
    potential_index: int | None
    product_knowledge: str | None
    allergies: str | None
    id_document: str | None
    preferred_channel: str | None
    quiet_from: int | None
    quiet_until: int | None
    jurisdiction: str
    source: str | None
    first_seen_on: date
    changed_at: datetime
    invented: bool
    allows_direct_marketing: bool
    allows_disclosure: bool
    allows_automated_decision: bool
    allows_sensitive_use: bool
    allows_email: bool
    allows_phone: bool
    allows_letter: bool
    allows_sms: bool
    masked: frozenset[str] = frozenset()
    coarse: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One customer in a list of those found. Not `may_open`: only once the asker says that she is here."""

    id: int
    number: str
    name: str | None
    stage: str
    city: str | None
    home_branch: str | None
    allows_direct_marketing: bool
    invented: bool
    may_open: bool = True


# Every name in this SQL is that of a field above.
_ELSEWHERE = {"home_branch": "b.name", "source": "s.name"}
_COLUMNS = [name for name in CustomerFacts.__dataclass_fields__ if name not in ("masked", "coarse")]
_SEALED = tuple(_COLUMNS.index(name) for name in ("allergies", "id_document"))
_VALUE = 3  # of a contact point
_FACTS = f"""
SELECT {", ".join(_ELSEWHERE.get(name, f"c.{name}") for name in _COLUMNS)}
  FROM customer c LEFT JOIN branch b ON b.id = c.home_branch_id LEFT JOIN source s ON s.id = c.source_id
 WHERE c.number = %s
"""  # noqa: S608
_LINES = """
SELECT c.id, c.number, c.name, c.stage, c.city, b.name, c.allows_direct_marketing, c.invented
  FROM customer c LEFT JOIN branch b ON b.id = c.home_branch_id
 WHERE c.id = ANY (%s) AND (NOT %s OR c.home_branch_id = ANY (%s) OR c.home_branch_id IS NULL)
 ORDER BY c.name_sort, c.id LIMIT %s
"""
#: So many keys that fit are looked at, and those shown are the first of them by name. Who sees only the customers of
#: her branches may find too few among the nearest: then more are looked at.
REACHES = (200, 10_000, 1_000_000_000)
#: The nearest are sought among so many times as many as the index gives first.
SPARE = 10
#: Among so many found, those are looked for whom somebody has a reason to open.
AMONG = 2_000
_POINTS = """
SELECT p.id, p.channel, p.label, p.value, p.valid, s.name, p.noted_at
  FROM contact_point p LEFT JOIN source s ON s.id = p.source_id WHERE p.customer_id = %s
 ORDER BY p.channel, p.valid DESC, p.noted_at DESC, p.id
"""
_BORN = "SELECT id, birth_on FROM customer WHERE id = ANY (%s) AND birth_on IS NOT NULL"
_HOLDS = {True: "token = %s", False: "token >= %s AND token < %s"}
_VALUE_OF = "SELECT value FROM contact_point WHERE customer_id = %s AND id = %s"


def find_customers(text: str, *, by: Asker, because: str, limit: int = 20) -> list[CustomerLine]:
    """Those whose number, name (also in pinyin, also its beginning), exact phone or exact mail is `text`, by name.

    Every word must fit, or all of them run together. Only customers in the asker's view and of the asker's branches are
    found. When very many fit, they are the first by name not of all, but of those whose names are nearest to what was
    typed: "wang" gives people called Wang before anybody called Wangler, and who wants one of these has to type on.
    A whole number, phone or mail tells the number of a protected customer, and nothing more of her; a name does not
    find her, but for the officer. Where a file opens for a given reason only, so it is with those there is none for.
    """
    lookups = query_tokens(text, settings.KEYS.read("search"), company().country)
    protected = everybody_protected() if by.role != "officer" else frozenset()
    unfound = frozenset() if all(one.exact for one in lookups) else protected
    lines = [CustomerLine(*row) for row in _found(lookups, by, limit, unfound)] if lookups else []
    lines = _as_far_as_needed(lines, lookups, by, limit)
    lines = [unsaid(line) if line.id in protected else line for line in lines]
    guesses = sum(one.token.startswith(SECRET) for one in lookups) if not lines else 0
    note_access(by, door="find_customers", because=because, rows=len(lines), guesses=guesses)
    return lines


def say_she_is_here(number: str, said: str, *, by: Asker, because: str) -> str:
    """The customer said who she is: her whole number, phone or mail, `said`, is this very customer's. Her file then
    opens for a while; which of the three it was ("number", "phone", "email") comes back, and stands in the log.

    NotThere and Denied as for opening the file; BadInput `said_is_not_hers`; Denied `said_here_too_often` when the
    asker has said so of very many within an hour, and the officer is told.
    """
    row = ask_one(wider(by.view), _FACTS, [number]) if number.isprintable() else None
    if row is None and (now := number_now(number)):
        return say_she_is_here(now, said, by=by, because=because)
    if row is None:
        note_denial(by, door=HERE_DOOR, because=because)
        raise NotThere("customer_not_there")
    facts = CustomerFacts(*_opened(row, by.view), **shown_through(by.view)._asdict())
    _assigned(facts, by, because)
    _not_too_often(facts, by, because)
    lookups = query_tokens(said, settings.KEYS.read("search"), company().country)
    if not lookups or not lookups[0].exact or facts.id not in _fitting_exactly(lookups[0], by):
        note_denial(by, door=HERE_DOOR, because=because, customer_id=facts.id)
        raise BadInput("said_is_not_hers")
    how = "number" if lookups[0].token.startswith(NUMBER) else "email" if "@" in said else "phone"
    note_access(
        replace(by, reference=said_how(how, by=by)), door=HERE_DOOR, because=because, rows=0, customer_id=facts.id
    )
    return how


def open_customer(number: str, *, by: Asker, because: str) -> tuple[Opened, CustomerFacts]:
    """The record behind a customer number, and the key with which further doors read the rest of the file.

    Who was merged into another is that one: her number comes back. NotThere when there is nobody of that number in
    the asker's view; Denied when the customer belongs to a branch the asker is not assigned to, is protected and
    `by.reference` names no case of hers, or nobody gave the asker a reason where one is asked for. Either is in the
    log, as is what was handed out; the reason stands there as the reference.
    """
    opened, facts, _ = open_with(number, by=by, because=because, more=lambda _opened, _facts: ())
    return opened, facts


def open_with(
    number: str, *, by: Asker, because: str, more: Callable[[Opened, CustomerFacts], Iterable[Asking[Any]]]
) -> tuple[Opened, CustomerFacts, list[Any]]:
    """The same, and what further doors hand out of the file.

    They are asked together with the line in the log. Nothing of it is handed out before the line is there, or if it is
    refused; and where a view shows only whom the log says is being opened, the line is there before they are asked.
    """
    rows, guarded = _rows_of(number, by) if number.isprintable() else ([], UNWATCHED)
    row = first(rows)
    if row is None and (now := number_now(number)):
        return open_with(now, by=by, because=because, more=more)
    if row is None:
        _perhaps_a_decoy(number, by, because)
        note_denial(by, door="open_customer", because=because)
        raise NotThere("customer_not_there")
    facts = CustomerFacts(*_opened(row, by.view), **shown_through(by.view)._asdict())
    _assigned(facts, by, because)
    by = _for_a_reason(facts, by, because)
    _watched_over(facts, guarded, by, because)
    opened = Opened(facts.id, facts.number, by, because)
    noted = note_access.asked(by, door="open_customer", because=because, rows=1, customer_id=facts.id)
    if needs_reason(by):
        answered(noted)
        return opened, facts, asked_together(*more(opened, facts))
    _, *handed = asked_together(noted, *more(opened, facts))
    return opened, facts, handed


@door
def contact_points_of(opened: Opened) -> Asking[list[ContactPointFacts]]:
    """The ways to reach the customer; a masked one is there without its value."""
    rows = yield from question(opened.by.view, _POINTS, [opened.id])
    return _points_opened(opened, opened.by.view, rows)


def open_contact_point(
    opened: Opened, channel: str, *, by: Asker, because: str, point_id: int | None = None
) -> ContactPointFacts:
    """One way to reach the customer, in clear: the one of that id, else the newest usable one of the channel.

    `by` is the opener asking through the opening view. It shows nobody but whom the log says is being opened: the line
    that says who, why and about which case is there first, and no line, no address. NotThere when there is none such.
    """
    of_channel = (point for point in contact_points_of(opened) if point.channel == channel)
    point = next((p for p in of_channel if (p.valid if point_id is None else p.id == point_id)), None)
    note_access(by, door="open_contact", because=because, rows=1 if point else 0, customer_id=opened.id)
    row = ask_one(by.view, _VALUE_OF, [opened.id, point.id]) if point else None
    if point is None or row is None:
        raise NotThere("contact_point_not_there")
    (text,) = cells_opened(by.view, opened.id, [("contact_point.value", row[0])])
    return replace(point, value=text)


def _rows_of(number: str, by: Asker) -> tuple[list[Row], Watched]:
    """The record, if the view shows it, and whether it is watched over."""
    rows, guarded = asked_together(question(wider(by.view), _FACTS, [number]), watched.asked(number))
    return rows, guarded


def _opened(row: Row, view: str) -> Row:
    """The record with its sealed cells opened."""
    cells = [(f"customer.{_COLUMNS[place]}", row[place]) for place in _SEALED]
    texts = dict(zip(_SEALED, cells_opened(view, row[0], cells), strict=True))
    return tuple(texts.get(place, value) for place, value in enumerate(row))


def _points_opened(opened: Opened, view: str, rows: Sequence[Row]) -> list[ContactPointFacts]:
    """The ways to reach her with their values opened."""
    texts = cells_opened(view, opened.id, [("contact_point.value", row[_VALUE]) for row in rows])
    whole = ((*row[:_VALUE], text, *row[_VALUE + 1 :]) for row, text in zip(rows, texts, strict=True))
    return [ContactPointFacts(*row) for row in whole]


def _found(lookups: Sequence[Lookup], by: Asker, limit: int, unfound: Collection[int]) -> list[Row]:
    """The first by name of the nearest; of more and more of those who fit, while too few of them may be shown. Nobody
    who is not to be found so counts on the way, or fewer questions would tell of her."""
    all_wanted = bool(by.branches) or needs_reason(by)
    if needs_reason(by):
        by, limit = replace(by, view=wider(by.view)), AMONG
    for reach in REACHES:
        enough = reach if all_wanted or reach > REACHES[0] else limit
        ids = _fitting(lookups, by, reach, enough=enough, unfound=unfound)
        rows = ask(by.view, _LINES, [ids, bool(by.branches), sorted(by.branches), limit])
        if len(rows) == limit or len(ids) < reach:
            break
    return rows


def _as_far_as_needed(
    lines: list[CustomerLine], lookups: Sequence[Lookup], by: Asker, limit: int
) -> list[CustomerLine]:  # fmt: skip
    """Those she has a reason for; who says a whole number, phone or mail is told whose number it is, and no more."""
    if not needs_reason(by):
        return lines
    given = reasons_among((line.id for line in lines), by=by)
    whole = all(one.exact for one in lookups)
    shown = (line if line.id in given else by_number(line) for line in lines if whole or line.id in given)
    return list(shown)[:limit]


def by_number(line: CustomerLine) -> CustomerLine:
    """Nothing of her is told but the number, and that her file opens only once she says who she is."""
    return replace(unsaid(line), may_open=False)


def unsaid(line: CustomerLine) -> CustomerLine:
    """Nothing of her is told but the number."""
    said = replace(line, name=None, stage="", city=None, home_branch=None)
    return replace(said, allows_direct_marketing=True)


def _fitting(
    lookups: Sequence[Lookup], by: Asker, reach: int, *, enough: int, unfound: Collection[int]
) -> list[int]:  # fmt: skip
    """Ids of customers who fit every lookup, some of them twice: all of them, or as many as `reach`, the nearest first.

    People whose names begin as the words were typed, in that order, are one range of the index; only if fewer than
    `enough` are called so is every word looked for by itself. Then those whose names hold the words whole, but for the
    last, are nearer than those whose words only begin so, who are looked for when there is nobody else.
    """
    found = [who for who in _beginning_with(lookups, by, reach) if who not in unfound]
    if len(lookups) == 1 or len(set(found)) >= enough:
        return found
    nearer = _with_every(whole_but_last(lookups), by, reach - len(found))
    found += [who for who in nearer if who not in unfound]
    if found and enough < reach:
        return found
    return found + [who for who in _with_every(lookups, by, reach - len(found)) if who not in unfound]


def _beginning_with(lookups: Sequence[Lookup], by: Asker, reach: int) -> list[int]:
    """Those of one range of keys. Behind a barrier the planner forgets that an index is in order, and would sort all
    of "s": of so many as the index gives first, the nearest are taken (1 M customers: 0.4 ms instead of 44).
    """
    question, values = _keys(run_together(lookups))
    nearest = f"SELECT customer_id FROM ({question} LIMIT %s) t ORDER BY token, customer_id LIMIT %s"  # noqa: S608  (ours)
    return [person for (person,) in ask(by.view, nearest, [*values, reach * SPARE, reach])]


def _with_every(lookups: Sequence[Lookup], by: Asker, reach: int) -> list[int]:
    """Those whose keys hold every word; each is asked about by herself where two words leave few in question."""
    if pair := pair_of(lookups):
        return _with_pair(pair, lookups, by, reach)
    questions, values = zip(*map(_keys, lookups), strict=True)
    each = " INTERSECT ".join(f"SELECT customer_id FROM ({question}) t" for question in questions)  # noqa: S608  (ours)
    return [person for (person,) in ask(by.view, f"{each} LIMIT %s", [*chain(*values), reach])]


def _with_pair(pair: Lookup, lookups: Sequence[Lookup], by: Asker, reach: int) -> list[int]:
    held = " ".join(
        f"JOIN LATERAL (SELECT FROM search_token WHERE customer_id = t.customer_id AND {_HOLDS[one.exact]} LIMIT 1)"
        f" w{place} ON true"
        for place, one in enumerate(lookups)
    )
    values = chain(*([one.token] if one.exact else [one.token, one.beyond] for one in lookups))
    text = f"SELECT t.customer_id FROM (SELECT customer_id FROM search_token WHERE token = %s) t {held} LIMIT %s"  # noqa: S608  (ours)
    return [person for (person,) in ask(by.view, text, [pair.token, *values, reach])]


def _keys(lookup: Lookup) -> tuple[str, list[object]]:
    if lookup.exact:
        return "SELECT token, customer_id FROM search_token WHERE token = ANY (%s)", [
            [lookup.token, *lookup.or_exactly]
        ]
    return "SELECT token, customer_id FROM search_token WHERE token >= %s AND token < %s", [lookup.token, lookup.beyond]


def _assigned(facts: CustomerFacts, by: Asker, because: str) -> None:
    """A customer without a home branch belongs to the whole house."""
    if by.branches and facts.home_branch_id is not None and facts.home_branch_id not in by.branches:
        note_denial(by, door="open_customer", because=because, customer_id=facts.id)
        raise Denied("customer_of_another_branch")


def _not_too_often(facts: CustomerFacts, by: Asker, because: str) -> None:
    said = said_here_lately(facts.id, by=by)
    if said >= MOST_HERE:
        note_denial(by, door=HERE_DOOR, because=because, customer_id=facts.id)
        said_too_often(by, said, MOST_HERE, at=timezone.now())
        raise Denied("said_here_too_often", {"customers": said})


def _fitting_exactly(lookup: Lookup, by: Asker) -> set[int]:
    question, values = _keys(lookup)
    return {person for _, person in ask(wider(by.view), question, values)}


def _for_a_reason(facts: CustomerFacts, by: Asker, because: str) -> Asker:
    """The asker on the case she was given, where the officer asks for one."""
    if not needs_reason(by):
        return by
    case = reasons_among([facts.id], by=by).get(facts.id)
    if case is None:
        note_denial(by, door="open_customer", because=because, customer_id=facts.id)
        raise Denied("no_reason_given", {"number": facts.number})
    return by if by.reference else replace(by, reference=case)


def _watched_over(facts: CustomerFacts, guarded: Watched, by: Asker, because: str) -> None:
    """A protected file opens for a case of hers only; whoever opens somebody invented is told to the officer."""
    if guarded.protected and _needs_a_case(by) and not is_case_of(facts.id, by.reference):
        note_denial(by, door="open_customer", because=because, customer_id=facts.id)
        raise Denied("case_needed", {"number": facts.number})
    if guarded.canary:
        touched(facts.number, by=by, door="open_customer", because=because)


def _needs_a_case(by: Asker) -> bool:
    """Staff and programs do; the officer, whose reason is oversight, the house's own jobs and herself do not."""
    return is_counted(by) and by.role != "officer"


def _perhaps_a_decoy(number: str, by: Asker, because: str) -> None:
    """Nobody has that number; if it was invented for an export, somebody works with a copy of it."""
    export = decoy_export(number) if is_counted(by) and number.isprintable() else None
    if export is not None:
        touched(number, by=by, door="open_customer", because=because, export=export)


@door
def birthdays_near(ids: Iterable[int], since: date, until: date, *, by: Asker) -> Asking[frozenset[int]]:
    """Those of a list just found whose birthday lies between the two days; nobody where the view shows only years."""
    shown = shown_through(by.view)
    if "birth_on" in shown.coarse | shown.masked:
        return frozenset()
    rows = yield from question(by.view, _BORN, [list(ids)])
    days = {since + timedelta(days=n) for n in range((until - since).days + 1)}
    near = {(day.month, day.day) for day in days}
    return frozenset(who for who, born in rows if (born.month, born.day) in near)


def count_absent(*, by: Asker) -> int:
    """How many customers there are whom the asker's view leaves out. A count only."""
    there = Customer.objects.filter(erased_at__isnull=True).count()
    return max(0, there - Customer.objects.using(by.view).filter(erased_at__isnull=True).count())
