"""A customer gets a link to her own page, and uses it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.customers.access import open_customer
from regulars.records.customers.own_page import LinkHolder, holder_of, issue_link, revoke_links, use_link
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere

MAY_GIVE = frozenset({"service", "officer"})
VALID_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer at her own page: her number, the link she came by, and she herself as one who asks."""

    number: str
    link_id: int
    herself: Asker


def give_portal_link(number: str, *, by: Asker, because: str, at: datetime, valid_for: timedelta = VALID_FOR) -> str:
    """The address to hand to the customer; it is shown this once and cannot be looked up again."""
    opened, _ = open_customer(number, by=by, because=because)
    if by.role not in MAY_GIVE:
        note_denial(by, door="give_portal_link", because=because, customer_id=opened.id)
        raise Denied("portal_link_not_for_this_role")
    return portal_url(issue_link(opened, at=at, expires_at=at + valid_for))


def portal_url(secret: str) -> str:
    """The address a secret makes."""
    return f"{settings.PUBLIC_URL}/me/enter/{secret}/"


def enter_portal(secret: str, *, at: datetime) -> Visit:
    """The visit that begins with this link; older links of the same customer end.

    NotThere alike for any link that does not open.
    """
    holder = use_link(secret, at=at)
    if holder is None:
        note_denial(_stranger(), door="enter_portal", because="own_record")
        raise NotThere("link_closed")
    visit = _visit(holder)
    note_access(visit.herself, door="enter_portal", because="own_record", rows=0)
    return visit


def go_on(link_id: int, *, at: datetime) -> Visit | None:
    """The visit behind a link used earlier; None once the link has ended."""
    holder = holder_of(link_id, at=at)
    return _visit(holder) if holder else None


def take_links_back(number: str, *, by: Asker, because: str, at: datetime) -> int:
    """How many links of the customer ended now."""
    opened, _ = open_customer(number, by=by, because=because)
    return revoke_links(opened, at=at)


def _visit(holder: LinkHolder) -> Visit:
    herself = Asker(
        f"customer {holder.number}", "customer", "personal", "oversight", reference=f"link {holder.link_id}"
    )
    return Visit(holder.number, holder.link_id, herself)


def _stranger() -> Asker:
    return Asker("stranger", "stranger", "none", "none")
