"""pgrls, a linter of row rules that others wrote, finds nothing here but what is meant so; each with its reason."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from regulars.connections.postgres.catalogue import views_of
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server
from regulars.connections.postgres.securing import Connection
from regulars.journeys.disclose import NewContract, name_partner, sign_contract, stop_contract
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login
from regulars.records.company.access import today
from regulars.rules.privacy.compiler import PERSON, VAULT
from regulars.rules.privacy.views import VIEWS, Within
from tests.cast import EMIL, NOON
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")
#: The vault's owner and its only writer: nobody logs in as the one, only writing doors as the other.
WHOLE = [f"{VAULT}.{PERSON}.vault_all", f"{VAULT}.{PERSON}.writer_all"]


def meant_so(connection: Connection, *more: str) -> dict[str, list[str]]:
    """What the linter names, rule by rule, and why it is as it should be; `more` are views of one login."""
    names = [*(view.name for view in VIEWS), *more]
    named = {
        "tables": "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')",
        "functions": "SELECT proname FROM pg_proc WHERE pronamespace = %s::regnamespace AND prosecdef",
        "triggers": "SELECT tgname FROM pg_trigger WHERE tgrelid = (%s || '.customer')::regclass AND NOT tgisinternal",
    }
    held = {
        what: [str(name) for (name,) in connection.execute(asked, [VAULT]).fetchall()] for what, asked in named.items()
    }
    return {
        # No login that reads may even use this schema (attacks 1 and the matrix of rights); the customer alone has row
        # rules, as the second wall behind the views.
        "SEC001": [f"{VAULT}.{table}" for table in held["tables"] if table != PERSON],
        # Written by hand in migrations, compared text by text by `regulars check`, callable by the writer alone.
        "SEC014": [f"{VAULT}.{function}" for function in held["functions"]],
        "SEC013": [f"{VAULT}.{PERSON}.{trigger}" for trigger in held["triggers"]],
        **dict.fromkeys(("SEC005", "SEC008", "SEC028", "SEC038"), WHOLE),
        # The row rules are written for the owner of each view, who is nobody's login: that is how they bind. With the
        # caller's rights instead, the caller would need rights on the vault (decision 1; every owner is checked).
        "VIEW001": list(views_of(connection, names)),
        # Whom the log says is being opened: the log has no row rules of its own, and the view's owner may read of it
        # just the four columns the rule names.
        "SEC025": [f"{VAULT}.{PERSON}.view_{view.name}" for view in VIEWS if view.opened_by],
        # Nearly nobody is erased and most allow most: an index on either would be read by no plan (bench view).
        "PERF003": [f"{VAULT}.{PERSON}.view_{name}" for name in names],
    }


def found(folder: Path, allowed: dict[str, list[str]], *more: str) -> list[tuple[str, str]]:
    """(rule, place) of what the linter says in all schemas of ours."""
    rules = "".join(f"[lint.rules.{rule}]\nallowlist = {json.dumps(places)}\n" for rule, places in allowed.items())
    told = folder / "pgrls.toml"
    schemas = json.dumps([VAULT, "public", *(view.name for view in VIEWS), *more])
    told.write_text(f'[database]\nschemas = {schemas}\n[lint]\nfail_on = "warning"\n{rules}')
    words = Server(settings.HOME).connection_parameters(ADMINISTRATOR)
    url = f"postgresql://{words['user']}@/{words['dbname']}?host={words['host']}&port={words['port']}"
    program = Path(sys.executable).with_name("pgrls")
    done = subprocess.run(
        [program, "lint", "--config", told, "--database-url", url, "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    said = json.loads(done.stdout)["violations"]
    return [(one["rule_id"], one["location"]) for one in said if one["severity"] in ("error", "warning")]


def test_the_linter_finds_nothing_that_is_not_meant_so(tmp_path: Path, administrator_connection: Connection) -> None:
    assert found(tmp_path, meant_so(administrator_connection)) == []


def test_it_would_find_a_rule_that_opens_everything(tmp_path: Path, administrator_connection: Connection) -> None:
    """Otherwise finding nothing would prove nothing."""
    administrator_connection.execute("CREATE POLICY generous ON vault.customer TO PUBLIC USING (true)")
    try:
        said = found(tmp_path, meant_so(administrator_connection))
    finally:
        administrator_connection.execute("DROP POLICY generous ON vault.customer")
    assert {place for _, place in said} == {"vault.customer.generous"}


@pytest.fixture
def of_one_login() -> Iterator[list[str]]:
    """The view of an analyst of one branch, and a partner's."""
    at = shop()
    give_sql_login("lea", view="standard", within=Within(branches=(at.lake,)), by=EMIL, at=NOON)
    name_partner("acme", name="Acme", by=EMIL, at=NOON)
    words = {"ref": "D-1", "purpose": "study", "fields": ["customer.city"], "promises": "deleted after use"}
    lasts = {"valid_from": today(), "valid_until": today() + timedelta(days=9)}
    sign_contract("acme", NewContract(**words | lasts), by=EMIL, at=NOON)  # type: ignore[arg-type]
    yield ["bi_lea", "partner_acme"]
    revoke_sql_login("bi_lea", by=EMIL, at=NOON)
    stop_contract("acme", because="over", by=EMIL, at=NOON)


def test_nor_in_the_views_of_one_login_and_one_partner(
    of_one_login: list[str], tmp_path: Path, administrator_connection: Connection
) -> None:
    allowed = meant_so(administrator_connection, *of_one_login)
    assert {"bi_lea.customer", "partner_acme.customer"} <= set(allowed["VIEW001"])
    assert found(tmp_path, allowed, *of_one_login) == []
