"""The book of programs' tokens: who was given which view, and until when. Secrets are not in it, only digests."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from regulars.records.staff.models import ApiToken
from regulars.rules.permission.errors import BadInput

NAMING = 0x746F_6B65  # "toke": the advisory lock of what a program is called


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """One token that was issued; it works until `expires_at` or `revoked_at`, whichever comes first."""

    id: int
    name: str
    role: str
    view: str
    purpose: str
    issued_by: str
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def works(self, at: datetime) -> bool:
        """Whether it opens a door at that moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


def tokens() -> list[TokenFacts]:
    """Every token ever issued, newest first."""
    fields = TokenFacts.__dataclass_fields__
    return [TokenFacts(*row) for row in ApiToken.objects.order_by("-issued_at", "-id").values_list(*fields)]


def demand_free_name(name: str, *, at: datetime) -> None:
    """BadInput for what a token that works is called: logs tell programs apart by their names alone. Until the
    transaction ends nobody else gives it away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMING])
    if any(one.name.casefold() == name.casefold() and one.works(at) for one in tokens()):
        raise BadInput("token_name_taken", {"name": name})


def end_token(token_id: int, *, at: datetime) -> str | None:
    """The name of the token that ended now; None when it had ended before or never was."""
    token = ApiToken.objects.filter(id=token_id, revoked_at__isnull=True).first()
    if token is None or not ApiToken.objects.filter(id=token_id, revoked_at__isnull=True).update(revoked_at=at):
        return None
    return token.name
