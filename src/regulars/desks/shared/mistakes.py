"""What went wrong, in a sentence somebody can act on, in the language now active.

Refusals and mistakes carry a code and values; the sentences stand in `mistake_words.py`, those of the database's
launcher and of the key files beside their errors. Values are spoken: codes become words, bytes become megabytes,
paths into a rule are counted from one.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import get_language, gettext

from regulars.connections.files import CannotRead
from regulars.connections.keys import key_file
from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.postgres import launch_errors
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.desks.shared import intake_words, source_words
from regulars.desks.shared.counted_words import CAMPAIGN_STATES
from regulars.desks.shared.customer_words import in_brackets
from regulars.desks.shared.figures import NOTHING, number
from regulars.desks.shared.mistake_words import ALL
from regulars.desks.shared.words import PURPOSES, ROLES, VIEWS, Words, say
from regulars.rules.permission.errors import RegularsError
from regulars.rules.segments.fields import field_called

ForPeople = RegularsError | CannotRead | LauncherError | KeyFileError | OperationalError | InterfaceError
FOR_PEOPLE: Final = (RegularsError, CannotRead, LauncherError, KeyFileError, OperationalError, InterfaceError)
LONGEST_VALUE: Final = 200


def sentence_for(error: ForPeople) -> str:
    """The sentence for this error, its values filled in."""
    if isinstance(error, LauncherError):
        return gettext(launch_errors.SENTENCES[error.code]).format(**error.values)
    if isinstance(error, KeyFileError):
        return gettext(key_file.SENTENCES[error.code]).format(**error.values)
    if isinstance(error, OperationalError | InterfaceError):
        return gettext("The database does not answer. Nothing is lost. Start it with “regulars start”, then try again.")
    return sentence_of(error.code, error.values)


def sentence_of(code: str, values: Mapping[str, object]) -> str:
    """The sentence of a code; the bare code where nobody has written one, which the tests do not let happen."""
    said = ALL.get(code)
    if said is None:
        return code
    spoken = {name: _spoken(name, value) for name, value in values.items()}
    return str(said) % _Filled(spoken)


class _Filled(dict[str, str]):
    """A value that was not given leaves a dash rather than no sentence at all."""

    def __missing__(self, name: str) -> str:
        return NOTHING


def _spoken(name: str, value: object) -> str:
    if value is None:
        return NOTHING
    speak = SPEAKING.get(name)
    spoken = speak(value) if speak else _listed(value)
    return spoken if len(spoken) <= LONGEST_VALUE else spoken[: LONGEST_VALUE - 1] + "…"


def _listed(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return _between().join(str(one) for one in value)
    return str(value)


def _between() -> str:
    return "、" if (get_language() or "").startswith("zh") else ", "


def _by(words: Words) -> Callable[[object], str]:
    """A code, or codes with commas between them, in words."""

    def spoken(value: object) -> str:
        return _between().join(say(words, code) for code in str(value).split(", "))

    return spoken


def _place(path: object) -> str:
    """Where in a rule: 2.1 is the first part of the second part."""
    return ".".join(str(int(part) + 1) for part in path) if isinstance(path, tuple | list) and path else "1"


def _size(value: object) -> str:
    size = int(str(value))
    return f"{number(size / 1_000_000, 1)} MB" if size >= 100_000 else f"{number(size)} B"


def _field(value: object) -> str:
    known = field_called(str(value))
    if known is None:
        return str(value)
    return known.label_in(get_language() or "en")


def _meanings(value: object) -> str:
    """What columns stand for, in words, with the code that says so at the terminal and over HTTP."""
    return _between().join(_meaning(code) for code in str(value).split(", "))


def _meaning(code: str) -> str:
    return in_brackets(say(intake_words.MEANINGS, code), code) if code in intake_words.MEANINGS else code


SPEAKING: Final[Mapping[str, Callable[[object], str]]] = {
    "roles": _by(ROLES), "yours": _by(ROLES),
    "purpose": _by(PURPOSES), "view": _by(VIEWS), "field": _field, "path": _place,
    "state": _by({**intake_words.STATES, **CAMPAIGN_STATES}), "from": _by(CAMPAIGN_STATES), "to": _by(CAMPAIGN_STATES),
    "missing": _by(source_words.NEEDED), "meaning": _meanings, "meanings": _meanings, "needed": _size, "free": _size,
    "bytes": _size,
}  # fmt: skip
