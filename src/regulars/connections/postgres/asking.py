"""A door's question in plain SQL, through one login, prepared.

Measured on a customer's card, which asks fifteen times by key. As a QuerySet, each costs .6 ms of Python, .5 of them
to word the same SQL again, and .4 ms of the database, which reads the text, unfolds the view and plans anew.
Asked here it is .05 and .06 ms: values travel beside the text, and a text seen before on this connection is prepared.

Names of tables are without a schema: the login's search path says through which view they are read. A column of JSON
comes back as its text.

Behind a security barrier the condition of a join is not pushed into the other view, so a join of two large views reads
one of them whole. What can be large is asked by its own key; what belongs to it is looked up by id, in a question of
its own or row by row: `JOIN LATERAL (SELECT … WHERE id = t.other_id LIMIT 1)`; LIMIT keeps that from becoming a join.

What does not wait for each other is asked together. A door written as a `door` says what it asks and goes on when it is
answered; called, it asks alone, and `asked_together` leads several through one round after the other: all questions of
a round are on their way before the first answer is read. Measured: fourteen questions of a card 1.2 ms instead of 5,
and a third of the Python and half of the database's work, since neither is put to sleep and woken fourteen times.
"""

import select
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import update_wrapper
from itertools import islice
from typing import Any, Final, Generic, NamedTuple, ParamSpec, TypeVar, cast

import psycopg
from django.db import connections

from regulars.connections.postgres.wire import Asked, Connection, wire_of
from regulars.connections.postgres.wire import Row as Row  # what every door that asks hands out

P = ParamSpec("P")
T = TypeVar("T")
WRITER: Final = "default"  # for the house's own bookkeeping, where no person is read


def ask(login: str, question: str, values: Sequence[Any] = ()) -> list[Row]:
    """All rows of the answer. `question` holds no outside text; a list among the values is asked with `= ANY (%s)`."""
    connection = _open(login)
    with connection.wrap_database_errors:
        if wire := wire_of(connection.connection):
            return wire.alone(question, values)
        return _alone(connection.connection, question, values)


def ask_one(login: str, question: str, values: Sequence[Any] = ()) -> Row | None:
    """The first row of the answer, or None when there is none."""
    return first(ask(login, question, values))


def tell(login: str, statement: str, values: Sequence[Any] = ()) -> None:
    """The statement has been carried out when this returns."""
    ask(login, statement, values)


def first(rows: Sequence[Row]) -> Row | None:
    """The first row of an answer, or None when there is none."""
    return rows[0] if rows else None


class Question(NamedTuple):
    """One question through one login."""

    login: str
    text: str
    values: Sequence[Any] = ()


#: A door that goes on when its questions are answered: round by round, for each question all its rows.
Asking = Generator[Sequence[Question], Sequence[list[Row]], T]


class Door(Generic[P, T]):
    """A reading door: called, it asks and hands out; `asked` only begins, to be asked together with others."""

    def __init__(self, asked: Callable[P, Asking[T]]) -> None:
        self.asked = asked
        update_wrapper(self, asked)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return answered(self.asked(*args, **kwargs))


def door(asked: Callable[P, Asking[T]]) -> Door[P, T]:
    """A door from what it asks: `rows = yield from question(by.view, TEXT, [id])`."""
    return Door(asked)


def question(login: str, text: str, values: Sequence[Any] = ()) -> Asking[list[Row]]:
    """One question, and all rows of its answer."""
    (rows,) = yield [Question(login, text, values)]
    return rows


def together(*askings: Asking[Any]) -> Asking[list[Any]]:
    """What each hands out, in their order. Each round asks what every one of them has to ask next."""
    handed: list[Any] = [None] * len(askings)
    waiting = _gone_on(enumerate(askings), [None] * len(askings), handed)
    while waiting:
        rows = iter((yield [one for _, _, questions in waiting for one in questions]))
        answers = [[next(rows) for _ in questions] for _, _, questions in waiting]
        waiting = _gone_on([(place, asking) for place, asking, _ in waiting], answers, handed)
    return handed


def asked_together(*askings: Asking[Any]) -> list[Any]:
    """The same, asked."""
    return answered(together(*askings))


def nothing() -> Asking[list[Any]]:
    """Asks nothing and hands out nothing."""
    yield from ()
    return []


