"""What became of a message is told as it was: sent, refused, later, or not known."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.connections.mail.message import Mailbox
from regulars.connections.mail.post import Post
from regulars.connections.mail.post_box import PostBox, lay_in
from tests.connections.mail.test_message import message

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def objection(address: str) -> str | None:
    return {"gone@example.com": "550 5.1.1 Nobody of that name", "full@example.com": "452 4.2.2 Mailbox full"}.get(
        address
    )


@pytest.fixture
def box(tmp_path: Path) -> Iterator[PostBox]:
    with PostBox(tmp_path / "mail", objection=objection) as box:
        yield box


@pytest.fixture
def post(box: PostBox) -> Iterator[Post]:
    with Post(box.host, box.port, timeout=5) as post:
        yield post


def test_wang_fang_gets_her_letter(box: PostBox, post: Post) -> None:
    delivery = post.send(message(), NOON)
    assert (delivery.outcome, delivery.code) == ("sent", 250)
    letter = box.message("contact-7.a1@regulars.example")
    assert letter["Subject"] == "好久不见，王芳"
    text = letter.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == "您好，王芳：\n.\n..\nFrom us\n"


def test_a_hundred_letters_travel_over_one_connection(box: PostBox, post: Post) -> None:
    outcomes = {post.send(message(message_id=f"c{n}@regulars.example"), NOON).outcome for n in range(100)}
    assert outcomes == {"sent"}
    assert box.arrivals() == {f"c{n}@regulars.example": 1 for n in range(100)}


def test_copies_are_counted(box: PostBox, post: Post) -> None:
    for _ in range(3):
        post.send(message(), NOON)
    assert box.arrivals() == {"contact-7.a1@regulars.example": 3}


def test_a_refusal_is_for_good_and_the_next_letter_goes_on(box: PostBox, post: Post) -> None:
    gone = post.send(message(to=Mailbox("gone@example.com")), NOON)
    assert (gone.outcome, gone.stage, gone.code) == ("refused", "recipient", 550)
    assert "Nobody of that name" in gone.answer
    assert post.send(message(), NOON).outcome == "sent"
    assert sum(box.arrivals().values()) == 1


def test_a_full_mailbox_is_tried_later(post: Post) -> None:
    assert post.send(message(to=Mailbox("full@example.com")), NOON).outcome == "later"


def test_what_is_no_address_is_refused_without_asking_the_server() -> None:
    with Post("127.0.0.1", 1) as nobody:
        delivery = nobody.send(message(to=Mailbox("bob@a\r\nRCPT TO:<x@y.z>")), NOON)
    assert (delivery.outcome, delivery.stage) == ("refused", "writing")


def test_no_server_means_later() -> None:
    with Post("127.0.0.1", 1, timeout=2) as post:
        assert post.send(message(), NOON).outcome == "later"


def test_a_server_that_was_restarted_is_called_again(tmp_path: Path) -> None:
    with PostBox(tmp_path) as first:
        post = Post(first.host, first.port, timeout=5)
        assert post.send(message(message_id="a@x.example"), NOON).outcome == "sent"
    with PostBox(tmp_path, port=first.port) as second:
        assert post.send(message(message_id="b@x.example"), NOON).outcome == "sent"
        assert second.arrivals() == {"a@x.example": 1, "b@x.example": 1}
        post.close()


@contextmanager
def stubborn(*answers: bytes) -> Iterator[int]:
    """A server that gives these answers, one per line heard (or per message after 354), and then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer, args=(listening, answers))
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def _answer(listening: socket.socket, answers: tuple[bytes, ...]) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rb") as heard:
        in_content = False
        for answer in answers:
            line.sendall(answer + b"\r\n")
            in_content = in_content or answer.startswith(b"354")
            while (said := heard.readline()) and in_content and said != b".\r\n":
                pass
            in_content = False


GREETING = (b"220 hello", b"250 hello", b"250 sender ok", b"250 recipient ok")


@pytest.mark.parametrize(
    ("answers", "outcome", "stage"),
    [
        ((b"421 too busy",), "later", "connecting"),
        ((b"554 go away",), "later", "connecting"),
        (GREETING[:2], "later", "connecting"),
        ((*GREETING[:2], b"451 not now"), "later", "connecting"),
        ((*GREETING[:2], b"550 not you"), "later", "connecting"),
        (GREETING[:3], "later", "recipient"),
        ((*GREETING[:3], b"421 closing"), "later", "recipient"),
        (GREETING, "later", "content"),
        ((*GREETING, b"452 no space"), "later", "content"),
        ((*GREETING, b"554 no"), "refused", "content"),
        ((*GREETING, b"354 go on"), "unsure", "receipt"),
        ((*GREETING, b"354 go on", b"451 try again"), "later", "receipt"),
        ((*GREETING, b"354 go on", b"554 spam"), "refused", "receipt"),
        ((*GREETING, b"354 go on", b"250 have it"), "sent", "receipt"),
    ],
)
def test_every_way_a_delivery_can_end(answers: tuple[bytes, ...], outcome: str, stage: str) -> None:
    with stubborn(*answers) as port:
        post = Post("127.0.0.1", port, timeout=5)
        delivery = post.send(message(), NOON)
        post.close()
    assert (delivery.outcome, delivery.stage) == (outcome, stage)


def test_a_password_is_not_told_over_an_open_line() -> None:
    with pytest.raises(ValueError, match="open line"):
        Post("127.0.0.1", 25, user="regulars", password="secret")


@pytest.mark.parametrize("evil", ["../../etc/passwd@x", "a/b@x", "..", "a b@x", "客@x", "x" * 500 + "@y", ""])
def test_a_message_id_cannot_lead_out_of_the_folder(tmp_path: Path, evil: str) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    path = lay_in(folder, f"Message-ID: <{evil}>\r\nSubject: x\r\n\r\nhello".encode())
    assert path.parent == folder
    assert [entry.name for entry in folder.iterdir()] == [path.name]
    assert [entry.name for entry in tmp_path.iterdir()] == ["mail"]


def test_an_id_that_ends_like_a_copy_is_a_letter_of_its_own(tmp_path: Path) -> None:
    for message_id in ("a@x", "a@x.2", "a@x (2)", "a@x"):
        lay_in(tmp_path, f"Message-ID: <{message_id}>\r\n\r\n".encode())
    with PostBox(tmp_path) as box:
        assert box.arrivals() == {"a@x": 2, "a@x.2": 1, "a@x (2)": 1}


def test_a_taken_port_is_told_at_once(box: PostBox, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="in use"):
        PostBox(tmp_path, port=box.port).open()
