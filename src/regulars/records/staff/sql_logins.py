"""The book of analysts' database logins: who was given which view, by whom, and until when."""

from dataclasses import dataclass
from datetime import datetime

from regulars.records.staff.models import SqlLogin


@dataclass(frozen=True, slots=True)
class SqlLoginFacts:
    """One login that was given. `revoked_at` is None while it works."""

    role_name: str
    view: str
    issued_by: str
    issued_at: datetime
    revoked_at: datetime | None


def sql_logins() -> list[SqlLoginFacts]:
    """Every login ever given, newest first."""
    fields = SqlLoginFacts.__dataclass_fields__
    return [SqlLoginFacts(*row) for row in SqlLogin.objects.order_by("-issued_at", "-id").values_list(*fields)]


def note_sql_login(role_name: str, *, view: str, issued_by: str, at: datetime) -> None:
    """The login stands in the book; one that was revoked before may be given again."""
    given = {"view": view, "issued_by": issued_by, "issued_at": at, "revoked_at": None}
    SqlLogin.objects.update_or_create(role_name=role_name, defaults=given)


def note_sql_login_ended(role_name: str, *, at: datetime) -> bool:
    """The login stands in the book as revoked; False when none of that name was working."""
    return bool(SqlLogin.objects.filter(role_name=role_name, revoked_at__isnull=True).update(revoked_at=at))
