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

from regulars.rules.identity.encoding import COLUMNS
from regulars.rules.identity.figures_of_model import COMPARISONS
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
#: What is done once all rows are in.
GATHER: Final = (*(statement for column in CONTACTS for statement in _crowded(column)), LAY_OUT_FOUND)
#: Pairs (a, b) with a < b who share a mark that few have, or many marks; b among ids above `$after` and up to `$until`.
_SHARING: Final = (
    "SELECT one.id AS a, other.id AS b FROM found one JOIN found other ON one.mark = other.mark"
    " AND one.id < other.id WHERE other.id > $after AND other.id <= $until{}"
    f" GROUP BY ALL HAVING min(one.shared_by) <= {SHARED_BY_FEW} OR count(*) >= {MANY_MARKS}"
)
PAIRS: Final = _SHARING.format("")
#: Of whom it is said that they are new; and the pairs that one of them is in.
LAY_OUT_NEWS: Final = "CREATE TABLE newcomer (id bigint)"
PAIRS_OF_NEWS: Final = _SHARING.format(
    " AND (one.id IN (SELECT id FROM newcomer) OR other.id IN (SELECT id FROM newcomer))"
)


#: What takes most of the time to compare; and what is compared before.
COSTLY: Final = ("family_name", "given_name")
CHEAP: Final = tuple(name for name in NAMES if name not in COSTLY)
_SIDES: Final = "JOIN people l ON l.id = a JOIN people r ON r.id = b"
_AT_A_HOME: Final = "SELECT id, coalesce(city, 0) AS city, postcode, unnest(home) AS mark FROM people"
#: Who lives where, and the pairs who live at one home; and those that one who is new is in. The mark of a home knows
#: its street and numbers, which stand in many towns: the town has to be the same, and the postcode where both tell one.
_FEW: Final = f"SELECT mark, city FROM ({_AT_A_HOME}) GROUP BY ALL HAVING count(*) BETWEEN 2 AND {LIVE_TOGETHER}"
GATHER_HOMES: Final = (f"CREATE OR REPLACE TABLE lives AS FROM ({_AT_A_HOME}) SEMI JOIN ({_FEW}) USING (mark, city)",)
PAIRS_AT_HOME: Final = (
    "SELECT DISTINCT one.id AS a, other.id AS b FROM lives one JOIN lives other USING (mark, city)"
    " WHERE one.id < other.id AND coalesce(one.postcode = other.postcode, true)"
)
PAIRS_AT_HOME_OF_NEWS: Final = (
    f"{PAIRS_AT_HOME} AND (one.id IN (SELECT id FROM newcomer) OR other.id IN (SELECT id FROM newcomer))"
)


def pairs_between(second: int) -> str:
    """The same pairs of two lists only, the second of which begins with that id."""
    return _SHARING.format(f" AND one.id < {second} AND other.id >= {second}")


def levels(pairs: str = PAIRS) -> str:
    """The question on which level every pair stands: a, b, a column per comparison with the place of its level (0 where
    one of the two is not told), and `share`, how common the commoner of the two family names is."""
    return f"SELECT a, b, {_levels(NAMES)}, greatest(l.family_share, r.family_share) AS share FROM ({pairs}) {_SIDES}"


def households(model: Model, customers: int, pairs: str, least: float) -> str:
    """The question for every pair that lives together, two of one household, with at least that chance (`at_home`)."""
    answers = f"SELECT *, home / (1 + home + pow(2, bits)) AS at_home FROM ({weighed(model, customers, levels(pairs))})"
    return f"SELECT * FROM ({answers}) WHERE at_home >= {_double(least)}"


def levels_of_hopeful(model: Model, customers: int, pairs: str, least: float) -> str:
    """The same for those pairs only that can still have that chance when all is compared but slips and other forms of
    the names: those would have to agree as well as they can."""
    best = " + ".join(_at_best(name, model) for name in COSTLY)
    cheap = (
        f"SELECT a, b, {_levels(CHEAP)}, greatest(l.family_share, r.family_share) AS share, {best} AS best"
        f" FROM ({pairs}) {_SIDES}"
    )
    bits = " + ".join(_case(name, _weights(name, model)) for name in CHEAP)
    wanted = log2(least / (1 - least)) - model.among(customers).bits - ROUNDED
    hopeful = f"SELECT * EXCLUDE (best) FROM ({cheap}) WHERE {bits} + best >= {_double(wanted)}"
    return f"SELECT hopeful.*, {_levels(COSTLY)} FROM ({hopeful}) hopeful {_SIDES}"


