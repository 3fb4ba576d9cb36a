"""A message says what it should, whatever a name holds."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.connections.mail.mail_errors import MailError
from regulars.connections.mail.message import Mailbox, Message, plain_address

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADERS = {
    "Message-ID", "Date", "From", "To", "Subject", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip


def message(**changed: object) -> Message:
    fields: dict[str, object] = {
        "message_id": "contact-7.a1@regulars.example",
        "sender": Mailbox("shop@regulars.example", "熟客小铺"),
        "to": Mailbox("fang@example.com", "王芳"),
        "subject": "好久不见，王芳",
        "text": "您好，王芳：\n.\n..\nFrom us\n",
        "html": "<p>您好，王芳</p>",
        "unsubscribe": "https://regulars.example/portal/out?token=" + "a" * 120,
        "language": "zh-Hans",
    }
    return Message(**(fields | changed))  # type: ignore[arg-type]


def read(sent: Message) -> EmailMessage:
    return message_from_bytes(sent.as_email(NOON).as_bytes(), _class=EmailMessage, policy=policy.default)


def test_wang_fang_reads_her_name_in_subject_text_and_html() -> None:
    received = read(message())
    assert received["Subject"] == "好久不见，王芳"
    assert received["To"].addresses[0].display_name == "王芳"
    text, html = received.get_body(("plain",)), received.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "您好，王芳" in text.get_content()
    assert "<p>您好，王芳</p>" in html.get_content()


def test_one_click_unsubscribe_is_written_so_that_mail_programs_understand_it() -> None:
    raw = message().as_email(NOON).as_bytes()
    link = b"https://regulars.example/portal/out?token=" + b"a" * 120
    assert b"\r\nList-Unsubscribe: <" + link + b">\r\n" in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_the_message_travels_over_servers_that_know_only_ascii() -> None:
    raw = message(text="长" * 5000, subject="长" * 500).as_email(NOON).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize("evil", ["Bob\r\nBcc: all@example.com", "Bob\nX: y", "Bob\u2028Bcc: a", "a\x00b", "\udcff"])
def test_a_name_cannot_add_a_header(evil: str) -> None:
    received = read(message(to=Mailbox("bob@example.com", evil), subject=evil, sender=Mailbox("a@example.com", evil)))
    assert set(received.keys()) == HEADERS
    assert [address.addr_spec for address in received["To"].addresses] == ["bob@example.com"]


@given(name=st.text(max_size=60), subject=st.text(max_size=200))
def test_any_name_and_subject_leave_the_headers_as_they_are(name: str, subject: str) -> None:
    sent = message(to=Mailbox("bob@example.com", name), sender=Mailbox("shop@example.com", name), subject=subject)
    received = read(sent)
    assert set(received.keys()) == HEADERS
    for header in ("From", "To"):
        assert len(received[header].addresses) == 1
    assert received["To"].addresses[0].addr_spec == "bob@example.com"
    assert received["List-Unsubscribe"] == f"<{sent.unsubscribe}>"


@pytest.mark.parametrize(
    "address",
    ["", "bob", "@example.com", "bob@", "bob@a\r\nRCPT TO:<x@y.z>", "bob@example.com>", "a b@example.com",
     "bob,eve@example.com", "鲍勃@example.com", "bob@exa mple.com", '"a\r\nb"@example.com', "bob@.example..com"],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(MailError) as caught:
        message(to=Mailbox(address)).as_email(NOON)
    assert caught.value.code == "bad_address"


def test_a_domain_in_chinese_is_written_as_the_network_knows_it() -> None:
    assert plain_address("fang@例子.中国") == "fang@xn--fsqu00a.xn--fiqs8s"


@pytest.mark.parametrize(
    "link",
    ["http://regulars.example/out", "javascript:alert(1)", "https://a.example/ b", "https://a.example/>,<mailto:x@y>",
     "https://a.example/\r\nX: y", "https://[broken", ""],
)  # fmt: skip
def test_a_link_that_is_not_safe_to_follow_is_refused(link: str) -> None:
    with pytest.raises(MailError) as caught:
        message(unsubscribe=link).as_email(NOON)
    assert caught.value.code == "bad_link"


def test_nothing_is_said_of_unsubscribing_to_our_own_people() -> None:
    assert "List-Unsubscribe" not in read(message(unsubscribe=None))


def test_on_this_machine_a_plain_link_will_do() -> None:
    assert read(message(unsubscribe="http://127.0.0.1:8000/out"))["List-Unsubscribe"] == "<http://127.0.0.1:8000/out>"


@pytest.mark.parametrize("wrong", [{"message_id": "a b@c"}, {"message_id": "a@b>\r\nX: y"}, {"language": "en\r\nX: y"}])
def test_ids_and_languages_are_checked(wrong: dict[str, str]) -> None:
    with pytest.raises(MailError):
        message(**wrong).as_email(NOON)