def begun(source: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Asking[T]:
    """What a door asks; a plain function is called when its turn comes."""
    if isinstance(source, Door):
        handed: T = yield from source.asked(*args, **kwargs)
        return handed
    return source(*args, **kwargs)


def answered(asking: Asking[T]) -> T:
    """What it hands out in the end. What it or the database raises is raised here."""
    try:
        questions = next(asking)
        while True:
            questions = asking.send(ask_all(questions))
    except StopIteration as done:
        return cast(T, done.value)


@contextmanager
def along(asking: Asking[T]) -> Iterator[Callable[[], T]]:
    """Within, what it asks travels with the rounds that are asked anyway; called, the name tells what it hands out.

    For what stands around a page and waits for nothing in it. Measured: a card's frame asked for itself cost a round.
    What no round took along is asked when it is told. At the end of the context what nobody wanted is forgotten.
    """
    rider = Rider(asking)
    _riders.waiting = [*_waiting(), rider]
    try:
        yield rider.told
    finally:
        _riders.waiting = [one for one in _waiting() if one is not rider]


class Rider(Generic[T]):
    """What is asked along with something else."""

    def __init__(self, asking: Asking[T]) -> None:
        self._asking = asking
        self._handed: list[T] = []
        self.questions: Sequence[Question] = ()
        self.hear(None)

    def hear(self, rows: Sequence[list[Row]] | None) -> None:
        """It goes on with what was answered, up to its next questions or its end."""
        try:
            self.questions = self._asking.send(cast(Any, rows))
        except StopIteration as done:
            self.questions = ()
            self._handed.append(done.value)

    def told(self) -> T:
        """What it hands out; what is still to be asked for that is asked now."""
        while not self._handed:
            self.hear(_all_rows(self.questions))
        return self._handed[0]


def ask_all(questions: Sequence[Question]) -> list[list[Row]]:
    """All rows of each answer; every question is on its way before the first answer is waited for."""
    riders = [one for one in _waiting() if one.questions] if len(questions) > 1 else []
    if not riders:
        return _all_rows(questions)
    rows = iter(_all_rows([*questions, *(one for rider in riders for one in rider.questions)]))
    mine = list(islice(rows, len(questions)))
    for rider in riders:
        rider.hear(list(islice(rows, len(rider.questions))))
    return mine


_riders = threading.local()


def _waiting() -> list[Rider[Any]]:
    waiting: list[Rider[Any]] = getattr(_riders, "waiting", [])
    return waiting


def _all_rows(questions: Sequence[Question]) -> list[list[Row]]:
    if len(questions) == 1:
        return [ask(*questions[0])]
    places: dict[str, list[int]] = {}
    for place, one in enumerate(questions):
        places.setdefault(one.login, []).append(place)
    answers: list[list[Row]] = [[]] * len(questions)
    with ExitStack() as wires:
        sent = {login: _sent(login, [questions[n][1:] for n in mine], wires) for login, mine in places.items()}
        for login, mine in places.items():
            for place, rows in zip(mine, sent[login](), strict=True):
                answers[place] = rows
    return answers


Waiting = tuple[int, Asking[Any], Sequence[Question]]


def _gone_on(
    askings: Iterable[tuple[int, Asking[Any]]], answers: Iterable[Any], handed: list[Any]
) -> list[Waiting]:  # fmt: skip
    """Each hears its answers: those with further questions, and what the others hand out at their places."""
    waiting = list[Waiting]()
    for (place, asking), rows in zip(askings, answers, strict=True):
        try:
            waiting.append((place, asking, asking.send(rows)))
        except StopIteration as done:
            handed[place] = done.value
    return waiting


def _sent(login: str, asked: Asked, wires: ExitStack) -> Callable[[], list[list[Row]]]:
    """They are on their way, and this tells the answers; within a transaction they are asked when it is told."""
    connection = _open(login)
    wires.enter_context(connection.wrap_database_errors)
    if wire := wire_of(connection.connection):
        return wires.enter_context(wire.sent(asked)).answers
    return lambda: [_alone(connection.connection, text, values) for text, values in asked]


def _open(login: str) -> Any:
    """Django's connection, opened anew when the server was away."""
    connection: Any = connections[login]
    connection.health_check_done = connection.health_check_done or _is_silent(connection.connection)
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection


def _alone(held: Connection, text: str, values: Sequence[Any]) -> list[Row]:
    done = psycopg.Cursor(held).execute(text, values, prepare=False)
    return done.fetchall() if done.description else []


def _is_silent(held: Connection | None) -> bool:
    """Whether nothing has come on a connection nobody asks on: a server that went away has at least said good-bye.

    Then it need not be asked whether it is there. Measured: three such questions were a tenth of a card's work.
    """
    if held is None or held.closed:
        return False
    asked = select.poll()
    asked.register(held.fileno(), select.POLLIN)
    return not asked.poll(0)
