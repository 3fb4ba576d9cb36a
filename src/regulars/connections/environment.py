"""What the environment says about this installation, read when it wakes up: a wrong word stops the start.

A number that is none, or an address nobody could reach, would otherwise be noticed by the night shift.
"""

from collections.abc import Mapping

from regulars.connections.web import web_host


def _(sentence: str) -> str:
    """Marks a sentence for translation; whoever tells it, translates it."""
    return sentence


SENTENCES = {
    "not_a_number": _("{name} should be a whole number from {least} to {most}; it says “{said}”."),
    "not_a_web_address": _("{name} should be a web address like https://regulars.example; it is none."),
    "not_a_mail_address": _("{name} should be a mail address like hello@regulars.example; it says “{said}”."),
}
MOST_SHOWN = 40


class SettingMisread(Exception):
    """A setting cannot be understood. `code` picks the sentence, `values` fill it in."""

    def __init__(self, code: str, values: Mapping[str, object]) -> None:
        self.code = code
        self.values = dict(values)
        super().__init__(SENTENCES[code].format(**self.values))


def whole_number(environment: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    """The number a setting says, the default where it says nothing; SettingMisread for anything else.

    >>> whole_number({"PORT": "25"}, "PORT", 8025, least=1, most=65_535)
    25
    """
    said = environment.get(name, "").strip() or str(default)
    if not (said.isascii() and said.isdecimal() and len(said) < MOST_SHOWN and least <= int(said) <= most):
        raise SettingMisread("not_a_number", {"name": name, "least": least, "most": most, "said": said[:MOST_SHOWN]})
    return int(said)


def web_address(environment: Mapping[str, str], name: str, default: str = "") -> str:
    """The address of the web a setting says; SettingMisread for what is none, which may hold a secret: it is not shown.

    >>> web_address({"HOOK": "https://log.example/in"}, "HOOK")
    'https://log.example/in'
    """
    said = environment.get(name, "").strip() or default
    if said and not web_host(said):
        raise SettingMisread("not_a_web_address", {"name": name})
    return said


def mail_address(environment: Mapping[str, str], name: str, default: str = "") -> str:
    """The mail address a setting says; SettingMisread for what has no place before or after its one @.

    >>> mail_address({}, "FROM", "hello@regulars.example")
    'hello@regulars.example'
    """
    said = environment.get(name, "").strip() or default
    place, at, host = said.partition("@")
    if said and (not (place and at and host) or "@" in host or any(letter.isspace() for letter in said)):
        raise SettingMisread("not_a_mail_address", {"name": name, "said": said[:MOST_SHOWN]})
    return said
