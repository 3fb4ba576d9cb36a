"""A partner with its own view, pseudonyms and files: cases 19, 20, 38–43, and what happens at an end."""

import csv
import hashlib
import hmac
import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from psycopg import errors

from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.partners import end_partner_login
from regulars.journeys.check_house import check_house
from regulars.journeys.disclose import (
    NewBought,
    NewContract,
    lock_run_out,
    name_partner,
    note_bought,
    recheck,
    release,
    sign_contract,
    stop_contract,
)
from regulars.journeys.partner_views import remake_partner_views
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.subjects import name_subject
from regulars.records.company.access import forget_company
from regulars.records.company.models import Company
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.records.disclosures.access import bought, contracts, passed_on, releases
from regulars.records.disclosures.models import DisclosureContract, PartnerPseudonym, PartnerRelease
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import JURISDICTIONS
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.attacks.conftest import LogIn, ask
from tests.cast import DORA, EMIL, MIA, NOON, ann, bob, customer, said

pytestmark = pytest.mark.usefixtures("house")
LOGIN = "regulars_partner_acme"
DISCLOSURE = "third_party_disclosure"
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def partners_leave() -> Iterator[None]:
    """Logins belong to the server and outlive a test's tables."""
    yield
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        for key in ("acme", "zenith"):
            names = {"login": f"regulars_partner_{key}", "owner": f"regulars_view_partner_{key}"}
            connection.execute(f"DROP POLICY IF EXISTS view_partner_{key} ON vault.customer")
            end_partner_login(connection, schema=f"partner_{key}", **names)


@pytest.fixture
def house_in_march(house: None) -> None:
    """A company whose day is the cast's."""
    set_day(TODAY)


def set_day(day: date) -> None:
    words = {"name": "Shop", "business_on": day, "timezone": "UTC"}
    Company.objects.update_or_create(id=1, defaults=words)
    forget_company()


def partner(key: str = "acme", **more: Any) -> None:
    """A partner whose contract runs for ten days."""
    words: dict[str, Any] = {
        "ref": "DPA-7", "purpose": "lookalike study", "fields": ["customer.city", "customer.birth_on"],
        "promises": "no re-identification, deletion after use", "valid_from": TODAY,
        "valid_until": TODAY + timedelta(days=10),
    }  # fmt: skip
    name_partner(key, name=key.title(), by=EMIL, at=NOON)
    sign_contract(key, NewContract(**words | more), by=EMIL, at=NOON)


def willing(name: str, **more: Any) -> Customer:
    """Somebody who grants disclosure."""
    who = customer(name, city="Paris", birth_on=date(1988, 4, 2), **more)
    said(who, DISCLOSURE, "granted")
    return who


def rows_in(content: bytes) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read("rows.csv").decode("utf-8-sig"))))


def made(key: str = "acme", **more: Any) -> Any:
    return release(key, because="first batch", by=EMIL, at=NOON, **more)


def test_only_those_who_grant_it_are_in_the_file_and_only_what_the_contract_names(house_in_march: None) -> None:
    willing("Wen Willing")
    bob(), ann()
    partner()
    [row] = rows_in(made().content)
    assert set(row) == {"person", "city", "birth_on"}
    assert (row["city"], row["birth_on"]) == ("Paris", "1980-01-01")
    assert len(row["person"]) == 32


def test_19_no_pseudonym_is_found_by_trying_all_phones_or_ids(house_in_march: None, log_in: LogIn) -> None:
    """The view's text, its catalogue and a dictionary of everything guessable lead nowhere: the key is not there."""
    who = willing("Wen Willing", phone="+15550100007")
    partner()
    [row] = rows_in(made().content)
    guesses = [str(who.id), who.number, "+15550100007", f"customer:{who.id}", who.name]
    tried = {hashlib.sha256(one.encode()).hexdigest()[:32] for one in guesses}
    tried |= {hmac.new(b"acme", one.encode(), hashlib.sha256).hexdigest()[:32] for one in guesses}
    assert row["person"] not in tried
    reader = log_in(LOGIN)
    text = ask(reader, "SELECT string_agg(pg_get_viewdef(oid), '') FROM pg_class WHERE relkind = 'v' "
                       "AND relnamespace = 'partner_acme'::regnamespace")  # fmt: skip
    key = settings.KEYS.read("partner_acme")
    assert key.hex() not in text
    assert "hmac" not in text.lower()
    assert "sha256" not in text.lower()


