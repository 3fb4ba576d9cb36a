"""The book of programs' tokens: who was given which view, and until when. Secrets are not in it, only digests."""

from dataclasses import dataclass
from datetime import datetime

from regulars.records.staff.models import ApiToken


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


def end_token(token_id: int, *, at: datetime) -> str | None:
    """The name of the token that ended now; None when it had ended before or never was."""
    token = ApiToken.objects.filter(id=token_id, revoked_at__isnull=True).first()
    if token is None or not ApiToken.objects.filter(id=token_id, revoked_at__isnull=True).update(revoked_at=at):
        return None
    return token.name
