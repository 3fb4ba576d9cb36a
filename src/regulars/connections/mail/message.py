"""One e-mail, as RFC 5322 wants it, with the one-click unsubscribe of RFC 2369 and RFC 8058."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from urllib.parse import urlsplit

from regulars.connections.mail.mail_errors import MailError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
MESSAGE_ID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\Z")
# Line ends and other control characters, among them the ones only Unicode knows: none may reach a header.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address, such as 王芳 <fang@example.com>. The name may be empty or hold anything at all."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What one customer, or one of our own people, is to receive.

    `message_id` (without angle brackets) is the same for every attempt, so that a second copy can be recognised.
    `unsubscribe` is the address of the one-click answer: https, or http on this machine; None only for
    what goes to our own people.
    """

    message_id: str
    sender: Mailbox
    to: Mailbox
    subject: str
    text: str
    html: str
    unsubscribe: str | None
    language: str = "en"

    def as_email(self, at: datetime) -> EmailMessage:
        """Return the message with all its headers. Raises MailError when an address, id or link is not one."""
        email = EmailMessage(policy=POLICY)
        email["Message-ID"] = f"<{_checked_id(self.message_id)}>"
        email["Date"] = format_datetime(at)
        email["From"] = _address(self.sender)
        email["To"] = _address(self.to)
        email["Subject"] = _one_line(self.subject)
        if self.unsubscribe is not None:
            email["List-Unsubscribe"] = f"<{_checked_link(self.unsubscribe)}>"
            email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        email["Auto-Submitted"] = "auto-generated"
        email.set_content(self.text, cte="quoted-printable")
        email.add_alternative(self.html, subtype="html", cte="quoted-printable")
        email["Content-Language"] = _checked_language(self.language)  # earlier, it would move into the first part
        return email


class _Policy(EmailPolicy):
    """Writes links and ids as they are: the library would break a long one into encoded words nobody can click."""

    VERBATIM = frozenset({"message-id", "list-unsubscribe"})

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name.lower() in self.VERBATIM else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in self.VERBATIM:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit", raise_on_defect=False)


def plain_address(address: str) -> str:
    """Return the address fit for an envelope, its domain in ASCII (IDNA). Raises MailError `bad_address`."""
    user, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        checked = Address(addr_spec=f"{user}@{ascii_domain}")
    except (ValueError, IndexError, MessageError) as error:
        raise MailError("bad_address", {"address": address}) from error
    if not (at and user and ascii_domain) or CONTROLS.search(user) or not user.isascii() or " " in checked.addr_spec:
        raise MailError("bad_address", {"address": address})
    return checked.addr_spec


def _address(mailbox: Mailbox) -> Address:
    user, _, domain = plain_address(mailbox.address).rpartition("@")
    return Address(_one_line(mailbox.name), user, domain)


def _one_line(text: str) -> str:
    return CONTROLS.sub(" ", text).strip()


def _checked_id(message_id: str) -> str:
    if not MESSAGE_ID.match(message_id):
        raise MailError("bad_message_id", {"message_id": message_id})
    return message_id


def _checked_language(language: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        raise MailError("bad_language", {"language": language})
    return language


def _checked_link(link: str) -> str:
    """Return the link if a mail program may follow it with one click (RFC 8058 wants https)."""
    try:
        parts = urlsplit(link)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)
    except ValueError:
        safe = False
    if not safe or not re.fullmatch(r"[!-;=?-~]+", link):
        raise MailError("bad_link", {"link": link})
    return link
