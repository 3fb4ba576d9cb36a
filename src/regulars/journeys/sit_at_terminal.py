"""Somebody works at the terminal of the machine: by her own name, as a program with a token, or by the account alone.

Whoever may open a shell under the account that runs the house can do what the house can; a name at the terminal keeps
nobody out who has that. It makes the log say who, and gives everybody there the seats she has and no others.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final, NoReturn

from regulars.records.access_log.actions import note_deed, note_denial, note_refused_deed
from regulars.records.staff.access import SignedIn, asker_of, everybody, needs_asked, token_asker
from regulars.records.staff.terminal import names_asked, set_names_asked
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.permission.need_to_know import ASSIGNED, is_asked
from regulars.rules.privacy.views import ROLES

DOOR: Final = "terminal_seat"
LEAST_LETTERS: Final = 5

__all__ = ["ask_for_names", "by_account", "by_name", "by_token", "names_asked", "open_psql", "refuse_nameless"]


def by_name(staff: SignedIn, role: str, *, account: str) -> Asker:
    """She who signed in there, in one of her seats, with the account beside her name. Denied in a seat she has not."""
    if role in staff.roles:
        return replace(asker_of(staff, role), place=place_of(account))
    by = replace(asker_of(staff, staff.roles[0]), place=place_of(account))
    note_denial(by, door=DOOR, because=f"seat of {role}")
    raise Denied("seat_not_yours", {"roles": role, "yours": ", ".join(staff.roles), "yours_code": staff.roles[0]})


def by_token(secret: str, role: str, *, account: str, at: datetime) -> Asker:
    """The program whose token it is, for work nobody sits at. Denied for an unknown or ended one, or another role's."""
    program = token_asker(secret, at=at)
    if program is None:
        note_denial(_nameless(role, account), door=DOOR, because="unknown token")
        raise Denied("token_unknown")
    if program.role != role:
        note_denial(replace(program, place=place_of(account)), door=DOOR, because=f"seat of {role}")
        raise Denied("seat_not_yours", {"roles": role, "yours": program.role, "yours_code": program.role})
    return replace(program, place=place_of(account))


def by_account(role: str, *, account: str, because: str = "") -> Asker:
    """Whoever has the account, by its name alone. Denied `say_who_you_are` where names are asked for, unless she says
    why it has to be without one (a lost password): that stands in the privacy log."""
    by = _nameless(role, account)
    if not names_asked():
        return by
    if len(because.strip()) < LEAST_LETTERS:
        refuse_nameless(role, account=account)
    note_deed(by, deed="right", subject=DOOR, detail={"what": "without a name", "because": because.strip()[:200]})
    return by


def refuse_nameless(role: str, *, account: str) -> NoReturn:
    """Denied `say_who_you_are`, and the refusal is logged."""
    note_denial(_nameless(role, account), door=DOOR, because="without a name")
    raise Denied("say_who_you_are")


def ask_for_names(asked: bool, *, by: Asker, at: datetime) -> None:
    """Nobody works at the terminal without a name from now on, or whoever has the account does. Only the officer;
    BadInput `nobody_could_sign_in` while no officer has a seat of her own."""
    if by.role != "officer":
        note_refused_deed(by, deed="right", subject=DOOR, detail={})
        raise Denied("role_not_for_this", {"roles": "officer"})
    if asked and not any("officer" in one.roles for one in everybody()):
        raise BadInput("nobody_could_sign_in")
    set_names_asked(asked, asked_by=by.name, at=at)
    note_deed(by, deed="right", subject=DOOR, detail={"what": "names asked", "asked": asked})


def open_psql(view: str, *, by: Asker) -> None:
    """Somebody reads through a view's own login with SQL; what she asks is not logged, that she did is."""
    note_deed(by, deed="right", subject="psql", detail={"view": view})


def place_of(account: str) -> str:
    """How the log writes the terminal and the account of the operating system."""
    return f"terminal, {account}"


def _nameless(role: str, account: str) -> Asker:
    view, purpose = ROLES[role]
    asked = is_asked(role, (), needs_asked())
    return Asker(f"{account} (terminal)", role, ASSIGNED if asked else view, purpose)
