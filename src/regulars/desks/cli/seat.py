"""Who sits at this terminal. Her ticket is a file only her account can read, good for this terminal and for a while.

An account may be shared: so the ticket belongs to the session of the terminal it was given in, and whoever opens
another one is nobody until she signs in. Work nobody sits at shows a program's token.
"""

import hashlib
import os
import pwd
import stat
from datetime import timedelta
from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource
from django.conf import settings
from django.utils import timezone

from regulars.desks.shared.sessions import SessionStore
from regulars.journeys.sit_at_terminal import by_account, by_name, by_token, place_of, refuse_nameless
from regulars.records.staff.access import SignedIn, signed_in
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

PROGRAM: Final = "REGULARS_TOKEN_FILE"
NAMELESS: Final = "REGULARS_WITHOUT_NAME"
#: Under another name than a browser's, so that neither ticket opens the other's door.
STAFF, ACCOUNT = "terminal_staff_id", "terminal_account"
LASTS: Final = timedelta(hours=12)
PRIVATE: Final = 0o077
STARTED: Final = 19  # of /proc/…/stat, counted from behind the name: when the process began


def account() -> str:
    """The account of the operating system, as the system knows it; what the environment says of it counts nothing."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def by_role(role: str) -> Asker:
    """Whoever sits here, in that role: a program whose token lies in REGULARS_TOKEN_FILE, she who signed in, or the
    account alone. Denied for a seat she has not, and for a ticket that has ended."""
    if token := os.environ.get(PROGRAM, ""):
        return by_token(_private(Path(token)).strip(), role, account=account(), at=timezone.now())
    staff = who_sits_here()
    if staff is not None:
        return by_name(staff, _meant(role, staff), account=account())
    return by_account(role, account=account(), because=os.environ.get(NAMELESS, ""))


def _meant(role: str, staff: SignedIn) -> str:
    """The role that was said; where none was and the usual one is not hers, the first that is."""
    asked = click.get_current_context(silent=True)
    usual = asked is not None and asked.get_parameter_source("role") is ParameterSource.DEFAULT
    return staff.roles[0] if usual and role not in staff.roles else role


def by_person(role: str) -> Asker:
    """She who signed in here, in that role: for what a second person answers, who has to be somebody."""
    staff = None if os.environ.get(PROGRAM) else who_sits_here()
    if staff is None:
        refuse_nameless(role, account=account())
    return by_role(role)


def who_sits_here() -> SignedIn | None:
    """She who signed in at this terminal, or None; Denied `sign_in_ended` when her session has ended since."""
    path = ticket()
    if not path.exists():
        return None
    kept = SessionStore(_private(path).strip()).load()
    staff = signed_in(int(kept[STAFF])) if kept.get(ACCOUNT) == account() else None
    if staff is None:
        path.unlink(missing_ok=True)
        raise Denied("sign_in_ended")
    return staff


def take_seat(staff: SignedIn) -> str:
    """She sits here from now on; the key of her session."""
    store = SessionStore()
    store[STAFF], store[ACCOUNT] = staff.id, account()
    store.set_expiry(LASTS)
    store.create()
    key = str(store.session_key)
    _write(ticket(), key)
    return key


def leave_seat() -> bool:
    """Nobody sits here any more; False when nobody did."""
    path = ticket()
    if not path.exists():
        return False
    SessionStore(_private(path).strip()).delete()
    path.unlink()
    return True


def where() -> str:
    """How the log writes this place."""
    return place_of(account())


def named_here() -> str:
    """Who works here, as books write it who ask nobody for a seat."""
    staff = who_sits_here()
    return f"{staff.log_name} ({where()})" if staff else f"{account()} (terminal)"


def ticket() -> Path:
    """The file of this terminal's ticket to this house."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    house = hashlib.sha256(str(settings.HOME.path).encode()).hexdigest()[:12]
    return Path(state) / "regulars" / f"{house}-{_terminal()}"


def _terminal() -> str:
    """This terminal's session: its number, and when it began, since numbers come again."""
    session = os.getsid(0)
    try:
        said = Path(f"/proc/{session}/stat").read_text().rpartition(")")[2].split()
        return f"{session}-{said[STARTED]}"
    except (OSError, IndexError):
        return str(session)


def _private(path: Path) -> str:
    """What the file says; Denied when anybody else could have read or written it."""
    said = path.stat()
    if said.st_uid != os.getuid() or stat.S_IMODE(said.st_mode) & PRIVATE:
        raise Denied("ticket_not_private", {"name": str(path)})
    return path.read_text()


def _write(path: Path, key: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key)
