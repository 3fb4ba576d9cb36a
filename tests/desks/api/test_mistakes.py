"""What is handed in and cannot be used: a status, a code, a sentence; and nothing is changed."""

import json

import pytest
from django.test import Client

from regulars.records.choices.models import ChoiceEntry
from tests.cast import ann, bob, said
from tests.desks.api.programs import program

pytestmark = pytest.mark.usefixtures("house")
CHOICE = {"purpose": "direct_marketing", "value": "denied", "wording": "No more, please.", "because": "call"}


def test_a_body_that_is_no_json_is_told_so() -> None:
    secret = program("service").secret
    answer = Client().post(
        "/api/tasks/1/close", b"{", content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 400
    assert json.loads(answer.content)["code"] == "request_not_readable"


def test_what_nobody_asked_for_is_refused_not_ignored() -> None:
    """Attack 35: somebody else's choice, or `reviewed=true`, rides along."""
    a, b = ann(), bob()
    answer = program("service").post(f"/customers/{a.number}/choices", CHOICE | {"number": b.number, "reviewed": True})
    assert answer.status == 422
    assert ChoiceEntry.objects.filter(source="counter").count() == 0


def test_a_choice_holds_at_once_for_everybody() -> None:
    a = ann()
    dora, mia = program("service"), program("marketer")
    assert mia.get(f"/customers/{a.number}", because="campaign").status == 200
    made = dora.post(f"/customers/{a.number}/choices", CHOICE)
    assert (made.status, made.told["before"], made.told["value"]) == (201, "granted", "denied")
    assert mia.get(f"/customers/{a.number}", because="campaign").status == 404


def test_a_choice_is_not_written_by_a_marketers_program() -> None:
    a = ann()
    assert program("marketer").post(f"/customers/{a.number}/choices", CHOICE).status == 403


def test_a_channel_belongs_to_marketing_alone() -> None:
    a = ann()
    answer = program("service").post(
        f"/customers/{a.number}/choices", CHOICE | {"purpose": "sensitive_use", "channel": "email"}
    )
    assert (answer.status, answer.code()) == (400, "choice_channel_only_for_marketing")


@pytest.mark.parametrize("number", ["C-1%00", "%00", "C-20001' OR '1'='1", "<script>", "=1+1", "x" * 65])
def test_a_strange_number_is_nobodys(number: str) -> None:
    ann()
    assert program("service").get(f"/customers/{number}", because="call").status in (404, 422)


def test_the_same_key_does_it_once() -> None:
    a = ann()
    dora = program("service")
    first, again = (dora.post(f"/customers/{a.number}/choices", CHOICE, key="k-1") for _ in range(2))
    assert (again.status, again.told) == (201, first.told)
    assert (first.headers["Idempotency-Replayed"], again.headers["Idempotency-Replayed"]) == ("false", "true")
    assert ChoiceEntry.objects.filter(source="counter").count() == 1


def test_the_same_key_with_another_request_is_refused() -> None:
    a = ann()
    dora = program("service")
    dora.post(f"/customers/{a.number}/choices", CHOICE, key="k-1")
    answer = dora.post(f"/customers/{a.number}/choices", CHOICE | {"value": "granted"}, key="k-1")
    assert (answer.status, answer.code()) == (422, "idempotency_key_reused")


def test_one_programs_key_is_not_anothers() -> None:
    a = ann()
    for role in ("service", "officer"):
        assert program(role).post(f"/customers/{a.number}/choices", CHOICE, key="k-1").status == 201
    assert ChoiceEntry.objects.filter(source="counter").count() == 2


def test_a_refused_request_may_be_asked_again_with_its_key() -> None:
    a = ann()
    dora = program("service")
    wrong = CHOICE | {"purpose": "sensitive_use", "channel": "email"}
    assert dora.post(f"/customers/{a.number}/choices", wrong, key="k-2").status == 400
    assert dora.post(f"/customers/{a.number}/choices", CHOICE, key="k-2").status == 201


@pytest.mark.parametrize("key", ["", "two words", "x" * 101])
def test_a_key_that_is_none_is_told_so(key: str) -> None:
    a = ann()
    dora = program("service")
    answer = dora.client.post(
        f"/api/customers/{a.number}/choices", json.dumps(CHOICE), content_type="application/json",
        headers={"Authorization": f"Bearer {dora.secret}", "Idempotency-Key": key},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_unfit")


def test_own_choices_are_read_with_what_they_rest_on() -> None:
    a = ann()
    said(a, "direct_marketing", "denied", "phone")
    told = program("service").get(f"/customers/{a.number}/choices", because="call").told
    by_channel = {(one["purpose"], one["channel"]): one["holds"] for one in told["choices"]}
    assert by_channel["direct_marketing", ""]
    assert not by_channel["direct_marketing", "phone"]
    assert len(told["history"]) == 2
