"""Everybody against everybody, as SQL over rows of keyed marks (`encoding`): who comes into question, on which level
each comparison stands, and what the model makes of it.

The conditions are those of `figures_of_model`, which Splink reads too; the sums are those of `model`, so that a pair
weighs in a batch what it weighs while a clerk is typing, but for the household that only the batch asks about.
The engine is DuckDB; its tables are `people` (the rows) and `found` (mark, id: who is found by what).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from typing import Any, Final

from regulars.rules.identity.encoding import COLUMNS, MARKS
from regulars.rules.identity.figures_of_model import COMPARISONS
from regulars.rules.identity.generations import OTHER, aged
from regulars.rules.identity.model import UNKNOWN, Level, Match, Model, Step
from regulars.rules.identity.training import Expected

#: A mark that more share tells too little to look at every pair of them; and where more than a few do, three have to be
#: shared: one person has most of her marks in common with herself.
SHARED_BY: Final = 20
SHARED_BY_FEW: Final = 5
MANY_MARKS: Final = 3
#: A phone or mail box that goes with more names than a family has belongs to nobody: a company's, a shop's own.
NAMES_OF_A_FAMILY: Final = 6
#: Columns that hold such contacts.
CONTACTS: Final = ("phone", "phone_tail", "email", "email_user")
NAMES: Final = tuple(COMPARISONS)
#: Sums in another order differ in the last places.
ROUNDED: Final = 1e-6
LEVELS: Final = {name: [one["label_for_charts"] for one in levels] for name, levels in COMPARISONS.items()}
_SIDE: Final = re.compile(r"\b([a-z_]+)_([lr])\b")

LAY_OUT: Final = f"CREATE TABLE people ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})"


def _crowded(column: str) -> tuple[str, ...]:
    """The contacts of that column that go with too many names are taken from everybody."""
    each = f"(SELECT id, family, given, unnest({column}) AS mark FROM people)"
    many = f"count(*) > {NAMES_OF_A_FAMILY} AND count(DISTINCT (family, given)) > {NAMES_OF_A_FAMILY}"
    found = f"SELECT mark FROM {each} GROUP BY mark HAVING {many}"
    kept = f"nullif(list_filter({column}, lambda mark: NOT list_contains(getvariable('crowd'), mark)), [])"
    theirs = f"SELECT id FROM {each} WHERE mark IN (SELECT unnest(getvariable('crowd')))"
    return (
        f"SET VARIABLE crowd = (SELECT coalesce(list(mark), []) FROM ({found}))",
        f"UPDATE people SET {column} = {kept} WHERE id IN ({theirs})",
    )


#: So many records at one home are looked at for a household; where more are, it is a hostel, an office, a tower.
LIVE_TOGETHER: Final = 8
_FOUND: Final = "SELECT unnest(keys) AS mark, id FROM people"
_SHARED: Final = f"SELECT *, count(*) OVER (PARTITION BY mark) AS shared_by FROM ({_FOUND})"
LAY_OUT_FOUND: Final = f"CREATE OR REPLACE TABLE found AS FROM ({_SHARED}) WHERE shared_by BETWEEN 2 AND {SHARED_BY}"

#: A list at a glance is one word: that of a single mark is the mark, made odd; that of several is even, with a bit for
#: each. Where no bit is in both, no mark is; words of single marks say for sure whether they are the same.
_LAY_OUT_WORDS: Final = tuple(
    f"CREATE OR REPLACE MACRO {macro}"
    for macro in (
        f"bit_of(mark) AS 2::bigint << ((mark & {2**62 - 2}) % 61)::int",
        "bits_of(word) AS CASE WHEN word & 1 = 1 THEN bit_of(word) ELSE word END",
        "several(marks) AS list_aggregate(list_transform(marks, lambda mark: bit_of(mark)), 'bit_or')",
        "word_of(marks) AS CASE len(marks) WHEN 1 THEN marks[1] | 1 ELSE several(marks) END",
        "do_share(one, other) AS one = other AND one & 1 = 1",
        "may_share(one, other) AS one = other OR (one & other & 1 = 0 AND bits_of(one) & bits_of(other) <> 0)",
    )
)
LISTS: Final = [name for name, kind in COLUMNS.items() if kind == MARKS and name != "keys"]
_WORDS: Final = ", ".join(f"word_of({name}) AS {name}" for name in LISTS)
LAY_OUT_GLANCE: Final = f"CREATE OR REPLACE TABLE glance AS SELECT * EXCLUDE (keys) REPLACE ({_WORDS}) FROM people"
#: What is done once all rows are in.
GATHER: Final = (
    *(statement for column in CONTACTS for statement in _crowded(column)), LAY_OUT_FOUND, *_LAY_OUT_WORDS,
    LAY_OUT_GLANCE,
)  # fmt: skip
#: For a training a family name is as common as the list has it, or as it is among these people, if that is twice as
#: much: where many share a name no list has, all who share one would be taken for one person. Counted are given name
#: and birth year together; one person's records differ in them by a slip or two, so a few are left out.
SLIPS_OF_ONE: Final = 3
_BEARERS: Final = f"count(DISTINCT (given, birth_year)) - {SLIPS_OF_ONE}"
_COUNTED: Final = f"""
UPDATE people SET family_share = greatest(family_share, counted.share) FROM (
    SELECT family, ({_BEARERS}) / (SELECT count(*) FROM people)::double AS share
      FROM people WHERE family IS NOT NULL GROUP BY family HAVING {_BEARERS} > 0) counted
 WHERE counted.family = people.family AND counted.share > 2 * family_share
