"""The reading door of recognition: who is it likely to be, by what somebody tells of herself, slips and all.

Who comes into question, and how likely each is, is the house's own question, asked whatever anybody's view shows: birth
dates and postcodes are compared whole there, contacts as keyed marks. What is handed out goes through the asker's view,
as in the search: nobody it leaves out, nobody of another shop; and of the protected, and where files open for a given
reason of those there is none for, no more than the number, and only where a whole phone, mail or number of theirs was
told. What may not be told is left out before anything else is asked because of it.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.conf import settings

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.customers.access import CustomerLine, by_number, unsaid
from regulars.records.customers.marking import told_of
from regulars.records.customers.needed import needs_reason, reasons_among
from regulars.records.customers.weights import model_in_force
from regulars.rules.identity.comparing import best, is_slip
from regulars.rules.identity.generations import Bearer, aged, are_two, generation_in, step_for
from regulars.rules.identity.marks import DESK, PHONE_SLIP, Marker, Told, Wanted, numbers_typed, of_persons
from regulars.rules.identity.model import PRIOR, UNKNOWN, Match, Step
from regulars.rules.identity.traits import Traits, called_in_file, place, shorter
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.permission.need_to_know import wider

#: Views through which a customer is served and records are cared for; nobody else has a call to recognise anybody.
RECOGNISING: Final = frozenset({"standard", "personal"})
DOOR: Final = "recognise_customers"
#: Of one mark so many customers are looked at; a mark that more share tells too little by itself.
SHARED_BY: Final = 60
SHARED_BY_IN_SHOPS: Final = 1_000
#: So many of those who share most, and the rarest, are compared; of the protected as many beside them.
COMPARED: Final = 40
#: Nor is anybody who shares less than so much of what the one does who shares most. Of the protected, and where a file
#: opens for a given reason or a clerk is of some shops only, that one may be hidden: she takes nobody's place.
OF_THE_MOST: Final = 0.4
LOOKED_UP: Final = 20
#: So many bits have to speak for somebody, beside how likely anybody is: those of a family name with a slip.
LEAST: Final = 1.5
#: Comparisons that by themselves let a number be told, where nothing else may be.
WHOLE: Final = ("phone", "email", "reference")
CONTACTS: Final = ("phone", "email")
#: As long as the best has no more than that, and nobody bears the very name, words are taken for misspelled too.
SURE: Final = 14.0
AS_TOLD: Final = frozenset({"same", "same_reading", "swapped"})
LIKELY_WORDS: Final = 12
_OTHER: Final[object] = "another"
#: A firm's box is told by many: it brings its people into question, and says less than a postcode of who it is.
AT_A_DESK: Final = Step("email", "desk", 2.0)

_CANDIDATES: Final = """
WITH hit AS MATERIALIZED (
    SELECT a.place, r.customer_id FROM unnest(%s::bigint[]) WITH ORDINALITY a (mark, place)
     CROSS JOIN LATERAL (SELECT customer_id FROM recognition_mark WHERE mark = a.mark LIMIT %s) r
    UNION ALL
    SELECT -a.place, r.customer_id FROM unnest(%s::text[]) WITH ORDINALITY a (token, place)
     CROSS JOIN LATERAL (SELECT customer_id FROM search_token WHERE token = a.token LIMIT %s) r
    UNION ALL
    SELECT -%s::bigint, unnest(%s::bigint[])
), shared AS (SELECT place, count(*) AS many FROM hit GROUP BY place),
likely AS (
    SELECT customer_id, array_agg(place) AS places, sum(20 - ln(many)) AS most FROM hit JOIN shared USING (place)
     GROUP BY customer_id),
watched AS (
    SELECT *, row_number() OVER (PARTITION BY hidden ORDER BY most DESC, customer_id) AS n
      FROM (SELECT l.*, p.customer_id IS NOT NULL AS hidden
              FROM likely l LEFT JOIN protected_customer p ON p.customer_id = l.customer_id) told),
