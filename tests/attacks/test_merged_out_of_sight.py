"""Who was merged into another is out of sight at once, with whatever had no room beside what the other has: no login of
the house, no analyst and no partner reads a row under her key, until she is somebody of her own again."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from psycopg import sql

from regulars.connections.postgres.securing import Connection
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login
from regulars.records.access_log.actions import note_access
from regulars.records.choices.models import BrowserSignal, ChoiceEntry
from regulars.records.choices.subjects import name_subject
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import AnonymousKey, ContactPoint, Customer
from regulars.records.dictionary import DICTIONARY
from regulars.records.exports.models import ExportedPerson
from regulars.records.groups.models import CustomerGroup, GroupMember
from regulars.records.quality.models import QualityCase
from regulars.records.scores.models import Score
from regulars.rules.permission.choices import PURPOSES
from regulars.rules.privacy.compiler import login_role
from regulars.rules.privacy.dictionary import Table
from regulars.rules.privacy.views import VIEWS, View, Within, limited
from tests.attacks.conftest import Attacker, LogIn
from tests.attacks.oracle import is_in
from tests.cast import DORA, EMIL, NOON, reach
from tests.merging import World, merge, unmerge
from tests.story import findable

pytestmark = pytest.mark.usefixtures("house")
#: Books to which one only adds tell of whom they were written, as they do of somebody erased; and the key that opens
#: them, for the officer alone.
BOOKS = {"choice_entry", "browser_signal", "customer_key"}
LEFT = [table for table in DICTIONARY if table.merged_stay]
Looks = list[tuple[View, Attacker]]


@pytest.fixture
def two() -> tuple[Customer, Customer]:
    """Ann and Anne, alike in much, with rows in every table; both allow everything."""
    dice, world = random.Random(3), World()
    name_subject("brand", "tea", name="Tea", by=EMIL, at=NOON)
    ann, anne = (world.somebody(name, dice) for name in ("Ann Archer", "Ann Archer"))
    ContactPoint.objects.all().delete()
    ExportedPerson.objects.all().delete()
    noted = {"noted_by": "Sten", "noted_at": NOON}
    home = CustomerGroup.objects.create(ref="H-1", kind="household", **noted)
    for who in (ann, anne):
        reach(who, "email", "ann@example.com"), findable(who)
        ExportedPerson.objects.create(export=world.exports[0], customer=who, place=who.id)
        GroupMember.objects.create(group=home, customer=who, role="member", known_by="told", **noted)
        for purpose in PURPOSES:
            told = {"customer": who, "purpose": purpose, "at": NOON, "by": "x", "source": "x"}
            ChoiceEntry.objects.create(value="granted", **told)
        ChoiceEntry.objects.create(value="denied", brand="tea", **told | {"purpose": "third_party_disclosure"})
        BrowserSignal.objects.create(customer=who, at=NOON, signal="gpc", outcome="denied", by="x")
        QualityCase.objects.create(customer=who, asks=["city"], found_on=NOON.date())
        Score.objects.create(
            customer=who, as_of=NOON.date(), recency_days=29, frequency=23, monetary_minor=1, r=5, f=4, m=4,
            rfm_group="champions", first_on=NOON.date(), last_on=NOON.date(), rhythm_days=31.2, due_on=NOON.date(),
            grace_until=NOON.date(), state="inside",
        )  # fmt: skip
        Customer.objects.filter(id=who.id).update(
            home_branch_id=world.branch, birth_on=date(1988, 4, 2), jurisdiction="none"
        )
    renew_anonymous_keys()
    return ann, anne


@pytest.fixture
def looks(two: tuple[Customer, Customer], log_in: LogIn) -> Iterator[Looks]:
    """Everybody who looks: the house's logins, and an analyst limited to the branch of the two."""
    within = Within(branches=(Customer.objects.get(id=two[0].id).home_branch_id,))
    login = give_sql_login("lake", view="standard", within=within, by=EMIL, at=NOON)
    found = [(view, log_in(login_role(view))) for view in VIEWS]
    lake = log_in(login.role_name, password=login.password)
    yield [*found, (limited("standard", login.role_name, within), lake)]
    revoke_sql_login("bi_lake", by=EMIL, at=NOON)


def seen(looks: Looks, who: Customer, key: int) -> set[tuple[str, str]]:
    """(view, table) in which there is a row of hers."""
    for view, door in (("assigned", "open_customer"), ("opening", "open_contact")):
        note_access(replace(DORA, view=view), door=door, because="x", rows=0, customer_id=who.id)
    return {
        (view.name, table.name) for view, connection in looks for table in DICTIONARY
        if table.person and is_in(view, table)
        if rows_under(connection, table, key if view.renewed_keys else who.id)
    }  # fmt: skip


def rows_under(connection: Attacker, table: Table, key: int) -> int:
    asked = sql.SQL("SELECT count(*) FROM {} WHERE {} = {}").format(
        sql.Identifier(table.name), sql.Identifier(table.person), sql.Literal(key)
    )
    return int(connection.execute(asked).fetchone()[0])  # type: ignore[index]


def test_whoever_looks_sees_nothing_under_her_key(two: tuple[Customer, Customer], looks: Looks) -> None:
    ann, anne = two
    keys = dict(AnonymousKey.objects.values_list("customer_id", "key"))
    before = seen(looks, anne, keys[anne.id])
    assert {view for view, _ in before} == {view.name for view, _ in looks} - {"repair"}
    merge(anne, ann)
    shown = {(view, table) for view, table in seen(looks, anne, keys[anne.id]) if table not in BOOKS}
    assert shown == set()
    assert {table for _, table in seen(looks, ann, keys[ann.id])} >= {table for _, table in before}


def test_of_every_table_that_is_held_something_does_stay(
    two: tuple[Customer, Customer], administrator_connection: Connection
) -> None:
    """Or nothing would be tried above."""
    merge(two[1], two[0])
    assert {table.name for table in LEFT if rows_in_the_vault(administrator_connection, table, two[1])} == {
        table.name for table in LEFT
    }


def rows_in_the_vault(connection: Connection, table: Table, who: Customer) -> bool:
    asked = sql.SQL("SELECT FROM vault.{} WHERE customer_id = %s").format(sql.Identifier(table.name))
    return bool(connection.execute(asked, [who.id]).rowcount)


def test_two_again_she_is_seen_as_before(two: tuple[Customer, Customer], looks: Looks) -> None:
    ann, anne = two
    keys = dict(AnonymousKey.objects.values_list("customer_id", "key"))
    before = {one for one in seen(looks, anne, keys[anne.id]) if one[0] != "anonymous"}
    merge(anne, ann)
    unmerge(anne)
    assert {one for one in seen(looks, anne, keys[anne.id]) if one[0] != "anonymous"} >= before
