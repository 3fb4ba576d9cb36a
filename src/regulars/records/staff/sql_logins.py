"""The book of analysts' database logins: who was given which view, by whom, and until when."""

from dataclasses import dataclass
from datetime import datetime

from regulars.records.staff.models import SqlLogin
from regulars.rules.privacy.views import Within


@dataclass(frozen=True, slots=True)
class SqlLoginFacts:
    """One login that was given. `revoked_at` is None while it works; `branches` and `brands` limit it, if any."""

    role_name: str
    view: str
    branches: tuple[int, ...]
    brands: tuple[str, ...]
    issued_by: str
    issued_at: datetime
    revoked_at: datetime | None


def sql_logins() -> list[SqlLoginFacts]:
    """Every login ever given, newest first."""
    fields = SqlLoginFacts.__dataclass_fields__
    rows = SqlLogin.objects.order_by("-issued_at", "-id").values_list(*fields)
    return [
        SqlLoginFacts(role, view, tuple(branches), tuple(brands), *rest) for role, view, branches, brands, *rest in rows
    ]


def note_sql_login(role_name: str, *, view: str, within: Within, issued_by: str, at: datetime) -> None:
    """The login stands in the book; one that was revoked before may be given again."""
    limits = {"branches": list(within.branches), "brands": list(within.brands)}
    given = {"view": view, **limits, "issued_by": issued_by, "issued_at": at, "revoked_at": None}
    SqlLogin.objects.update_or_create(role_name=role_name, defaults=given)


def note_sql_login_ended(role_name: str, *, at: datetime) -> bool:
    """The login stands in the book as revoked; False when none of that name was working."""
    return bool(SqlLogin.objects.filter(role_name=role_name, revoked_at__isnull=True).update(revoked_at=at))
