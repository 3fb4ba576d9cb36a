"""Which provider the company signs in with, and what its groups may do here: one file, written by hand.

issuer = "https://login.example.com/"
client_id = "regulars"
client_secret = "…"
label = "Example account"
label_zh = "示例公司账号"

[roles]
"shop-staff" = "service"
"privacy" = "officer"
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from regulars.connections.web import web_host

FILE: Final = "company_sign_in.toml"
NAMED: Final = "REGULARS_COMPANY_SIGN_IN"
OURS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
KNOWN: Final = frozenset(
    {"issuer", "client_id", "client_secret", "label", "label_zh", "groups_claim", "name_claim", "roles"}
)


class DoorMisread(Exception):
    """The file cannot be used; it says where and why."""


@dataclass(frozen=True, slots=True)
class CompanyDoor:
    """The provider, who we are to it, and which group of its accounts has which seat here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    roles: Mapping[str, str]
    label: str = ""
    label_zh: str = ""
    groups_claim: str = "groups"
    name_claim: str = "preferred_username"

    def seats_of(self, groups: Iterable[str]) -> list[str]:
        """The roles these groups have here, in the order of the file; none for groups it does not name."""
        held = set(groups)
        return list(dict.fromkeys(role for group, role in self.roles.items() if group in held))


def read_door(home: Path, environment: Mapping[str, str], roles: Collection[str]) -> CompanyDoor | None:
    """What the file in the home says, or the one the environment names; None where there is none. DoorMisread."""
    named = environment.get(NAMED)
    path = Path(named) if named else home / FILE
    if not named and not path.is_file():
        return None
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise DoorMisread(f"{path}: {error}") from error
    return _checked(path, told, roles)


def _checked(path: Path, told: dict[str, object], roles: Collection[str]) -> CompanyDoor:
    if wrong := sorted(set(told) - KNOWN):
        raise DoorMisread(f"{path}: unknown: {', '.join(wrong)}")
    mapping = told.get("roles")
    if not isinstance(mapping, dict) or not mapping or any(role not in [*roles] for role in mapping.values()):
        raise DoorMisread(f"{path}: [roles] has to name a seat for each group: {', '.join(sorted(roles))}")
    words = {name: value for name, value in told.items() if name != "roles"}
    if not all(isinstance(value, str) for value in words.values()):
        raise DoorMisread(f"{path}: everything but [roles] is text")
    said = {name: str(value) for name, value in words.items()}
    if missing := [name for name in ("issuer", "client_id", "client_secret") if not said.get(name)]:
        raise DoorMisread(f"{path}: missing: {', '.join(missing)}")
    if not is_safe(said["issuer"]):
        raise DoorMisread(f"{path}: the issuer is asked over https only")
    return CompanyDoor(roles={str(group): str(role) for group, role in mapping.items()}, **said)


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read along: https, or this very machine.

    >>> is_safe("https://login.example.com"), is_safe("http://login.example.com"), is_safe("http://127.0.0.1:9000")
    (True, False, True)
    >>> is_safe("https://"), is_safe("https://[::1"), is_safe("file:///etc/passwd")
    (False, False, False)
    """
    host = web_host(address)
    return bool(host) and (urlsplit(address).scheme == "https" or host in OURS)
