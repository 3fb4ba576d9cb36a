"""Erasing over HTTP: for the officer's programs, with a reason; the proof afterwards."""

import pytest

from regulars.records.customers.models import Customer
from tests.cast import ann
from tests.desks.api.programs import program

pytestmark = pytest.mark.usefixtures("house")
WHY = {"because": "her wish", "reference": "letter of 3 March"}


def test_a_customer_is_erased_and_the_proof_is_told() -> None:
    who, officer = ann(), program("officer")
    answer = officer.post(f"/customers/{who.number}/erasure", WHY)
    assert answer.status == 200
    assert (answer.told["reference"], len(answer.told["key_digest"])) == ("letter of 3 March", 64)
    assert Customer.objects.get().name == ""
    proof = officer.get(f"/customers/{who.number}/erasure", because="she asks")
    assert proof.told["key_digest"] == answer.told["key_digest"]
    assert proof.told["forgotten_at"] is not None
    assert officer.post(f"/customers/{who.number}/erasure", WHY).status == 404
    assert officer.get("/customers/C-77/erasure", because="she asks").status == 404


@pytest.mark.parametrize("role", ["service", "marketer", "steward"])
def test_other_programs_erase_nobody(role: str) -> None:
    who = ann()
    assert program(role).post(f"/customers/{who.number}/erasure", WHY).status == 403
    assert Customer.objects.get().name == "Ann Archer"


def test_without_a_reason_nobody_is_erased() -> None:
    who = ann()
    assert program("officer").post(f"/customers/{who.number}/erasure", {"because": "x"}).status == 422
    assert Customer.objects.get().name == "Ann Archer"
