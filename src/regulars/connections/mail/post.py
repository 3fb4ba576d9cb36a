"""Hands messages to a mail server over one connection kept open, and tells honestly what became of each."""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from regulars.connections.mail.mail_errors import MailError
from regulars.connections.mail.message import Message, plain_address

SENT, REFUSED, LATER, UNSURE = "sent", "refused", "later", "unsure"
LINE_WITH_DOT = re.compile(rb"(?m)^\.")
SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message.

    `outcome` is 'sent', 'refused' (for good: do not try again), 'later' (nothing was sent: try again), or
    'unsure' (the line went dead after the whole message was handed over: it may have arrived, so never send it again
    by itself). `stage` says where it was decided, `code` and `answer` are the server's own words (RFC 5321).
    """

    outcome: str
    stage: str
    code: int | None = None
    answer: str = ""


class Post:
    """A way to a mail server; opens its connection with the first message and again when the server hung up."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        encryption: str = "none",
        timeout: float = SECONDS,
    ) -> None:
        """`encryption` is 'none', 'starttls' or 'tls'; a password is never sent over a line without it."""
        if encryption not in ("none", "starttls", "tls") or (user and encryption == "none"):
            raise ValueError(f"no log-in over an open line, and no encryption called {encryption!r}")
        self._host, self._port, self._timeout = host, port, timeout
        self._user, self._password, self._encryption = user, password, encryption
        self._line: smtplib.SMTP | None = None

    def send(self, message: Message, at: datetime) -> Delivery:
        """Send one message, dated `at`, and return what became of it. No network trouble raises an error."""
        try:
            sender, to = plain_address(message.sender.address), plain_address(message.to.address)
            content = _ready(message.as_email(at).as_bytes())
        except MailError as error:
            return Delivery(REFUSED, "writing", answer=str(error))
        return self._hand_over(sender, to, content)

    def close(self) -> None:
        """Say good-bye to the server, if there is a connection."""
        line, self._line = self._line, None
        if line is not None:
            try:
                line.quit()
            except (OSError, smtplib.SMTPException):
                line.close()

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _hand_over(self, sender: str, to: str, content: bytes) -> Delivery:
        try:
            line = self._ready_line(sender)
        except smtplib.SMTPResponseException as error:
            # Until the recipient is named, a refusal is about us: our settings are wrong, not the customer's address.
            return self._hang_up(Delivery(LATER, "connecting", error.smtp_code, _text(error.smtp_error)))
        except (OSError, smtplib.SMTPException) as error:
            return self._hang_up(Delivery(LATER, "connecting", answer=str(error)))
        return self._dictate(line, to, content)

    def _ready_line(self, sender: str) -> smtplib.SMTP:
        """Return a connection that has accepted the sender; a server that hung up meanwhile is called once more."""
        if self._line is not None:
            try:
                return _from(self._line, sender)
            except (OSError, smtplib.SMTPServerDisconnected):
                self._line.close()
                self._line = None
        self._line = self._call()
        return _from(self._line, sender)

    def _call(self) -> smtplib.SMTP:
        if self._encryption == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=ssl.create_default_context()
            )
        else:
            line = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        if self._encryption == "starttls":
            line.starttls(context=ssl.create_default_context())
        if self._user:
            line.login(self._user, self._password)
        _without_waiting(line)
        line.ehlo_or_helo_if_needed()
        return line

    def _dictate(self, line: smtplib.SMTP, to: str, content: bytes) -> Delivery:
        """Name the recipient and hand over the content, keeping apart what was lost before and after its last dot."""
        stage = "recipient"
        try:
            code, answer = line.rcpt(to)
            if code not in (250, 251):
                return self._next_please(_judged(stage, code, answer))
            stage = "content"
            code, answer = line.docmd("DATA")
            if code != 354:
                return self._next_please(_judged(stage, code, answer))
            line.send(content)
        except (OSError, smtplib.SMTPException) as error:
            return self._hang_up(Delivery(LATER, stage, answer=str(error)))
        return self._finish(line)

    def _finish(self, line: smtplib.SMTP) -> Delivery:
        """Send the dot that makes the message the server's, and hear its answer."""
        try:
            line.send(b".\r\n")
            code, answer = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return self._hang_up(Delivery(UNSURE, "receipt", answer=str(error)))
        delivery = _judged("receipt", code, answer)
        return self._hang_up(delivery) if code == 421 else delivery

    def _next_please(self, delivery: Delivery) -> Delivery:
        """Clear the table for the next message; a server that says 421 is about to hang up."""
        try:
            if delivery.code == 421 or self._line is None or self._line.rset()[0] != 250:
                return self._hang_up(delivery)
        except (OSError, smtplib.SMTPException):
            return self._hang_up(delivery)
        return delivery

    def _hang_up(self, delivery: Delivery) -> Delivery:
        if self._line is not None:
            self._line.close()
            self._line = None
        return delivery


def _without_waiting(line: smtplib.SMTP) -> None:
    """Have small pieces sent at once: the lone last dot would otherwise wait 40 ms for a delayed answer."""
    if isinstance(line.sock, socket.socket):
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _from(line: smtplib.SMTP, sender: str) -> smtplib.SMTP:
    code, answer = line.mail(sender)
    if code != 250:
        raise smtplib.SMTPResponseException(code, answer)
    return line


def _judged(stage: str, code: int, answer: bytes | str) -> Delivery:
    """Sort a server's answer by its first digit (RFC 5321, 4.2.1)."""
    outcome = {2: SENT, 5: REFUSED}.get(code // 100, LATER)
    return Delivery(outcome, stage, code, _text(answer))


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _ready(content: bytes) -> bytes:
    """Return the content with its leading dots doubled (RFC 5321, 4.5.2), ending in a line end."""
    stuffed = LINE_WITH_DOT.sub(b"..", content)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
