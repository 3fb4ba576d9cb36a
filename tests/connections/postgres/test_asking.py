"""Questions asked together are answered as if each had been asked alone, and fail as one of them fails."""

from collections.abc import Sequence

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from regulars.connections.postgres.asking import (
    WRITER,
    Asking,
    Question,
    along,
    answered,
    ask,
    ask_all,
    asked_together,
    begun,
    door,
    nothing,
    question,
    together,
)
from regulars.connections.postgres.wire import Wire, wire_of

pytestmark = pytest.mark.usefixtures("house")

VIEW = "standard"
NUMBER = "SELECT %s::int"
MINE = Question(WRITER, "SELECT pg_current_xact_id()::text")


@door
def doubled(number: int, *, times: int = 1) -> Asking[int]:
    """Asks one question after the other."""
    for _ in range(times):
        ((number,),) = yield from question(VIEW, "SELECT %s::int * 2", [number])
    return number


@door
def told(number: int) -> Asking[int]:
    """Through another login."""
    ((found,),) = yield from question(WRITER, NUMBER, [number])
    return int(found)


def test_a_door_called_alone_hands_out_what_it_says() -> None:
    assert doubled(3) == 6
    assert doubled(3, times=3) == 24


def test_doors_of_several_rounds_and_logins_hand_out_in_their_order() -> None:
    found = asked_together(doubled.asked(1, times=4), told.asked(7), nothing(), doubled.asked(5), told.asked(8))
    assert found == [16, 7, [], 10, 8]


def test_doors_that_lead_several_others_are_led_by_others() -> None:
    def both(number: int) -> Asking[Sequence[int]]:
        return (yield from together(doubled.asked(number), told.asked(number)))

    assert asked_together(both(1), both(2), begun(max, 4, 9), begun(doubled, 8)) == [[2, 1], [4, 2], 9, 16]


def test_every_round_is_asked_at_once() -> None:
    rounds = together(doubled.asked(1, times=2), told.asked(7), doubled.asked(5))
    assert [one.login for one in next(rounds)] == [VIEW, WRITER, VIEW]
    assert [one.values for one in rounds.send([[(2,)], [(7,)], [(10,)]])] == [[2]]


def test_nobody_asks_nothing() -> None:
    assert asked_together() == []
    assert ask_all([]) == []
    assert answered(nothing()) == []


def test_what_is_asked_along_travels_with_the_rounds_of_others() -> None:
    """Were it asked by itself, it would be another transaction; and the rest of its rounds is asked when it is told."""

    def mine(times: int) -> Asking[list[str]]:
        transactions = list[str]()
        for _ in range(times):
            ((number,),) = yield from question(*MINE)
            transactions.append(number)
        return transactions

    with along(mine(2)) as told_along:
        assert ask_all([Question(WRITER, NUMBER, [1])]) == [[(1,)]], "a question alone travels alone"
        (((first,),), _) = ask_all([MINE, Question(WRITER, NUMBER, [2])])
        assert told_along()[0] == first
        assert len(set(told_along())) == 2
    with along(mine(1)):
        pass
    assert ask_all([Question(WRITER, NUMBER, [3]), Question(WRITER, NUMBER, [4])]) == [[(3,)], [(4,)]]


def test_answers_come_back_to_their_questions() -> None:
    asked = [Question(login, NUMBER, [n]) for n, login in enumerate([VIEW, WRITER, "marketing", VIEW, WRITER, VIEW])]
    assert ask_all(asked) == [[(n,)] for n in range(6)]


def test_what_one_of_them_does_wrong_is_told_and_the_login_goes_on() -> None:
    wrong = Question(VIEW, "SELECT 1 / %s::int", [0])
    for asked in (
        [wrong, Question(VIEW, NUMBER, [1])],
        [Question(VIEW, NUMBER, [1]), wrong, Question(WRITER, NUMBER, [1])],
    ):
        with pytest.raises(DatabaseError, match="division by zero"):
            ask_all(asked)
        assert ask(VIEW, NUMBER, [3]) == [(3,)]


def test_a_question_asked_alone_is_prepared_once_and_anew_when_the_server_forgot() -> None:
    ask(VIEW, NUMBER, [0])
    held = connections[VIEW].connection
    count = "SELECT count(*)::int FROM pg_prepared_statements WHERE statement = 'SELECT $1::int'"
    for _ in range(3):
        ask(VIEW, NUMBER, [1])
        assert held.execute(count, prepare=False).fetchone() == (1,)
    held.execute("DEALLOCATE ALL", prepare=False)
    assert ask(VIEW, NUMBER, [4]) == [(4,)]


def test_a_question_that_cannot_be_prepared_leaves_the_login_unharmed() -> None:
    for _ in range(2):
        with pytest.raises(DatabaseError, match="nowhere"):
            ask(VIEW, "SELECT %s::int FROM nowhere", [1])
        assert ask(VIEW, NUMBER, [3]) == [(3,)]


def test_who_is_interrupted_while_waiting_leaves_nothing_on_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interruption is told when the answer has come; the next question hears its own."""
    ask(VIEW, NUMBER, [1])
    wire = wire_of(connections[VIEW].connection)
    hear = Wire._hear
    calls: list[None] = []

    def interrupted(self: Wire) -> None:
        calls.append(None)
        if len(calls) == 1:
            raise KeyboardInterrupt
        hear(self)

    monkeypatch.setattr(Wire, "_hear", interrupted)
    assert wire is not None
    with pytest.raises(KeyboardInterrupt):
        wire.alone(NUMBER, [2])
    assert ask(VIEW, NUMBER, [3]) == [(3,)]


def test_within_a_transaction_they_are_part_of_it() -> None:
    with transaction.atomic(using=WRITER):
        first, second = ask_all([MINE, MINE])
        assert first == second == ask(*MINE)


def test_a_door_that_gives_up_leaves_the_others_unharmed() -> None:
    @door
    def stubborn() -> Asking[int]:
        yield from question(VIEW, NUMBER, [1])
        raise LookupError("not here")

    with pytest.raises(LookupError):
        asked_together(doubled.asked(1, times=3), stubborn.asked(), told.asked(2))
    assert doubled(2) == 4


def test_a_server_that_hung_up_between_two_pages_is_called_again(
    administrator_connection: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    ((mine,),) = ask(VIEW, "SELECT pg_backend_pid()")
    administrator_connection.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
    connections[VIEW].close_if_unusable_or_obsolete()  # as Django does when a request begins
    ((another,),) = ask(VIEW, "SELECT pg_backend_pid()")
    assert another != mine


def test_who_kept_silent_is_not_asked_whether_she_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    ask(VIEW, "SELECT 1")
    connections[VIEW].close_if_unusable_or_obsolete()
    monkeypatch.setattr(type(connections[VIEW]), "is_usable", lambda connection: pytest.fail("asked"))
    assert ask(VIEW, "SELECT 2") == [(2,)]
