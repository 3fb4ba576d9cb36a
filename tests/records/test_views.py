"""Each person sees what the view hands out, and nothing the view does not have."""

from datetime import date

import pytest
from django.db import ProgrammingError, connections

from regulars.records.customers.models import Customer
from tests.cast import ann, bob, said

pytestmark = pytest.mark.usefixtures("house")


def test_standard_shows_names_and_years_but_no_health() -> None:
    ann(), bob()
    names = {c.name: c for c in Customer.objects.using("standard")}
    assert set(names) == {"Ann Archer", "Bob Baker"}
    assert names["Ann Archer"].birth_on == date(1988, 1, 1)
    assert names["Bob Baker"].allergies is None


def test_bob_is_gone_from_marketing_the_statement_after_he_withdraws() -> None:
    a = ann()
    assert Customer.objects.using("marketing").filter(id=a.id).exists()
    said(a, "direct_marketing", "denied")
    assert not Customer.objects.using("marketing").filter(id=a.id).exists()


def test_nobody_reads_the_vault_through_a_view_login() -> None:
    with pytest.raises(ProgrammingError, match="permission denied for schema vault"):
        connections["standard"].cursor().execute("SELECT * FROM vault.customer")
    connections["standard"].close()
