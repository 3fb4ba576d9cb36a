"""The house is made ready: server running, roles there, tables migrated, views and rights as the dictionary says."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from psycopg.errors import DependentObjectsStillExist, FeatureNotSupported, LockNotAvailable

from regulars.connections.jobs.later import do_later
from regulars.connections.postgres.given_server import administrator_at_work, demand_same_keys, note_keys
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator, by_url, keys_mark, login_password
from regulars.connections.postgres.securing import Connection, applied_digest, lay_foundation
from regulars.journeys.act_on_events import hear_of_events
from regulars.journeys.erase_customer import erase_again
from regulars.journeys.limited_views import remake_limited_views
from regulars.journeys.partner_views import remake_partner_views
from regulars.journeys.secure_house import foundation, secure_house, take_views_away
from regulars.journeys.watch_sql import have_analysts_counted
from regulars.records.access_log.actions import note_deed
from regulars.records.customers.keys import demand_mark, masters_in_use
from regulars.records.customers.marking import are_marked, mark_the_rest
from regulars.records.customers.sealing_up import index_ahead, is_half_sealed, seal_up
from regulars.records.set_aside.sealing_up import rows_lie_open, seal_rows
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.roles import LOGINS, VAULT_OWNER

BUILDER = Asker("start", "house", "none", "oversight")
Say = Callable[[str, int, int], None]

Migrations = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sealing:
    """Something that lay open in houses of before: the migration that made its table, the one that puts sealed columns
    beside open ones, and the one that takes the open ones away; whether both stand there; what seals, and what is got
    ready for the switch."""

    since: tuple[str, str]
    beside: tuple[str, str]
    alone: tuple[str, str]
    half_done: Callable[[], bool]
    seal: Callable[[Callable[[int, int], None]], int]
    ready: Callable[[], None] = lambda: None

    def is_due(self, waiting: Migrations) -> bool:
        """Whether there is anything here from before."""
        return self.alone in waiting and self.since not in waiting


SEALINGS: Final = (
    Sealing(
        ("customers", "0001_initial"), ("customers", "0002_seals"), ("customers", "0003_only_sealed"), is_half_sealed,
        seal_up, index_ahead,
    ),
    Sealing(
        ("intake", "0001_initial"), ("set_aside", "0002_seals"), ("set_aside", "0003_only_sealed"), rows_lie_open,
        seal_rows,
    ),
)  # fmt: skip
MARK: Final = "mark_customers"
#: So many customers are marked anew before the house opens, in some seconds; the others while it is open.
MARKED_AT_START: Final = 20_000
#: What PostgreSQL says when a view holds a column as it was.
IN_THE_WAY = (DependentObjectsStillExist, FeatureNotSupported)


def prepare_house(say: Say = lambda step, done, of: None) -> bool:
    """Everything stands when this returns; False when nothing had to be changed. Safe to call at every start."""
    if not by_url(os.environ):
        say("database", 0, 0)
        Server(settings.HOME).start()
    with administrator_at_work(administrator(settings.HOME, os.environ)) as connection:
        say("roles", 0, 0)
        _lay_foundation(connection)
        say("tables", 0, 0)
        grown = bring_up_to_date(connection, say)
        say("views", 0, 0)
        made_anew = secure_house(connection)
        if made_anew:
            note_deed(BUILDER, deed="view", subject="all views", detail={"plan": applied_digest(connection)})
        if made_anew or grown:
            remake_partner_views(connection)
            remake_limited_views(connection)
        have_analysts_counted(connection)
    _demand_keys()
    erased = bool(erase_again(at=timezone.now()))  # first: whose key is gone cannot be marked any more
    hear_of_events(at=timezone.now())
    if not are_marked():
        mark_the_rest(lambda done, of: say("marking", done, of), most=MARKED_AT_START)
    if not are_marked():
        do_later(MARK, lock=MARK, once=MARK)
    return erased or made_anew or grown


def mark_customers_of_before() -> int:
    """Those whom the start left are marked anew while everybody works; how many."""
    return mark_the_rest()


def _demand_keys() -> None:
    """The master keys are at hand, and are those this database was locked with; else the start ends with a sentence."""
    for version, mark in masters_in_use():
        demand_mark(version, mark)


def bring_up_to_date(connection: Connection, say: Say = lambda step, done, of: None) -> bool:
    """Every migration has run when this returns; False when there was none left to run.

    A table that only grows does so beneath its views. Where a view is in the way of a new shape the views go first:
    then nobody reads until they stand again, and nobody reads wrongly. LauncherError `tables_busy`.
    """
    waiting = _waiting()
    if not waiting:
        return False
    for one in SEALINGS:
        if one.is_due(waiting):
            _seal_beforehand(connection, one, say)
    _grow(connection)
    return True


def is_older_than_the_program() -> bool:
    """Whether the tables are not as this version wants them: `prepare_house` brings them up to date."""
    return bool(_waiting())


def _waiting() -> Migrations:
    """The migrations that have not run here."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {(migration.app_label, migration.name) for migration, _ in plan}


def _seal_beforehand(connection: Connection, one: Sealing, say: Say) -> None:
    """What lies open is sealed while everybody goes on working; what is left for the switch takes a moment."""
    _grow(connection, *one.beside)
    if one.half_done():
        one.seal(lambda done, of: say("sealing", done, of))
        one.ready()
    say("tables", 0, 0)


def _grow(connection: Connection, *until: str) -> None:
    """The migrations have run; the views are gone where one was in the way."""
    try:
        _migrate(*until)
    except DatabaseError as error:
        if not isinstance(error.__cause__, IN_THE_WAY):
            raise
        take_views_away(connection)
        _migrate(*until)


def _migrate(*until: str) -> None:
    try:
        call_command("migrate", *until, database="owner", verbosity=0, interactive=False)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise LauncherError("tables_busy") from error
        raise


def _lay_foundation(connection: Connection) -> None:
    """Roles and vault; on a server by URL, only where no other installation's keys rule them."""
    if not by_url(os.environ):
        return lay_foundation(connection, foundation({}))
    mark = keys_mark(settings.HOME)
    demand_same_keys(connection, VAULT_OWNER, mark)
    lay_foundation(connection, foundation(_passwords()))
    return note_keys(connection, VAULT_OWNER, mark)


def _passwords() -> dict[str, str]:
    """Passwords for the logins of a server by URL; the embedded one asks for none, it knows its callers."""
    return {role: login_password(settings.HOME, role) for role in LOGINS}
