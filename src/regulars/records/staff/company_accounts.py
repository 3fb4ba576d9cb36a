"""Whose account at the company's provider is whose here: by issuer and subject, which never change hands."""

from dataclasses import dataclass
from datetime import datetime

from regulars.records.staff.access import SignedIn, signed_in
from regulars.records.staff.models import CompanyAccount


def staff_of(issuer: str, subject: str) -> SignedIn | None:
    """The active member of staff behind that account, or None."""
    staff_id = CompanyAccount.objects.filter(issuer=issuer, subject=subject).values_list("staff_id", flat=True).first()
    return signed_in(staff_id) if staff_id is not None else None


def is_known(issuer: str, subject: str) -> bool:
    """Whether that account has been here, though its person may have been let go since."""
    return CompanyAccount.objects.filter(issuer=issuer, subject=subject).exists()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account at the company's provider that has been here: whose it is, since when; the subject stays with us."""

    username: str
    full_name: str
    issuer: str
    since: datetime
    works_here: bool


def company_accounts() -> list[AccountFacts]:
    """Every account of the company's that has been here, by name."""
    found = CompanyAccount.objects.order_by("staff__full_name", "id")
    return [
        AccountFacts(*row)
        for row in found.values_list("staff__username", "staff__full_name", "issuer", "at", "staff__is_active")
    ]


def keep_account(staff_id: int, issuer: str, subject: str, *, at: datetime) -> None:
    """That account is hers from now on."""
    CompanyAccount.objects.create(staff_id=staff_id, issuer=issuer, subject=subject, at=at)
