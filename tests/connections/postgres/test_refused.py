"""Who cannot be reached is told with why, not with the driver's hint behind it or the name of a Python class."""

import socket

import pytest

from regulars.connections.copies.webhook import Webhook, WebhookError
from regulars.connections.postgres.given_server import administrator_at_work
from regulars.connections.postgres.launch_errors import LauncherError


def nobody_listens() -> int:
    """A port at which nobody is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_database_nobody_listens_at_is_told_with_what_failed() -> None:
    words = {"host": "127.0.0.1", "port": nobody_listens(), "user": "nanzhi", "dbname": "house"}
    with pytest.raises(LauncherError) as told, administrator_at_work(words):
        pass
    assert "127.0.0.1" in str(told.value.values["reason"])
    assert str(told.value.values["reason"]).endswith("Connection refused")


def test_a_host_nobody_knows_is_named() -> None:
    words = {"host": "nowhere.invalid", "user": "nanzhi", "dbname": "house"}
    with pytest.raises(LauncherError) as told, administrator_at_work(words):
        pass
    assert "nowhere.invalid" in str(told.value.values["reason"])


def test_a_webhook_nobody_listens_at_is_told_in_the_systems_words_and_without_its_address() -> None:
    hook = Webhook(f"http://127.0.0.1:{nobody_listens()}/x?token=secret", b"shared")
    with pytest.raises(WebhookError) as told:
        hook.send(b"{}", message_id="m", timestamp=1)
    assert str(told.value) == "Connection refused"