def test_20_one_person_is_somebody_else_in_each_partners_file(house_in_march: None) -> None:
    willing("Wen Willing")
    partner()
    partner("zenith")
    [one], [other] = rows_in(made().content), rows_in(made("zenith").content)
    assert one["person"] != other["person"]
    [again] = rows_in(made().content)
    assert again["person"] == one["person"]


def test_38_who_opted_out_is_gone_from_the_partners_next_statement(house_in_march: None, log_in: LogIn) -> None:
    who = willing("Wen Willing")
    partner()
    [row] = rows_in(made().content)
    reader = log_in(LOGIN)
    assert ask(reader, "SELECT count(*) FROM customer WHERE person = %s", row["person"]) == 1
    said(who, DISCLOSURE, "denied", at=NOON + timedelta(hours=1))
    assert ask(reader, "SELECT count(*) FROM customer WHERE person = %s", row["person"]) == 0
    assert rows_in(made().content) == []


def test_39_a_moment_is_never_finer_than_its_day(house_in_march: None, log_in: LogIn) -> None:
    """However the contract words it, a join on order times with a list of its own finds nobody."""
    partner(fields=["customer_activity.last_at:exact", "customer_activity.first_at", "order_line.ordered_at:exact"])
    who = willing("Wen Willing")
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO vault.customer_activity "
            "(customer_id, first_at, last_at, orders, lines, amount_minor, currency)"
            " VALUES (%s, %s, %s, 1, 1, 100, 'EUR')",
            [who.id, NOON, NOON],
        )
    made(table="customer_activity")
    reader = log_in(LOGIN)
    for clock in ("UTC", "<x>+11:59", "<x>+12:01"):
        reader.execute("SELECT set_config('TimeZone', %s, false)", [clock])
        found = reader.execute("SELECT last_at, first_at FROM customer_activity").fetchone()
        assert found == (NOON.replace(hour=0), NOON.replace(hour=0)), clock


def test_40_an_old_file_asked_about_after_an_opt_out_is_a_no(house_in_march: None) -> None:
    stays, leaves = willing("Wen Willing"), willing("Lea Leaving")
    partner()
    given = made()
    names = dict(PartnerPseudonym.objects.values_list("customer_id", "pseudonym"))
    said(leaves, DISCLOSURE, "denied", at=NOON + timedelta(hours=1))
    asked = [names[stays.id], names[leaves.id], "0" * 32]
    program = Asker("acme's program", "program", "disclosure", DISCLOSURE)
    found = recheck("acme", asked, release_id=given.id, by=program, at=NOON)
    assert list(found.may.values()) == [True, False, False]


@pytest.mark.parametrize("how", ["expired", "another's", "unknown", "stopped", "ran out", "no partner"])
def test_40_whatever_is_not_certain_is_a_no(house_in_march: None, how: str) -> None:
    willing("Wen Willing")
    partner()
    partner("zenith")
    given, other = made(expires_on=TODAY + timedelta(days=2)), made("zenith")
    [row] = rows_in(given.content)
    asked: dict[str, Any] = {"release_id": given.id}
    if how == "expired":
        set_day(TODAY + timedelta(days=3))
    elif how == "another's":
        asked = {"release_id": other.id}
    elif how == "unknown":
        asked = {"release_id": 999_999}
    elif how == "stopped":
        stop_contract("acme", because="breach", by=EMIL, at=NOON)
    elif how == "ran out":
        set_day(TODAY + timedelta(days=11))
    found = recheck("nobody" if how == "no partner" else "acme", [row["person"]], by=EMIL, at=NOON, **asked)
    assert not any(found.may.values())
    assert found.why


def test_41_the_partners_login_serves_nothing_but_its_view(house_in_march: None, log_in: LogIn) -> None:
    willing("Wen Willing")
    partner()
    reader = log_in(LOGIN)
    reader.execute("SET default_transaction_read_only = off")
    for statement in (
        "SELECT * FROM vault.customer",
        "SELECT * FROM marketing.customer",
        "SELECT * FROM vault.partner_pseudonym",
        "SET ROLE regulars_view_partner_acme",
        "SET ROLE regulars_disclosure",
        "SELECT vault.business_day()",
        "CREATE TEMP TABLE t (a int)",
    ):
        with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedTable, errors.InvalidParameterValue)):
            reader.execute(statement)
    for by in (DORA, MIA, Asker("acme's program", "program", "disclosure", DISCLOSURE)):
        with pytest.raises(Denied):
            release("acme", because="another purpose", by=by, at=NOON)
    assert AccessEntry.objects.filter(allowed=False, door="disclose").count() == 3


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_43_silence_is_no(house_in_march: None, jurisdiction: str, log_in: LogIn) -> None:
    customer("Una Unset", jurisdiction=jurisdiction, city="Paris")
    partner()
    assert rows_in(made().content) == []
    assert not PartnerPseudonym.objects.exists()
    assert ask(log_in(LOGIN), "SELECT count(*) FROM customer") == 0


