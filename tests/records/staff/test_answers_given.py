"""A program that asks twice with the same key is answered once."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections

from regulars.records.staff.actions import issue_token
from regulars.records.staff.answers_given import KEPT_FOR, Given, answered_once
from regulars.records.staff.models import ApiAnswer
from regulars.rules.permission.errors import BadInput
from tests.cast import NOON

pytestmark = pytest.mark.usefixtures("house")


class Till:
    """A program with a token, and how often its work was done."""

    def __init__(self) -> None:
        self.secret = issue_token("till", role="steward", issued_by="Emil", at=NOON)
        self.done = 0

    def ask(self, key: str, request: str = "digest", hours: float = 0) -> Given:
        return answered_once(self.secret, key, request, self.work, at=NOON + timedelta(hours=hours))

    def work(self) -> tuple[int, dict[str, object]]:
        self.done += 1
        return 201, {"number": self.done}


def test_the_second_answer_is_the_first_again() -> None:
    till = Till()
    assert till.ask("k1") == Given(201, {"number": 1})
    assert till.ask("k1") == Given(201, {"number": 1}, again=True)
    assert till.ask("k2") == Given(201, {"number": 2})
    assert till.done == 2


def test_another_programs_key_is_another_key() -> None:
    one, other = Till(), Till()
    assert (one.ask("k").again, other.ask("k").again) == (False, False)


def test_a_key_belongs_to_one_request() -> None:
    till = Till()
    till.ask("k")
    with pytest.raises(BadInput, match="idempotency_key_reused"):
        till.ask("k", "another request")


def test_what_failed_was_not_answered() -> None:
    till = Till()

    def breaks() -> tuple[int, dict[str, object]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answered_once(till.secret, "k", "digest", breaks, at=NOON)
    assert till.ask("k") == Given(201, {"number": 1})


def test_while_it_is_being_answered_it_is_not_answered_again() -> None:
    till = Till()
    told: list[str] = []

    def elsewhere() -> None:
        try:
            till.ask("k")
        except BadInput as error:
            told.append(error.code)
        finally:
            connections.close_all()

    def asks_again() -> tuple[int, dict[str, object]]:
        other = Thread(target=elsewhere)
        other.start()
        other.join()
        return 200, {"number": 7}

    answered_once(till.secret, "k", "digest", asks_again, at=NOON)
    assert (told, till.done) == (["still_under_way"], 0)
    assert till.ask("k") == Given(200, {"number": 7}, again=True)


def test_answers_are_kept_for_a_day() -> None:
    till = Till()
    till.ask("k")
    till.ask("other", hours=KEPT_FOR.total_seconds() / 3600 + 1)
    assert list(ApiAnswer.objects.values_list("key", flat=True)) == ["other"]
