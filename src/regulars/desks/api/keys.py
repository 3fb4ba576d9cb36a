"""Who asks over HTTP: a program with a token, bound for good to one role, one view and one purpose.

The view is a database login; nothing a request says can change it. A token that was made for something else is refused
in words, and the refusal is logged like any other.
"""

from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from regulars.records.access_log.actions import note_denial
from regulars.records.staff.access import token_asker
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

STRANGER: Final = Asker("stranger", "stranger", "none", "none")
LONGEST_TOKEN: Final = 200
#: What a program without a role may be working for when it asks for single customers, or only for totals.
FOR_CUSTOMERS: Final = ("third_party_disclosure", "automated_decision", "sensitive_use")
FOR_TOTALS: Final = (*FOR_CUSTOMERS, "analysis")


class Token(HttpBearer):
    """Lets in tokens of these roles, and programs without a role that work for one of these purposes."""

    def __init__(self, *roles: str, purposes: Iterable[str] = ()) -> None:
        super().__init__()
        self.roles = roles
        self.purposes = tuple(purposes)

    def authenticate(self, request: HttpRequest, token: str) -> Asker | None:
        """Who asks; None for a token nobody gave, Denied for one that was given for something else."""
        by = token_asker(token, at=timezone.now()) if 0 < len(token) <= LONGEST_TOKEN else None
        if by is None:
            note_denial(STRANGER, door=door_of(request), because="unknown token")
            return None
        if not self.lets_in(by):
            note_denial(by, door=door_of(request), because="token of another purpose")
            raise Denied("token_for_another_purpose", {"purpose": by.purpose, "view": by.view})
        return by

    def lets_in(self, by: Asker) -> bool:
        """Whether this asker may use the endpoint."""
        return by.role in self.roles or (by.role == "program" and by.purpose in self.purposes)


def asking(request: HttpRequest) -> Asker:
    """The asker of an endpoint that wants a token."""
    found: Asker = request.auth  # type: ignore[attr-defined]
    return found


def door_of(request: HttpRequest) -> str:
    """How the endpoint is called in the access log, without what the caller typed behind it."""
    match = request.resolver_match
    return f"{request.method} /{match.route}"[:120] if match else "api"
