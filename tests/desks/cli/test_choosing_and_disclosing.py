"""`regulars choice …` and `regulars partner …` at the terminal."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.partners import end_partner_login
from regulars.desks.cli.main import load
from regulars.records.choices.models import ChoiceEntry
from tests.cast import ann, customer, said

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def acme() -> Iterator[None]:
    """The partner's login leaves with the test."""
    yield
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        connection.execute("DROP POLICY IF EXISTS view_partner_acme ON vault.customer")
        end_partner_login(
            connection, schema="partner_acme", login="regulars_partner_acme", owner="regulars_view_partner_acme"
        )


def tell(*words: str) -> Result:
    done = CliRunner().invoke(load(words[0]), list(words[1:]), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_a_brand_is_named_taken_out_and_told(tmp_path: Path) -> None:
    who = ann()
    tell("choice", "subject", "brand", "tea", "--name", "Tea House")
    tell("choice", "set", who.number, "direct_marketing", "denied", "--brand", "tea", "--because", "she said so")
    assert ChoiceEntry.objects.get(brand="tea").value == "denied"
    told = json.loads(tell("choice", "receipt", who.number, "--because", "she asked").stdout)
    assert [one["pii_processing"]["purposes"][0]["brand"] for one in told["records"]] == ["", "tea"]
    assert json.loads(tell("choice", "subjects", "--json").stdout)[0]["key"] == "tea"
    tell("choice", "subject", "brand", "tea", "--end")


def test_a_list_is_tried_and_taken_in(tmp_path: Path) -> None:
    file, aside = tmp_path / "list.csv", tmp_path / "aside.csv"
    file.write_text("email\nsomebody@example.com\nnobody\n")
    tried = json.loads(tell("choice", "import", str(file), "--dry-run", "--json").stdout)
    assert (tried["dry_run"], tried["suppressed"]) == (True, 1)
    tell("choice", "import", str(file), "--set-aside", str(aside))
    assert "nobody_named" in aside.read_text()


def test_a_partner_from_contract_to_recheck(acme: None, tmp_path: Path) -> None:
    said(customer("Wen Willing", city="Paris"), "third_party_disclosure", "granted")
    tell("partner", "add", "acme", "--name", "Acme")
    tell("partner", "contract", "acme", "--ref", "D7", "--purpose", "study", "--field", "customer.city",
         "--promises", "deletes", "--until", "2090-01-01")  # fmt: skip
    made = json.loads(tell("partner", "release", "acme", str(tmp_path), "--because", "first", "--json").stdout)
    assert made["rows"] == 1
    assert Path(made["file"]).stat().st_mode & 0o077 == 0
    names = tmp_path / "names"
    names.write_text("0" * 32 + "\n")
    told = json.loads(tell("partner", "recheck", "acme", str(names), "--json").stdout)
    assert told == {"may": {"0" * 32: False}, "why": ""}
    assert "Acme" in tell("partner", "list").output
    assert json.loads(tell("partner", "releases", "acme", "--json").stdout)[0]["id"] == made["release"]
    assert "customer.city" in tell("partner", "fields").output
    tell("partner", "bought", "acme", "--what", "addresses", "--permission", "opt-in at the fair")
    tell("partner", "stop", "acme", "--because", "done")
