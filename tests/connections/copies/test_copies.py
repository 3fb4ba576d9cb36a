"""A folder that is only added to, and a webhook whose receiver can check who sent it."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from regulars.connections.copies.folder import CHECKPOINTS, FolderCopy
from regulars.connections.copies.webhook import Webhook, WebhookError, secret_for_receiver

SECRET = b"s" * 32


def test_a_folder_is_added_to_and_read_from_the_end(tmp_path: Path) -> None:
    copy = FolderCopy(tmp_path / "there")
    assert copy.newest() is None
    copy.add("2026-11", [b'{"line":1}'], [b'{"n":1}'])
    copy.add("2026-12", [b'{"line":2}'], [b'{"n":2}', b'{"n":3}'])
    assert copy.newest() == b'{"n":3}'
    assert (copy.path / CHECKPOINTS).read_bytes() == b'{"n":1}\n{"n":2}\n{"n":3}\n'
    assert {file.name for file in copy.path.glob("lines-*")} == {"lines-2026-11.jsonl", "lines-2026-12.jsonl"}
    assert (copy.path / CHECKPOINTS).stat().st_mode & 0o077 == 0


def test_a_line_broken_off_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    copy = FolderCopy(tmp_path)
    copy.add("2026-11", [], [b'{"n":1}'])
    with (tmp_path / CHECKPOINTS).open("ab") as sheet:
        sheet.write(b'{"n":2,"ro')
    assert copy.newest() == b'{"n":1}'
    copy.add("2026-11", [], [b'{"n":2}'])
    assert (tmp_path / CHECKPOINTS).read_bytes().splitlines() == [b'{"n":1}', b'{"n":2,"ro', b'{"n":2}']
    assert copy.newest() == b'{"n":2}'


def test_the_newest_is_found_at_the_end_of_a_long_file(tmp_path: Path) -> None:
    copy = FolderCopy(tmp_path)
    copy.add("2026-11", [], [b'{"n":%d}' % number for number in range(20_000)])
    assert copy.newest() == b'{"n":19999}'


def test_a_folder_that_is_away_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        FolderCopy(tmp_path / "file").add("2026-11", [], [])


class Receiver(HTTPServer):
    """Keeps what it got, and answers as told."""

    answers: list[int]
    got: list[tuple[dict[str, str], bytes]]


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, *told: object) -> None:
        """Quiet."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on this machine."""
    server = Receiver(("127.0.0.1", 0), Handler)
    server.answers, server.got = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def hook(server: Receiver) -> Webhook:
    return Webhook(f"http://127.0.0.1:{server.server_port}/log?token=secret", SECRET)


def test_a_receiver_can_tell_that_it_is_ours(receiver: Receiver) -> None:
    hook(receiver).send(b'{"type":"x"}', message_id="msg_1", timestamp=1_700_000_000)
    ((headers, body),) = receiver.got
    secret = base64.b64decode(secret_for_receiver(SECRET).removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_what_is_not_confirmed_did_not_arrive(receiver: Receiver, status: int) -> None:
    receiver.answers.append(status)
    with pytest.raises(WebhookError, match=str(status)):
        hook(receiver).send(b"{}", message_id="msg_1", timestamp=1)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "file:///etc/passwd", "http://[::1", "nothing"])
def test_nowhere_is_an_error_without_the_address(url: str) -> None:
    with pytest.raises(WebhookError) as told:
        Webhook(url, SECRET).send(b"{}", message_id="m", timestamp=1)
    assert url not in str(told.value)


def test_a_place_shows_its_host_alone() -> None:
    assert Webhook("https://user:pass@log.example/x?token=1", SECRET).place == "webhook log.example"
