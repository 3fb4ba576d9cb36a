"""Links to the customer's own page: shown once, kept as a digest, ended by date, by hand, by a newer one."""

from datetime import timedelta

import pytest
from django.db import connection

from regulars.records.customers.access import Opened, open_customer
from regulars.records.customers.models import Customer, PortalLink
from regulars.records.customers.own_page import holder_of, issue_link, revoke_links, set_preferences, use_link
from regulars.rules.permission.errors import BadInput
from tests.cast import DORA, NOON, ann, bob

pytestmark = pytest.mark.usefixtures("house")
WEEK = timedelta(days=7)


def opened_file(who: Customer) -> Opened:
    return open_customer(who.number, by=DORA, because="test")[0]


def test_a_link_leads_to_its_customer_and_its_secret_is_nowhere_kept() -> None:
    secret = issue_link(opened_file(ann()), at=NOON, expires_at=NOON + WEEK)
    holder = use_link(secret, at=NOON)
    assert holder is not None
    assert holder.number == "C-20001"
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, ' ') FROM portal_link p")
        assert secret not in cursor.fetchone()[0]


def test_an_old_link_opens_nothing() -> None:
    """Attack 32."""
    secret = issue_link(opened_file(ann()), at=NOON, expires_at=NOON + WEEK)
    assert use_link(secret, at=NOON + WEEK) is None
    assert use_link("", at=NOON) is None
    assert use_link(secret + "x", at=NOON) is None


def test_using_a_newer_link_ends_the_older_one() -> None:
    opened = opened_file(ann())
    older = issue_link(opened, at=NOON, expires_at=NOON + WEEK)
    first = use_link(older, at=NOON)
    newer = issue_link(opened, at=NOON + timedelta(hours=1), expires_at=NOON + WEEK)
    assert use_link(newer, at=NOON + timedelta(hours=2)) is not None
    assert use_link(older, at=NOON + timedelta(hours=2)) is None
    assert first is not None
    assert holder_of(first.link_id, at=NOON + timedelta(hours=2)) is None


def test_taking_links_back_ends_the_visit_too() -> None:
    opened = opened_file(ann())
    holder = use_link(issue_link(opened, at=NOON, expires_at=NOON + WEEK), at=NOON)
    assert revoke_links(opened, at=NOON) == 1
    assert holder is not None
    assert holder_of(holder.link_id, at=NOON) is None


def test_an_erased_customer_has_no_page() -> None:
    who = ann()
    secret = issue_link(opened_file(who), at=NOON, expires_at=NOON + WEEK)
    Customer.objects.filter(id=who.id).update(erased_at=NOON)
    assert use_link(secret, at=NOON) is None


def test_links_of_others_stay() -> None:
    anns, bobs = (issue_link(opened_file(who), at=NOON, expires_at=NOON + WEEK) for who in (ann(), bob()))
    assert use_link(anns, at=NOON) is not None
    assert use_link(bobs, at=NOON) is not None
    assert PortalLink.objects.filter(revoked_at__isnull=True).count() == 2


def test_hours_are_a_pair_of_hours() -> None:
    who = ann()
    set_preferences(opened_file(who), preferred_channel="sms", quiet_from=20, quiet_until=10, at=NOON)
    who.refresh_from_db()
    assert (who.preferred_channel, who.quiet_from, who.quiet_until) == ("sms", 20, 10)
    for wrong in ((20, None), (None, 3), (24, 3), (-1, 3)):
        with pytest.raises(BadInput, match="hours_unclear"):
            set_preferences(opened_file(who), preferred_channel="", quiet_from=wrong[0], quiet_until=wrong[1], at=NOON)
    with pytest.raises(BadInput, match="choice_channel_unknown"):
        set_preferences(opened_file(who), preferred_channel="pigeon", quiet_from=None, quiet_until=None, at=NOON)
