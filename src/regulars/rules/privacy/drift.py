"""Where the house differs from what was declared: findings as plain values, and the comparisons that make them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Fact = tuple[object, ...]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One disagreement. `code` picks the sentence, `place` says where; `expected` and `found` are text, "" for none."""

    code: str
    place: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class HouseReport:
    """Everything that was looked at and every disagreement in it.

    `counts` says how much was compared (columns, views, rights, …); `limits` are codes of what this server does not let
    us close, such as a managed server's public catalogue: true, worth knowing, and no disagreement.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def agrees(self) -> bool:
        """Whether nothing disagrees."""
        return not self.findings


def differences(what: str, expected: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Finding]:
    """What is missing, extra or different between two descriptions of the same places.

    >>> list(differences("view", {"a": "x", "b": "y"}, {"b": "z", "c": "q"}))  # doctest: +NORMALIZE_WHITESPACE
    [Finding(code='view_missing', place='a', expected='x', found=''),
     Finding(code='view_differs', place='b', expected='y', found='z'),
     Finding(code='view_extra', place='c', expected='', found='q')]
    """
    for place in sorted(expected.keys() | found.keys()):
        if place not in found:
            yield Finding(f"{what}_missing", place, expected[place])
        elif place not in expected:
            yield Finding(f"{what}_extra", place, found=found[place])
        elif expected[place] != found[place]:
            yield Finding(f"{what}_differs", place, expected[place], found[place])


def set_differences(what: str, expected: Iterable[Fact], found: Iterable[Fact]) -> Iterator[Finding]:
    """What is missing from, or extra in, a set of facts; the first word of a fact is who, the rest is what.

    >>> list(set_differences("right", [("dora", "SELECT")], [("eve", "SELECT")]))  # doctest: +NORMALIZE_WHITESPACE
    [Finding(code='right_missing', place='dora SELECT', expected='dora SELECT', found=''),
     Finding(code='right_extra', place='eve SELECT', expected='', found='eve SELECT')]
    """
    wanted, real = {_said(fact) for fact in expected}, {_said(fact) for fact in found}
    yield from (Finding(f"{what}_missing", place, expected=place) for place in sorted(wanted - real))
    yield from (Finding(f"{what}_extra", place, found=place) for place in sorted(real - wanted))


def _said(fact: Fact) -> str:
    return " ".join(str(word) for word in fact if word != "")