near AS MATERIALIZED (
    SELECT * FROM watched
     WHERE n <= %s AND (hidden OR most >= %s * (SELECT max(most) FROM watched WHERE NOT hidden)))
SELECT l.customer_id, l.places, c.name, c.family_name, c.given_name, c.birth_on, c.sex, c.city, c.postcode,
       p.phone, p.email, p.letter, l.hidden
  FROM near l JOIN customer c ON c.id = l.customer_id AND c.erased_at IS NULL
 CROSS JOIN LATERAL (
       SELECT bool_or(channel IN ('phone', 'sms')) AS phone, bool_or(channel = 'email') AS email,
              bool_or(channel = 'letter') AS letter FROM contact_point WHERE customer_id = l.customer_id) p
 WHERE NOT %s OR c.home_branch_id = ANY (%s) OR c.home_branch_id IS NULL
"""
_OF_ONE: Final = """
SELECT c.id, ARRAY(
           SELECT a.place FROM unnest(%s::bigint[]) WITH ORDINALITY a (mark, place)
             JOIN recognition_mark r ON r.mark = a.mark AND r.customer_id = c.id
            UNION ALL
           SELECT DISTINCT -a.place FROM unnest(%s::text[]) WITH ORDINALITY a (token, place)
             JOIN search_token t ON t.token = a.token AND t.customer_id = c.id),
       c.name, c.family_name, c.given_name, c.birth_on, c.sex, c.city, c.postcode,
       EXISTS (SELECT FROM contact_point p WHERE p.customer_id = c.id AND p.channel IN ('phone', 'sms')),
       EXISTS (SELECT FROM contact_point p WHERE p.customer_id = c.id AND p.channel = 'email'),
       EXISTS (SELECT FROM contact_point p WHERE p.customer_id = c.id AND p.channel = 'letter')
  FROM customer c WHERE c.id = %s
