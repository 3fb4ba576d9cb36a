"""A mail server for this machine alone: the demo's customers and the tests' find their letters here as .eml files."""

import asyncio
import hashlib
import os
import re
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, unquote

from aiosmtpd.smtp import SMTP, Envelope, Session

LONGEST_NAME = 200
ARRIVAL = re.compile(r"(?P<name>\S+)( \(\d+\))?\.eml\Z")
RECEIVED = "250 2.0.0 It is in the post box"


def everybody_welcome(_address: str) -> str | None:
    """Return no objection to any recipient."""
    return None


class PostBox:
    """Receives mail by SMTP on 127.0.0.1 and lays every message into `folder`, named by its Message-ID.

    A message that arrives again is laid beside the first as `<id> (2).eml`, so copies can be counted.
    `objection` may answer a recipient with a line of SMTP, such as '550 5.1.1 Nobody of that name'.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        objection: Callable[[str], str | None] = everybody_welcome,
    ) -> None:
        self.folder = folder
        self.host = "127.0.0.1"
        self.port = port
        self._objection = objection
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def open(self) -> int:
        """Start receiving in a thread of its own and return the port; OSError when the port is taken."""
        self.folder.mkdir(parents=True, exist_ok=True)
        opened: Future[int] = Future()
        self._thread = threading.Thread(target=self._receive, args=(opened,), name="post box", daemon=True)
        self._thread.start()
        self.port = opened.result()
        return self.port

    def close(self) -> None:
        """Stop receiving; what has arrived stays."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop = self._thread = None

    def __enter__(self) -> "PostBox":
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def arrivals(self) -> Counter[str]:
        """Return how often each Message-ID (without angle brackets) has arrived."""
        found = (ARRIVAL.match(path.name) for path in self.folder.glob("*.eml"))
        return Counter(unquote(match["name"]) for match in found if match)

    def message(self, message_id: str) -> EmailMessage:
        """Return the first copy of a message that arrived. Raises FileNotFoundError."""
        content = (self.folder / f"{_file_name(message_id)}.eml").read_bytes()
        return message_from_bytes(content, _class=EmailMessage, policy=policy.default)

    def _receive(self, opened: "Future[int]") -> None:
        loop = self._loop = asyncio.new_event_loop()
        handler = _Handler(self.folder, self._objection)
        try:
            listening = loop.create_server(lambda: SMTP(handler, hostname="localhost", loop=loop), self.host, self.port)
            server = loop.run_until_complete(listening)
        except OSError as error:
            opened.set_exception(error)
            loop.close()
            return
        opened.set_result(server.sockets[0].getsockname()[1])
        loop.run_forever()
        _wind_up(loop, server)


class _Handler:
    """aiosmtpd asks this object at each step of a delivery; the names of its methods are aiosmtpd's."""

    def __init__(self, folder: Path, objection: Callable[[str], str | None]) -> None:
        self._folder = folder
        self._objection = objection

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if objection := self._objection(address):
            return objection
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  likewise
        content = envelope.content
        lay_in(self._folder, content if isinstance(content, bytes) else (content or "").encode())
        return RECEIVED


def lay_in(folder: Path, content: bytes) -> Path:
    """Put a message into the folder under the first free name of its Message-ID; it is there whole or not at all."""
    half = folder / f".{secrets.token_hex(8)}"
    half.write_bytes(content)
    name = _file_name(_message_id(content))
    try:
        return _first_free(folder, name, half)
    finally:
        half.unlink()


def _first_free(folder: Path, name: str, half: Path) -> Path:
    count = 1
    while True:
        path = folder / (f"{name}.eml" if count == 1 else f"{name} ({count}).eml")
        try:
            os.link(half, path)  # fails when the name is taken, also by another process
            return path
        except FileExistsError:
            count += 1


def _message_id(content: bytes) -> str:
    found = message_from_bytes(content, policy=policy.compat32).get("Message-ID", "")
    return str(found).strip().strip("<>") or f"{secrets.token_hex(8)}@without.id"


def _file_name(message_id: str) -> str:
    """Return the id as one file name: no slash, no space, and never longer than file systems allow."""
    name = quote(message_id, safe="@+=_-.")
    if len(name) <= LONGEST_NAME:
        return name
    return name[:LONGEST_NAME] + hashlib.sha256(name.encode()).hexdigest()[:16]


def _wind_up(loop: asyncio.AbstractEventLoop, server: asyncio.Server) -> None:
    server.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
