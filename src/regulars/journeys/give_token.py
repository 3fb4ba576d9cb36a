"""A program is given a token of its own, bound to one view for good; and it is taken away again."""

from datetime import datetime
from typing import Final

from django.db import transaction

from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.staff.actions import issue_purpose_token, issue_token
from regulars.records.staff.tokens import demand_free_name, end_token
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

DOOR = "api_token"
LONGEST: Final = 100  # characters of a name


def give_program_token(
    name: str, *, kind: str, what: str, by: Asker, at: datetime, expires_at: datetime | None = None
) -> str:
    """The secret, shown this once. `kind` is role or view, `what` its name.

    BadInput for one that does not exist, and for a program without a name, one too long to be one, or one that another
    program goes by.
    """
    _only_the_officer(by)
    name = " ".join(name.split())
    if not name:
        raise BadInput("nothing_said", {"field": "name"})
    if len(name) > LONGEST:
        raise BadInput("said_too_much", {"field": "name", "most": LONGEST})
    with transaction.atomic():
        demand_free_name(name, at=at)
        if kind == "role":
            secret = issue_token(name, role=what, issued_by=by.name, at=at, expires_at=expires_at)
        else:
            secret = issue_purpose_token(name, view=what, issued_by=by.name, at=at, expires_at=expires_at)
        note_change(by, door=DOOR, subject="api_token", field=name, old=None, new=f"{kind} {what}", customer_id=None)
    return secret


def end_program_token(token_id: int, *, by: Asker, at: datetime) -> str:
    """The name of the program whose token opens nothing from now on; NotThere when it had ended before."""
    _only_the_officer(by)
    with transaction.atomic():
        name = end_token(token_id, at=at)
        if name is None:
            raise NotThere("api_token", {"id": token_id})
        note_change(by, door=DOOR, subject="api_token", field=name, old="open", new="ended", customer_id=None)
    return name


def _only_the_officer(by: Asker) -> None:
    if by.role != "officer":
        note_denial(by, door=DOOR, because="tokens are the privacy officer's")
        raise Denied("tokens_are_the_officers")
