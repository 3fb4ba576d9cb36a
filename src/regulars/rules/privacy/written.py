"""Functions and triggers as the migrations' SQL writes them, to hold PostgreSQL's catalogue against."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

_FUNCTION = re.compile(
    r"CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+([\w.]+)\s*\(.*?AS\s+(\$\w*\$)(.*?)\2", re.IGNORECASE | re.DOTALL
)
_TRIGGER = re.compile(
    r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)\s+(BEFORE|AFTER)\s+(.*?)\s+ON\s+([\w.]+)\s+(.*?)"
    r"EXECUTE\s+(?:FUNCTION|PROCEDURE)\s+([\w.]+)",
    re.IGNORECASE | re.DOTALL,
)
_DROPPED = re.compile(r"DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?(\w+)", re.IGNORECASE)
_FUNCTION_RENAMED = re.compile(r"ALTER\s+FUNCTION\s+([\w.]+)[^;]*?RENAME\s+TO\s+(\w+)", re.IGNORECASE)
_TRIGGER_RENAMED = re.compile(r"ALTER\s+TRIGGER\s+(\w+)[^;]*?RENAME\s+TO\s+(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Trigger:
    """When a trigger fires and what it runs. `when` only says whether there is a condition: PostgreSQL rewords it."""

    name: str
    table: str
    timing: str
    events: str
    each: str
    function: str
    when: bool

    def __str__(self) -> str:
        condition = " when …" if self.when else ""
        return f"{self.timing} {self.events} on {self.table} each {self.each}{condition} run {self.function}"


@dataclass(slots=True)
class Written:
    """What the migrations leave behind: digests of the bodies a function has had, and the triggers that stay."""

    bodies: dict[str, set[str]] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)


def written(migrations: Iterable[str]) -> Written:
    """What the migrations' SQL, read in order, leaves behind."""
    left = Written()
    for text in migrations:
        for name, _, body in _FUNCTION.findall(text):
            left.bodies.setdefault(_bare(name), set()).add(digest(body))
        for name in _DROPPED.findall(text):
            left.triggers.pop(name.lower(), None)
        left.triggers |= {trigger.name: trigger for trigger in triggers_in(text)}
        _rename(left, text)
    return left


def _rename(left: Written, text: str) -> None:
    """Names change at the end of a migration; a trigger follows its function's new name."""
    for old, new in _FUNCTION_RENAMED.findall(text):
        left.bodies[new.lower()] = left.bodies.pop(_bare(old), set())
        followed = {n: replace(t, function=new.lower()) for n, t in left.triggers.items() if t.function == _bare(old)}
        left.triggers |= followed
    for old, new in _TRIGGER_RENAMED.findall(text):
        left.triggers[new.lower()] = replace(left.triggers.pop(old.lower()), name=new.lower())


def triggers_in(text: str) -> list[Trigger]:
    """Every trigger that SQL creates, whoever wrote it: a person or PostgreSQL.

    >>> triggers_in("CREATE TRIGGER t AFTER INSERT OR DELETE ON vault.a FOR EACH ROW EXECUTE FUNCTION vault.f()")
    [Trigger(name='t', table='a', timing='after', events='delete or insert', each='row', function='f', when=False)]
    """
    return [
        Trigger(name.lower(), _bare(table), timing.lower(), _events(events), _each(rest), _bare(function), _when(rest))
        for name, timing, events, table, rest, function in _TRIGGER.findall(text)
    ]


def digest(body: str) -> str:
    """Names a function's text; white space at its ends is nobody's business."""
    return sha256(body.strip().encode()).hexdigest()[:16]


def _bare(name: str) -> str:
    return name.lower().rsplit(".", 1)[-1]


def _events(said: str) -> str:
    events = re.split(r"\s+OR\s+", said, flags=re.IGNORECASE)
    return " or ".join(sorted(" ".join(event.lower().split()) for event in events))


def _each(rest: str) -> str:
    return "row" if re.search(r"EACH\s+ROW", rest, re.IGNORECASE) else "statement"


def _when(rest: str) -> bool:
    return bool(re.search(r"\bWHEN\b", rest, re.IGNORECASE))