def _at_best(name: str, model: Model) -> str:
    """The most bits a comparison can come to, as far as single marks tell: from the first level on that compares lists,
    the best of those that are left."""
    told = COMPARISONS[name]
    lists = next(n for n, one in enumerate(told) if "list_has_any" in one["sql_condition"])
    weights = _weights(name, model)
    cases = " ".join(f"WHEN {_sided(told[n]['sql_condition'])} THEN {weights[n]}" for n in range(lists))
    return f"CASE {cases} ELSE greatest({', '.join(weights[lists:])}) END"


def _levels(names: Iterable[str]) -> str:
    return ", ".join(f"{_level(name)} AS {name}" for name in names)


def weighed(model: Model, customers: int, levelled: str) -> str:
    """The question what the model makes of the levels: `bits` (with the prior), `home` (the odds that they are two of a
    household and no two at random) and `chance`, how likely they are one person."""
    bits = " + ".join(_case(name, _weights(name, model)) for name in NAMES)
    as_often = " * ".join(_case(name, _at_home(name, model)) for name in NAMES)
    agreeing = f"SELECT *, {bits} AS agreeing, {as_often} AS as_often FROM ({levelled})"
    prior, at_home = _double(model.among(customers).bits), _double(model.at_home(customers))
    odds = f"SELECT *, agreeing + {prior} AS bits, {at_home} * as_often * pow(2, agreeing) AS home FROM ({agreeing})"
    return f"SELECT *, 1 / (1 + (1 + home) * pow(2, -bits)) AS chance FROM ({odds})"


def scored(model: Model, customers: int, pairs: str = PAIRS, least: float = 0.0) -> str:
    """The question for every pair with at least that chance."""
    levelled = levels_of_hopeful(model, customers, pairs, least) if least else levels(pairs)
    return f"SELECT * FROM ({weighed(model, customers, levelled)}) WHERE chance >= {_double(least)}"


def _level(name: str) -> str:
    """Which level holds: its place in the comparison; the level of what is not told is 0."""
    said = [(n, one["sql_condition"]) for n, one in enumerate(COMPARISONS[name])]
    cases = " ".join(f"WHEN {_sided(condition)} THEN {n}" for n, condition in said[:-1])
    return f"CASE {cases} ELSE {said[-1][0]} END"


def _sided(condition: str) -> str:
    """The condition over l and r, where Splink has columns that end in _l and _r.

    >>> _sided("family_l = given_r")
    'l.family = r.given'
    """
    return _SIDE.sub(r"\2.\1", condition)


def _weights(name: str, model: Model) -> list[str]:
    """Bits by level, that of what is not told first."""
    return [_double(0), *(_bits(level) for level in model.comparisons[name].values())]


def _bits(level: Level) -> str:
    if not level.by_frequency:
        return _double(level.bits)
    return f"log2({_double(level.m)} / greatest(share, {_double(level.least_u)}))"


def _at_home(name: str, model: Model) -> list[str]:
    """How many times as often as two records of one person two of a household stand on each level."""
    levels = model.comparisons[name].values()
    return [_double(1), *(_double(model.household[name][level.name] / level.m) for level in levels)]


def _case(name: str, figures: Sequence[str]) -> str:
    return f"CASE {name} {' '.join(f'WHEN {n} THEN {figure}' for n, figure in enumerate(figures))} END"


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
    return model.apart(Match((model.among(customers), *steps)), customers)


def _step(name: str, place: int, share: float, model: Model) -> Step:
    if place == 0:
        return Step(name, UNKNOWN, 0.0)
    level = list(model.comparisons[name].values())[place - 1]
    common = max(share, level.least_u)
    return Step(name, level.name, log2(level.m / common) if level.by_frequency else level.bits)