"""
COUNT: Final = (_COUNTED, LAY_OUT_GLANCE)
#: Pairs (a, b) with a < b who share a mark that few have, or many marks.
_SHARING: Final = (
    "SELECT one.id AS a, other.id AS b FROM found one JOIN found other ON one.mark = other.mark"
    " AND one.id < other.id{}"
    f" GROUP BY ALL HAVING min(one.shared_by) <= {SHARED_BY_FEW} OR count(*) >= {MANY_MARKS}"
)
PAIRS: Final = _SHARING.format("")
#: Of whom it is said that they are new; and the pairs that one of them is in.
LAY_OUT_NEWS: Final = "CREATE TABLE newcomer (id bigint)"
_OF_NEWS: Final = "(one.id IN (SELECT id FROM newcomer) OR other.id IN (SELECT id FROM newcomer))"
PAIRS_OF_NEWS: Final = _SHARING.format(f" AND {_OF_NEWS}")


_SHARE: Final = "greatest(l.family_share, r.family_share) AS share"
_AT_A_HOME: Final = "SELECT id, coalesce(city, 0) AS city, postcode, unnest(home) AS mark FROM people"
#: Who lives where, and the pairs who live at one home; and those that one who is new is in. The mark of a home knows
#: its street and numbers, which stand in many towns: the town has to be the same, and the postcode where both tell one.
_FEW: Final = f"SELECT mark, city FROM ({_AT_A_HOME}) GROUP BY ALL HAVING count(*) BETWEEN 2 AND {LIVE_TOGETHER}"
GATHER_HOMES: Final = (f"CREATE OR REPLACE TABLE lives AS FROM ({_AT_A_HOME}) SEMI JOIN ({_FEW}) USING (mark, city)",)
PAIRS_AT_HOME: Final = (
    "SELECT DISTINCT one.id AS a, other.id AS b FROM lives one JOIN lives other USING (mark, city)"
    " WHERE one.id < other.id AND coalesce(one.postcode = other.postcode, true)"
)
PAIRS_AT_HOME_OF_NEWS: Final = f"{PAIRS_AT_HOME} AND {_OF_NEWS}"


def pairs_between(second: int) -> str:
    """The same pairs of two lists only, the second of which begins with that id."""
    return _SHARING.format(f" AND one.id < {second} AND other.id >= {second}")


def levels(pairs: str = PAIRS) -> str:
    """The question on which level every pair stands: a, b, a column per comparison with the place of its level (0 where
    one of the two is not told), and `share`, how common the commoner of the two family names is."""
    return f"SELECT a, b, {', '.join(map(_level, NAMES))}, {_SHARE} FROM ({pairs}) {_sides('people')}"


def households(model: Model, customers: int, pairs: str, least: float) -> str:
    """The question for every pair that lives together, two of one household, with at least that chance (`at_home`)."""
    answers = f"SELECT *, home / (1 + home + pow(2, bits)) AS at_home FROM ({weighed(model, customers, levels(pairs))})"
    return f"SELECT * FROM ({answers}) WHERE at_home >= {_double(least)}"


#: The engine chooses how to join by how many there are.
_LAY_OUT_PAIRS: Final = "CREATE OR REPLACE TABLE pair AS {}"


def _lay_out_hopeful(model: Model, customers: int, least: float) -> str:
    """The statement after which those pairs stand on their levels that at a glance can still have that chance, each
    comparison on the best level it may stand on."""
    glances = f"SELECT a, b, {', '.join(map(_glance, NAMES))}, {_SHARE} FROM pair {_sides('glance')}"
    most = " + ".join(_case(name, _at_best(name, model)) for name in NAMES)
    wanted = log2(least / (1 - least)) - model.among(customers).bits - ROUNDED
    return f"CREATE OR REPLACE TABLE hopeful AS SELECT * FROM ({glances}) WHERE {most} >= {_double(wanted)}"


def _levels_of_hopeful() -> str:
    """The levels of those; lists are compared where a glance left a doubt."""
    doubt = f"least({', '.join(NAMES)}) < 0"
    settled = f"SELECT a, b, {', '.join(map(_settled, NAMES))}, share"
    doubtful = f"(SELECT * FROM hopeful WHERE {doubt}) hopeful {_sides('people')}"
    return f"SELECT * FROM hopeful WHERE NOT {doubt} UNION ALL BY NAME {settled} FROM {doubtful}"


def _sides(table: str) -> str:
    return f"JOIN {table} l ON l.id = a JOIN {table} r ON r.id = b"


def weighed(model: Model, customers: int, levelled: str) -> str:
    """The question what the model makes of the levels: `bits` (with the prior), `home` (the odds that they are two of a
    household and no two at random) and `chance`, how likely they are one person."""
    bits = " + ".join(_case(name, _weights(name, model)) for name in NAMES)
    as_often = " * ".join(_case(name, _at_home(name, model)) for name in NAMES)
    agreeing = f"SELECT *, {bits} AS agreeing, {as_often} AS as_often FROM ({levelled})"
    prior, at_home = _double(model.among(customers).bits), _double(model.at_home(customers))
    odds = f"SELECT *, agreeing + {prior} AS bits, {at_home} * as_often * pow(2, agreeing) AS home FROM ({agreeing})"
    return f"SELECT *, 1 / (1 + (1 + home) * pow(2, -bits)) AS chance FROM ({odds})"


def lay_out_scored(model: Model, customers: int, pairs: str = PAIRS, least: float = 0.0) -> tuple[str, ...]:
    """The statements after which every pair with at least that chance can be read."""
    hopeful = (_LAY_OUT_PAIRS.format(pairs), _lay_out_hopeful(model, customers, least)) if least else ()
    answers = weighed(model, customers, _levels_of_hopeful() if least else levels(pairs))
    likely = f"SELECT * FROM ({answers}) WHERE chance >= {_double(least)}"
    return *hopeful, f"CREATE OR REPLACE TABLE scored AS {_of_their_ages(likely, least)}"


def _of_their_ages(likely: str, least: float) -> str:
    """The same pairs, each with whether their names say of father and son that they are two, and with what that is
    worth: looked at last, where few pairs are left."""
    two = "coalesce(l.generation <> r.generation, false) AS two"
    aged = f"SELECT answers.*, {two} FROM ({likely}) answers {_sides('people')}"
    worth = f"CASE WHEN two THEN {_double(OTHER.bits)} ELSE 0 END"
    chance = f"chance / (chance + (1 - chance) * pow(2, -({worth})))"
    likely_still = f"SELECT * REPLACE (bits + {worth} AS bits, {chance} AS chance) FROM ({aged})"
    return f"SELECT * FROM ({likely_still}) WHERE chance >= {_double(least)}"


#: Those whose second id lies above `$after` and not above `$until`.
SCORED: Final = "FROM scored WHERE b > $after AND b <= $until"


def _level(name: str) -> str:
    """Which level holds: its place in the comparison; the level of what is not told is 0."""
    return f"{_first_of(_in_full(name))} AS {name}"


def _glance(name: str) -> str:
    """Which level holds at a glance; the place of one that only may hold is below 0."""
    return f"{_first_of([_at_a_glance(n, condition) for n, (condition, _) in enumerate(_in_full(name))])} AS {name}"


def _settled(name: str) -> str:
    """Which level holds, of which the glance may have left a doubt."""
    glanced = f"hopeful.{name}"
    return f"{_first_of([(f'{glanced} >= 0', glanced), *_in_full(name)])} AS {name}"


def _in_full(name: str) -> list[tuple[str, str]]:
    return [(_sided(one["sql_condition"]), str(n)) for n, one in enumerate(COMPARISONS[name])]


def _at_a_glance(n: int, condition: str) -> tuple[str, str]:
    may, does = (condition.replace("list_has_any", way) for way in ("may_share", "do_share"))
    return may, str(n) if may == does else f"CASE WHEN {does} THEN {n} ELSE -{n} END"


def _first_of(answers: Sequence[tuple[str, str]]) -> str:
    """The answer to the first condition that holds; the last holds always."""
    cases = " ".join(f"WHEN {condition} THEN {answer}" for condition, answer in answers[:-1])
    return f"CASE {cases} ELSE {answers[-1][1]} END"


def _sided(condition: str) -> str:
    """The condition over l and r, where Splink has columns that end in _l and _r.

    >>> _sided("family_l = given_r")
    'l.family = r.given'
    """
    return _SIDE.sub(r"\2.\1", condition)


def _weights(name: str, model: Model) -> dict[int, str]:
    """Bits by level, that of what is not told first."""
    return dict(enumerate([_double(0), *(_bits(level) for level in model.comparisons[name].values())]))


def _at_best(name: str, model: Model) -> dict[int, str]:
    """Bits by level; of one in doubt, the best of what is left from there on."""
    weights = _weights(name, model)
    return weights | {-n: f"greatest({', '.join(list(weights.values())[n:])})" for n in weights if n}


def _bits(level: Level) -> str:
    if not level.by_frequency:
        return _double(level.bits)
    return f"log2({_double(level.m)} / greatest(share, {_double(level.least_u)}))"


def _at_home(name: str, model: Model) -> dict[int, str]:
    """How many times as often as two records of one person two of a household stand on each level."""
    levels = model.comparisons[name].values()
    times = (_double(model.household[name][level.name] / level.m) for level in levels)
    return dict(enumerate([_double(1), *times]))


def _case(name: str, figures: Mapping[int, str]) -> str:
    return f"CASE {name} {' '.join(f'WHEN {n} THEN {figure}' for n, figure in figures.items())} END"


def _double(figure: float) -> str:
    """A figure that the engine takes for a float and no decimal."""
    return f"{figure:.16e}"


#: Comparison → the column that holds something where it is told.
TOLD_BY: Final = {name: name for name in NAMES} | {"family_name": "family", "given_name": "given", "address": "city"}
#: How often each comparison is told, in one row of as many columns.
TOLD: Final = f"SELECT {', '.join(f'count({column}) AS {name}' for name, column in TOLD_BY.items())} FROM people"


def patterns(pairs: str = PAIRS) -> str:
    """The statement that counts how many pairs stand alike; there are few ways, so a model is tried in no time."""
    counted = f"SELECT * EXCLUDE (a, b), count(*) AS many FROM ({levels(pairs)}) GROUP BY ALL"
    return f"CREATE OR REPLACE TABLE pattern AS {counted}"


def expected(model: Model, customers: int) -> str:
    """The question what the model expects of all pairs that come into question: rows of (comparison, place of the
    level, pairs of one person there); and in a row without comparison, pairs of one person, and of one household."""
    every = f"({weighed(model, customers, 'FROM pattern')})"
    at_home = "sum(many * home / (1 + home + pow(2, bits)))"
    each = (f"SELECT '{name}', {name}, sum(many * chance), 0 FROM answered GROUP BY {name}" for name in NAMES)
    whole = f"SELECT '', 0, coalesce(sum(many * chance), 0), coalesce({at_home}, 0) FROM answered"
    return f"WITH answered AS {every} {' UNION ALL '.join((whole, *each))}"


def expected_of(rows: Iterable[tuple[Any, ...]]) -> Expected:
    """The answer to `expected`."""
    same = at_home = 0.0
    found: dict[str, dict[str, float]] = {}
    for name, place, here, home in rows:
        if not name:
            same, at_home = here, home
        elif place:
            found.setdefault(name, {})[LEVELS[name][place]] = here
    return Expected(same, at_home, found)


def match_of(row: Mapping[str, Any], model: Model, customers: int) -> Match:
    """The waterfall of one scored pair."""
    steps = (_step(name, row[name], row["share"], model) for name in NAMES)
    return aged(model.apart(Match((model.among(customers), *steps)), customers), two=row.get("two", False))


def _step(name: str, place: int, share: float, model: Model) -> Step:
    if place == 0:
        return Step(name, UNKNOWN, 0.0)
    level = list(model.comparisons[name].values())[place - 1]
    common = max(share, level.least_u)
    return Step(name, level.name, log2(level.m / common) if level.by_frequency else level.bits)
