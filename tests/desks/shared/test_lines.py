"""Nobody stays in the longer of two lines."""

import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from regulars.desks.shared.lines import LONGER, MOST, SHARED, Lines, alone, of_this_process, shared_by
from regulars.desks.shared.turns import InTurn
from tests.desks.shared.test_turns import answered

CLAIM = """
import sys
from regulars.desks.shared.lines import of_this_process
line = of_this_process()
with line.joined():
    print(line._mine, list(line._shared), line.is_longer, flush=True)
    sys.stdin.read()
"""


def headers_of(app: InTurn, protocol: str = "HTTP/1.1") -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []

    def start(_status: str, headers: Iterable[tuple[str, str]], *_more: Any) -> None:
        said.extend(headers)

    app({"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": protocol}, start)
    return said


@pytest.mark.parametrize(
    ("there", "protocol", "sent_on"),
    [(0, "HTTP/1.1", True), (1, "HTTP/1.1", False), (5, "HTTP/1.1", False), (0, "HTTP/2", False)],
)
def test_whoever_would_be_served_sooner_elsewhere_is_sent_on(there: int, protocol: str, sent_on: bool) -> None:
    shared = bytearray([0, there])
    lines = Lines(shared)
    app = InTurn(answered, lines=lines)
    with lines.joined():  # and the one who asks: two here
        assert (("Connection", "close") in headers_of(app, protocol)) is sent_on
    assert shared[0] == 0, "who was served is in line no more"
    assert LONGER == 2


def test_one_process_alone_sends_nobody_away() -> None:
    lines = alone()
    with lines.joined(), lines.joined(), lines.joined():
        assert headers_of(InTurn(answered, lines=lines)) == []


def test_a_mistake_leaves_nobody_in_line() -> None:
    shared = bytearray(2)

    def broken(_environ: object, _start: object) -> list[bytes]:
        raise LookupError

    with pytest.raises(LookupError):
        InTurn(broken, lines=Lines(shared, 1))({}, lambda *_said: None)
    assert list(shared) == [0, 0]


def test_a_line_longer_than_a_byte_can_tell_is_just_very_long() -> None:
    shared = bytearray([MOST, 3])
    lines = Lines(shared)
    shared[0] = MOST
    with lines.joined():
        assert shared[0] == MOST
        assert lines.is_longer


def test_every_process_has_a_line_of_its_own_and_the_next_takes_that_of_one_that_died() -> None:
    with shared_by(2):
        one, two = (
            subprocess.Popen(
                [sys.executable, "-c", CLAIM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
            )
            for _ in range(2)
        )
        assert one.stdout and two.stdout
        places = sorted((one.stdout.readline().split()[0], two.stdout.readline().split()[0]))
        assert places == ["0", "1"]
        assert not of_this_process().is_longer, "a third finds no place and minds its own line"
        one.kill()
        one.wait()
        three = subprocess.run(
            [sys.executable, "-c", CLAIM], input="", capture_output=True, text=True, env=os.environ, check=True
        )
        assert three.stdout.split()[0] in places
        assert three.stdout.strip().endswith("[1, 1] False"), "the dead one's count is forgotten"
        two.communicate(timeout=10)
        one.communicate(timeout=10)
    assert SHARED not in os.environ