"""
_SLIPS: Final = "SELECT DISTINCT word FROM name_slip WHERE slip = ANY (%s) LIMIT 500"
_LINES: Final = """
SELECT c.id, c.number, c.name, c.stage, c.city, b.name, c.allows_direct_marketing, c.invented
  FROM customer c LEFT JOIN branch b ON b.id = c.home_branch_id
 WHERE c.id = ANY (%s) AND (NOT %s OR c.home_branch_id = ANY (%s) OR c.home_branch_id IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody it is likely to be, and what the model says of it, step by step."""

    customer: CustomerLine
    match: Match


#: Numbers told → ids of customers who have an order or booking of one of them.
Whose = Callable[[Sequence[str]], Sequence[int]]


def _nobodys(numbers: Sequence[str]) -> Sequence[int]:
    return ()


def recognise_customers(
    told: Told, *, by: Asker, because: str, limit: int = 5, country: str = "CN", whose_orders: Whose = _nobodys
) -> list[Likely]:
    """Those it is likely to be, the likeliest first: at most `limit`, nobody for whom hardly anything speaks.

    A phone number without its country's code is meant as one of `country`; a number may be that of an order, which
    `whose_orders` knows. Denied `recognising_not_for_view` for who neither serves customers nor cares for records.
    Logged like a search.
    """
    if wider(by.view) not in RECOGNISING:
        note_denial(by, door=DOOR, because=because)
        raise Denied("recognising_not_for_view")
    marker = Marker(settings.KEYS.read("search"))
    wanted = marker.wanted(told, country)
    matches = _matches(marker, wanted, told, by, country, whose_orders)
    lines = _lines([who for who, _ in matches], by)
    found = [Likely(_line(lines[who], one), one.match) for who, one in matches if who in lines][:limit]
    note_access(by, door=DOOR, because=because, rows=len(found), guesses=_guesses(wanted, told, found))
    return found


def _guesses(wanted: Wanted, told: Told, found: Sequence[Likely]) -> int:
    """How many phones and mails were told that are nobody's of whom she learns: with a slip in it, one stands for a
    hundred numbers, and who tries them one by one would find many."""
    tried = sum(kind in CONTACTS for kind in wanted.tokens.values())
    return max(0, max(tried, len(numbers_typed(told))) - sum(_wholly(one.match) is not None for one in found))


def match_of_two(one: int, other: int, *, among: int) -> Match:
    """What the model says of two who are both in the vault, as comparing so many would: two of a household, perhaps.
    The house's own question, which hands out no value."""
    told, country = told_of([one])[one]
    told = replace(told, emails=tuple(of_persons(told.emails)))
    wanted = Marker(settings.KEYS.read("search")).wanted(told, country or "CN")
    marks, tokens = list(wanted.marks), list(wanted.tokens)
    [row] = ask(WRITER, _OF_ONE, [marks, tokens, other])
    model = model_in_force()
    _, *steps = best(wanted.ways, _known(row, wanted, marks, tokens), model).steps
    two = any(are_two(whole, str(row[2])) for whole, _, _ in told.names)
    return aged(model.apart(Match((model.among(among), *steps)), among), two=two)


@dataclass(frozen=True, slots=True)
class _Told:
    """What may be told of a match, and whether of somebody who is protected, or for whom no reason was given."""

    match: Match
    protected: bool = False
    unneeded: bool = False


@dataclass(slots=True)
class _Compared:
    """Customer id → match; what she is called, where that may matter; and who of them is protected."""

    matches: dict[int, Match] = field(default_factory=dict)
    bearers: dict[int, Bearer] = field(default_factory=dict)
    protected: frozenset[int] = frozenset()


def _matches(
    marker: Marker, wanted: Wanted, told: Told, by: Asker, country: str, whose_orders: Whose
) -> list[tuple[int, _Told]]:
    """(customer id, what may be told) of the likeliest, the likeliest first. Digits that are a phone's are looked for
    among orders only where nobody is likely by them."""
    behind_phones = {one for one in told.references if told.phones and one.isdecimal()}
    alone = [one for one in told.references if one not in behind_phones]
    found = _likeliest(marker, wanted, told, by, country, whose_orders(alone) if alone else ())
    if found or not behind_phones:
        return found
    orders = whose_orders(sorted(behind_phones))
    return _likeliest(marker, wanted, told, by, country, orders) if orders else []


def _likeliest(
    marker: Marker, wanted: Wanted, told: Told, by: Asker, country: str, orders: Sequence[int]
) -> list[tuple[int, _Told]]:
    compared = _compared(wanted, told, by, orders=orders)
    found, bearers = _as_far_as_told(compared, by), compared.bearers
    if not any(_evidence(one.match) > SURE or _is_called_so(one.match) for one in found.values()):
        others = _with_slips(marker, wanted, told, by, country, but=compared.matches.keys())
        found, bearers = found | _as_far_as_told(others, by), bearers | others.bearers
    ranked = sorted(_of_their_ages(found, told, bearers).items(), key=lambda one: (-one[1].match.bits, one[0]))
    return [one for one in ranked if _evidence(one[1].match) >= LEAST][:LOOKED_UP]


def _as_far_as_told(compared: _Compared, by: Asker) -> dict[int, _Told]:
    """Of those of whom no more may be told than the number, those whose whole phone, mail or number was said."""
    found, protected = compared.matches, compared.protected if by.role != "officer" else frozenset()
    unneeded = found.keys() - reasons_among(found, by=by).keys() if needs_reason(by) else frozenset()
    told = {who: _Told(match) for who, match in found.items() if who not in protected | unneeded}
    wholly = {who: whole for who in found.keys() - told.keys() if (whole := _wholly(found[who]))}
    return told | {who: _Told(match, who in protected, who in unneeded) for who, match in wholly.items()}


def _wholly(match: Match) -> Match | None:
    """The match by whole phones, mails and numbers alone, and nothing of what else was right."""
    whole = tuple(step for step in match.steps if step.level == "same" and step.comparison in WHOLE)
    return Match((match.steps[0], *whole)) if whole else None


def _evidence(match: Match) -> float:
    return sum(step.bits for step in match.steps if step.comparison != PRIOR)


def _is_called_so(match: Match) -> bool:
    """Whether somebody bears the whole name as it was told: it need not be misspelled."""
    return {step.level for step in match.steps if step.comparison in ("family_name", "given_name")} <= AS_TOLD


def _with_slips(marker: Marker, wanted: Wanted, told: Told, by: Asker, country: str, *, but: Set[int]) -> _Compared:
    """Those who come into question when a word of the name or a digit of the phone is misspelled, but for whom was
    compared already."""
    phones = marker.with_slips_of_phones(wanted, told, country)
    meant = marker.with_slips(phones, _likely_words(marker, wanted), told) if wanted.words else phones
    if meant is wanted:
        return _Compared()
    # also where none is meant: how long it takes tells nothing; who ends the same is compared by her whole phone anew
    return _compared(meant, told, by, but=but if phones is wanted else frozenset())


def _likely_words(marker: Marker, wanted: Wanted) -> dict[str, list[str]]:
    """Each word of the name, and those in the house that one slip makes of it."""
    slips = sorted({slip for word in wanted.words for slip in marker.slips(word)})
    words = [word for (word,) in ask(WRITER, _SLIPS, [slips])]
    return {one: [word for word in words if word != one and is_slip(one, word)][:LIKELY_WORDS] for one in wanted.words}


def _compared(
    wanted: Wanted, told: Told, by: Asker, *, but: Set[int] = frozenset(), orders: Sequence[int] = ()
) -> _Compared:
    """Customer id → match, for those who share most of what is asked for; and what they are called, where what was told
    says whether father or son is meant. Who has one of the `orders` has the number that was told as if it were hers."""
    if not wanted:
        return _Compared()
    marks, tokens = list(wanted.marks), list(wanted.tokens)
    reach = SHARED_BY_IN_SHOPS if by.branches else SHARED_BY
    shops = [bool(by.branches), sorted(by.branches)]
    compared = COMPARED if not (by.branches or needs_reason(by)) else SHARED_BY_IN_SHOPS
    least = 0.0 if by.branches or needs_reason(by) else OF_THE_MOST
    by_order = [next((n for n, token in enumerate(tokens, 1) if wanted.tokens[token] == "reference"), 0), list(orders)]
    asked = [marks, reach, tokens, reach, *by_order, compared, least, *shops]
    rows, model = ask(WRITER, _CANDIDATES, asked), model_in_force()
    rows = [row for row in rows if row[0] not in but]
    matches = {
        row[0]: _with_contacts(
            best(_meant(row, wanted, marks), _known(row, wanted, marks, tokens), model), row, wanted, tokens
        )
        for row in rows
    }
    bearers = {row[0]: _bearer(row) for row in rows} if _says_generation(told) else {}
    return _Compared(matches, bearers, frozenset(who for who, *_, hidden in rows if hidden))


def _meant(row: Sequence[Any], wanted: Wanted, marks: Sequence[int]) -> tuple[Traits, ...]:
    """The ways the record may be meant, and for this candidate those in the letters she is written in."""
    if not wanted.meant:
        return wanted.ways
    names = (wanted.meant[mark] for n in row[1] if n > 0 and (mark := marks[n - 1]) in wanted.meant)
    return (*wanted.ways, *(replace(wanted.ways[0], called=name) for name in names))


def _with_contacts(match: Match, row: Sequence[Any], wanted: Wanted, tokens: Sequence[str]) -> Match:
    """The match; where it is a desk's mail box that both have, or a phone but for a slip, with as much as that says."""
    kinds = {wanted.tokens[tokens[-n - 1]] for n in row[1] if n < 0}
    steps = match.steps
    if DESK in kinds:
        steps = tuple(AT_A_DESK if (one.comparison, one.level) == ("email", UNKNOWN) else one for one in steps)
    if PHONE_SLIP in kinds:
        steps = tuple(_phone_but_for_a_slip() if _is_another_phone(one) else one for one in steps)
    return match if steps is match.steps else Match(steps)


def _is_another_phone(step: Step) -> bool:
    return step.comparison == "phone" and step.level != "same"


def _phone_but_for_a_slip() -> Step:
    """Half way between the same number and one that only ends the same."""
    same, tail = (model_in_force().step("phone", level).bits for level in ("same", "tail"))
    return Step("phone", "slip", (same + tail) / 2)


def _says_generation(told: Told) -> bool:
    return any(generation_in(whole) for whole, _, _ in told.names)


def _bearer(row: Sequence[Any]) -> Bearer:
    name = called_in_file(*row[2:5])
    return Bearer(str(row[2]), (name.family, name.given), row[5])


def _of_their_ages(found: Mapping[int, _Told], told: Told, bearers: Mapping[int, Bearer]) -> dict[int, _Told]:
    """The same, with a step more where what was told says whether father or son is meant; of whom no more may be told
    than the number, nothing comes of it, for her or for others."""
    open_ = {who for who, one in found.items() if who in bearers and not (one.protected or one.unneeded)}
    others, names = [bearers[who] for who in open_], [whole for whole, _, _ in told.names]
    steps = {who: step for who in open_ if (step := step_for(names, bearers[who], others))}
    return {
        who: replace(one, match=replace(one.match, steps=(*one.match.steps, steps[who]))) if who in steps else one
        for who, one in found.items()
    }  # fmt: skip


def _known(row: Sequence[Any], wanted: Wanted, marks: Sequence[int], tokens: Sequence[str]) -> Traits:
    """The candidate for comparing: of contacts only whether there are any, and which of those asked for are hers."""
    _, places, name, family, given, birth_on, sex, city, postcode, phone, email, letter, *_ = row
    hits = [marks[n - 1] for n in places if n > 0]
    keys = [tokens[-n - 1] for n in places if n < 0]
    called = called_in_file(name, family, given)
    of = _by_kind([(wanted.marks[mark], mark) for mark in hits] + [(wanted.tokens[key], key) for key in keys])
    return Traits(
        called=called, birth_on=birth_on, sex=sex,
        city=place(city), postcode=place(postcode), phone=_some(of.get("phone"), phone),
        phone_tail=_set(of.get("phone_tail")), phone_part=_set(of.get("phone_part")),
        email=_some(of.get("email"), email), email_user=_set(of.get("email_user")), home=_some(of.get("home"), letter),
        house=_set(of.get("house")), plate=_set(of.get("plate")), reference=_set(of.get("reference")),
        also_called=frozenset((*(wanted.names[mark] for mark in hits if mark in wanted.names), *shorter(called))),
    )  # fmt: skip


def _by_kind(hits: Sequence[tuple[str, object]]) -> Mapping[str, set[object]]:
    found: dict[str, set[object]] = {}
    for kind, hit in hits:
        found.setdefault(kind, set()).add(hit)
    return found


def _some(hits: set[object] | None, there: bool) -> frozenset[object]:
    """What was hit; else that she has another one, if she has any."""
    return frozenset(hits or ({_OTHER} if there else ()))


def _set(hits: set[object] | None) -> frozenset[object]:
    return frozenset(hits or ())


def _lines(ids: Sequence[int], by: Asker) -> dict[int, CustomerLine]:
    """The lines the asker's view shows."""
    rows = ask(wider(by.view), _LINES, [list(ids), bool(by.branches), sorted(by.branches)]) if ids else []
    return {row[0]: CustomerLine(*row) for row in rows}


def _line(line: CustomerLine, one: _Told) -> CustomerLine:
    return by_number(line) if one.unneeded else unsaid(line) if one.protected else line
