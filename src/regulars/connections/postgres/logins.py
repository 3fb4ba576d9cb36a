"""One Django database alias per login.

The embedded server knows its callers by system account; a server by URL asks for passwords.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from regulars.connections.home import Home
from regulars.connections.keys.key_file import KeyFile
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.launcher import ADMINISTRATOR, DATABASE, Server

WRITING = {"default": "regulars_writer", "log": "regulars_log"}
PERSISTENT_SECONDS = 600
#: A migration that has to wait for a table gives up soon: everybody else would wait behind it.
AS_OWNER = "-c role=regulars_vault -c search_path=vault -c lock_timeout=10s"


def login_settings(home: Home, environment: Mapping[str, str], views: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` writes, `log` logs, one alias per view reads, `owner` migrates."""
    roles = WRITING | {view: f"regulars_{view}" for view in views}
    settings = {alias: _entry(home, environment, role) for alias, role in roles.items()}
    settings["owner"] = _entry(home, environment, None) | {"OPTIONS": _options(environment) | {"options": AS_OWNER}}
    return settings


def administrator(home: Home, environment: Mapping[str, str]) -> dict[str, Any]:
    """psycopg's words for the administrator's connection: only setting up, migrating and checking use it."""
    return parameters_of(_entry(home, environment, None))


def parameters_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A Django database entry as psycopg's keyword arguments."""
    words = {"host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"], "dbname": entry["NAME"]}
    secret = {"password": entry["PASSWORD"]} if entry["PASSWORD"] else {}
    return words | secret | dict(entry.get("OPTIONS", {}))


def login_password(home: Home, role: str) -> str:
    """The password of a login on a server by URL; it follows from a key that is not in the database."""
    return hmac.new(KeyFile(home).read("logins"), role.encode(), hashlib.sha256).hexdigest()


def keys_mark(home: Home) -> str:
    """Tells one installation's keys from another's, and nothing else about them."""
    return "keys " + login_password(home, "whose keys these are")[:16]


def by_url(environment: Mapping[str, str]) -> bool:
    """Whether a server by URL is used instead of the embedded one."""
    return bool(environment.get("DATABASE_URL"))


def _entry(home: Home, environment: Mapping[str, str], role: str | None) -> dict[str, Any]:
    """One DATABASES entry; role None is the administrator."""
    where = _server_by_url(home, environment, role) if by_url(environment) else _embedded(home, environment, role)
    return where | {"CONN_MAX_AGE": PERSISTENT_SECONDS, "CONN_HEALTH_CHECKS": True, "OPTIONS": _options(environment)}


def _embedded(home: Home, environment: Mapping[str, str], role: str | None) -> dict[str, Any]:
    database = environment.get("REGULARS_DATABASE", DATABASE)
    return dict(Server(home).django_database(role or ADMINISTRATOR, database))


def _server_by_url(home: Home, environment: Mapping[str, str], role: str | None) -> dict[str, Any]:
    url, port = _understood(environment["DATABASE_URL"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or DATABASE,
        "USER": role or unquote(url.username or ADMINISTRATOR),
        "PASSWORD": login_password(home, role) if role else unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": port,
    }


def _understood(text: str) -> tuple[SplitResult, str]:
    """The parts of a DATABASE_URL and its port; LauncherError `bad_url`, which repeats no password."""
    try:
        url = urlsplit(text)
        port = str(url.port or "")
    except ValueError:
        raise LauncherError("bad_url") from None
    if url.scheme not in ("postgresql", "postgres"):
        raise LauncherError("bad_url")
    return url, port


def _options(environment: Mapping[str, str]) -> dict[str, Any]:
    return dict(parse_qsl(urlsplit(environment.get("DATABASE_URL", "")).query))