def test_a_contract_that_runs_out_takes_rows_and_login_with_it(house_in_march: None, log_in: LogIn) -> None:
    """The rows by the view's own condition, in a session that was open before; the login by whoever looks first."""
    willing("Wen Willing")
    partner()
    made()
    reader = log_in(LOGIN)
    assert ask(reader, "SELECT count(*) FROM customer") == 1
    set_day(TODAY + timedelta(days=11))
    assert ask(reader, "SELECT count(*) FROM customer") == 0
    with pytest.raises(Denied, match="no_contract_runs"):
        made()
    with pytest.raises(psycopg.OperationalError):
        log_in(LOGIN)
    [contract] = contracts(by=EMIL)
    assert contract.stopped_because == "ran out"


def test_a_login_by_password_ends_with_the_contract_by_itself(
    house_in_march: None, administrator_connection: Any
) -> None:
    partner()
    ends = ask(administrator_connection, "SELECT rolvaliduntil::date FROM pg_roles WHERE rolname = %s", LOGIN)
    assert ends == TODAY + timedelta(days=11)


def test_the_night_locks_what_nobody_looked_at(house_in_march: None, log_in: LogIn) -> None:
    partner()
    assert lock_run_out(by=EMIL, at=NOON) == 0
    set_day(TODAY + timedelta(days=11))
    assert lock_run_out(by=EMIL, at=NOON) == 1
    with pytest.raises(psycopg.OperationalError):
        log_in(LOGIN)


def test_stopped_is_stopped_at_once_also_for_who_is_logged_in(house_in_march: None, log_in: LogIn) -> None:
    willing("Wen Willing")
    partner()
    reader = log_in(LOGIN)
    stop_contract("acme", because="breach", by=EMIL, at=NOON)
    with pytest.raises(psycopg.OperationalError):
        reader.execute("SELECT * FROM customer")
    with pytest.raises(NotThere):
        stop_contract("acme", because="again", by=EMIL, at=NOON)


def test_what_never_leaves_cannot_be_in_a_contract(house_in_march: None) -> None:
    name_partner("acme", name="Acme", by=EMIL, at=NOON)
    contract = {"ref": "x", "purpose": "y", "promises": "z", "valid_from": TODAY, "valid_until": TODAY}
    never = (
        "customer.allergies", "customer.id_document", "contact_point.value:exact", "customer.number", "customer.id",
        "customer.allows_email", "customer.income_band", "company.name", "nonsense",
    )  # fmt: skip
    for field in never:
        with pytest.raises(BadInput):
            sign_contract("acme", NewContract(fields=[field], **contract), by=EMIL, at=NOON)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="partner_field_only_exact"):
        sign_contract("acme", NewContract(fields=["customer.name"], **contract), by=EMIL, at=NOON)  # type: ignore[arg-type]
    assert not DisclosureContract.objects.exists()


def test_without_a_contract_nothing_leaves(house_in_march: None) -> None:
    willing("Wen Willing")
    name_partner("acme", name="Acme", by=EMIL, at=NOON)
    with pytest.raises(Denied, match="no_contract_runs"):
        made()
    partner("zenith", valid_from=TODAY + timedelta(days=1))
    with pytest.raises(Denied, match="no_contract_runs"):
        made("zenith")
    assert not PartnerRelease.objects.exists()


def test_of_two_contracts_one_stands(house_in_march: None) -> None:
    partner()
    words = {"ref": "2", "purpose": "y", "promises": "z", "valid_from": TODAY, "valid_until": TODAY}
    with pytest.raises(BadInput, match="contract_stands_already"):
        sign_contract("acme", NewContract(fields=["customer.city"], **words), by=EMIL, at=NOON)  # type: ignore[arg-type]


