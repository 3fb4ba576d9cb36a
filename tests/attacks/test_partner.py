"""Who works for one purpose only: a partner's program, the sending job, another application."""

import pytest
from psycopg import errors

from regulars.records.customers.models import Customer
from regulars.rules.permission.choices import JURISDICTIONS
from tests.attacks.conftest import LogIn, ask
from tests.cast import ann, bob, customer, keep_sealed, said

pytestmark = pytest.mark.usefixtures("house")
OPT_OUT = {
    "marketing": "direct_marketing",
    "delivery": "direct_marketing",
    "disclosure": "third_party_disclosure",
    "automated": "automated_decision",
    "sensitive": "sensitive_use",
}


@pytest.mark.parametrize(("view", "purpose"), OPT_OUT.items())
def test_38_an_opted_out_id_by_primary_key_gives_no_row(log_in: LogIn, view: str, purpose: str) -> None:
    """The id is known from elsewhere: asked for by key, by its contacts or by its number, nobody is there."""
    who = bob()
    said(who, purpose, "denied")
    reader = log_in(f"regulars_{view}")
    assert ask(reader, "SELECT count(*) FROM customer WHERE id = %s", who.id) == 0
    assert ask(reader, "SELECT count(*) FROM customer WHERE number = %s", who.number) == 0
    assert ask(reader, "SELECT count(*) FROM contact_point WHERE customer_id = %s", who.id) == 0
    said(who, purpose, "granted")
    assert ask(reader, "SELECT count(*) FROM customer WHERE id = %s", who.id) == 1


@pytest.mark.parametrize("view", ["disclosure", "sensitive"])
@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_43_silence_is_no_where_separate_consent_is_asked(log_in: LogIn, view: str, jurisdiction: str) -> None:
    """PIPL 23 and 29, and the house's own rule everywhere: unset counts as denied for disclosure and sensitive data."""
    who = customer("Una Unset", jurisdiction=jurisdiction)
    reader = log_in(f"regulars_{view}")
    assert ask(reader, "SELECT count(*) FROM customer WHERE id = %s", who.id) == 0
    said(who, OPT_OUT[view], "granted")
    assert ask(reader, "SELECT count(*) FROM customer WHERE id = %s", who.id) == 1
    said(who, OPT_OUT[view], "unset")
    assert ask(reader, "SELECT count(*) FROM customer WHERE id = %s", who.id) == 0


def test_43_silence_is_no_to_marketing_in_china(log_in: LogIn) -> None:
    """And moving to another law is moving to its defaults, in the same transaction."""
    who = customer("Wei Wei", jurisdiction="CN")
    reader = log_in("regulars_marketing")
    assert ask(reader, "SELECT count(*) FROM customer WHERE id = %s", who.id) == 0
    Customer.objects.filter(id=who.id).update(jurisdiction="none")
    assert ask(reader, "SELECT count(*) FROM customer WHERE id = %s", who.id) == 1


def test_43_a_jurisdiction_nobody_wrote_rules_for_allows_nothing(log_in: LogIn) -> None:
    """Don't know is no."""
    who = customer("Nora Nowhere", jurisdiction="ZZ")
    for view in OPT_OUT:
        assert ask(log_in(f"regulars_{view}"), "SELECT count(*) FROM customer WHERE id = %s", who.id) == 0


def test_the_post_room_knows_where_to_and_nothing_more(log_in: LogIn) -> None:
    """It has names and addresses of those who allow marketing; no income, no allergies, no purchases."""
    who = ann()
    keep_sealed(who, "allergies", "wool")
    Customer.objects.filter(id=who.id).update(income_band="50-74K", city="Paris")
    post = log_in("regulars_delivery")
    row = post.execute("SELECT name, allergies, income_band, city, id_document FROM customer").fetchone()
    assert row == ("Ann Archer", None, None, None, None)
    assert ask(post, "SELECT count(*) FROM contact_point WHERE value IS NOT NULL") == 3
    with pytest.raises(errors.UndefinedTable):
        post.execute("SELECT * FROM order_line")


def test_the_warehouse_holds_nobody_by_name(log_in: LogIn) -> None:
    """What is copied into files has keys of its own and no way back to a person but through the house."""
    ann()
    warehouse = log_in("regulars_warehouse")
    row = warehouse.execute(
        "SELECT name, number, allergies, id_document, postcode, birth_on::text FROM customer"
    ).fetchone()
    assert row == (None, None, None, None, None, "1980-01-01")
    for table in ("contact_point", "customer_ref", "search_token", "touchpoint", "choice_entry"):
        with pytest.raises(errors.UndefinedTable):
            warehouse.execute(f"SELECT * FROM {table}")