def test_a_file_carries_its_terms_and_stands_in_the_book(house_in_march: None) -> None:
    who = willing("=cmd|' /C calc'!A0")
    Customer.objects.filter(id=who.id).update(city='=HYPERLINK("x")')
    partner(fields=["customer.city", "customer.name:exact"])
    given = made()
    [row] = rows_in(given.content)
    assert row["city"].startswith("'=")
    assert row["name"].startswith("'=")
    with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
        told = json.loads(archive.read("manifest.json"))
    assert (told["purpose"], told["expires_on"]) == ("lookalike study", (TODAY + timedelta(days=10)).isoformat())
    assert told["recheck_before_use"].endswith("/api/partners/acme/recheck")
    [noted] = releases(by=EMIL)
    assert (noted.rows, noted.file_digest) == (1, hashlib.sha256(given.content).hexdigest())
    parquet = pq.read_table(io.BytesIO(made(kind="parquet").content))
    assert json.loads(parquet.schema.metadata[b"regulars/partner-release/1"])["to"] == "acme"
    opened, _ = open_customer(who.number, by=EMIL, because="test")
    assert [one.partner for one in passed_on(opened)] == ["Acme", "Acme"]
    herself = Asker(f"customer {who.number}", "customer", "personal", "oversight")
    assert len(copy_of_own_data(who.number, by=herself, at=NOON)["passed_on"]) == 2


def test_a_brand_taken_out_of_disclosure_leaves_that_partner_only(house_in_march: None) -> None:
    name_subject("brand", "tea", name="Tea", by=EMIL, at=NOON)
    who = willing("Wen Willing")
    from regulars.records.choices.models import ChoiceEntry

    ChoiceEntry.objects.create(
        customer=who, purpose=DISCLOSURE, brand="tea", value="denied", at=NOON, by="x", source="portal"
    )
    partner(brand="tea")
    partner("zenith")
    assert (rows_in(made().content), len(rows_in(made("zenith").content))) == ([], 1)


def test_the_check_knows_partners_and_finds_what_was_changed(
    house_in_march: None, administrator_connection: Any
) -> None:
    willing("Wen Willing")
    partner()
    assert check_house().findings == ()
    remake_partner_views(administrator_connection)
    assert check_house().findings == ()
    administrator_connection.execute("CREATE OR REPLACE VIEW partner_acme.customer WITH (security_barrier = true) AS "
                                     "SELECT p.pseudonym AS person, t.city, t.birth_on FROM vault.customer t "
                                     "JOIN vault.partner_pseudonym p ON p.customer_id = t.id")  # fmt: skip
    administrator_connection.execute("GRANT SELECT ON vault.customer TO regulars_partner_acme")
    codes = {finding.code for finding in check_house().findings}
    assert {"view_differs", "right_extra"} <= codes


def test_what_was_bought_stands_with_its_permission(house_in_march: None) -> None:
    name_partner("acme", name="Acme", by=EMIL, at=NOON)
    note_bought(
        "acme", NewBought("1,000 addresses", "opt-in of the fair's visitors", TODAY, rows=1000), by=EMIL, at=NOON
    )
    [entry] = bought(by=EMIL)
    assert (entry.what, entry.permission, entry.rows) == ("1,000 addresses", "opt-in of the fair's visitors", 1000)
    with pytest.raises(BadInput):
        note_bought("acme", NewBought("addresses", " ", TODAY), by=EMIL, at=NOON)
    with pytest.raises(Denied):
        bought(by=DORA)


def test_21_the_place_of_a_row_is_not_the_same_in_two_partners_views(house_in_march: None, log_in: LogIn) -> None:
    """Two partners who lay their answers side by side learn nobody: each reads in the order of its own pseudonyms."""
    for n in range(60):
        willing(f"W{n} Quist")
    partner(), partner("zenith", ref="DPA-8")
    made(), made("zenith")
    rows = [
        [row[0] for row in log_in(f"regulars_partner_{key}").execute("SELECT person FROM customer").fetchall()]
        for key in ("acme", "zenith")
    ]
    led_back = dict(PartnerPseudonym.objects.values_list("pseudonym", "customer_id"))
    ours, theirs = ([led_back[one] for one in names] for names in rows)
    assert set(ours) == set(theirs)
    assert len(ours) == 60
    assert sum(one == other for one, other in zip(ours, theirs, strict=True)) < 12
    assert rows[0] == sorted(rows[0])
