"""Sten sets up the machine: whatever he gets wrong stops the start, with a sentence and without a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from regulars.connections.environment import SettingMisread, mail_address, web_address, whole_number
from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.desks.cli import serving
from regulars.desks.cli.waking import sentence_before_waking

WRONG = [
    ({"REGULARS_SMTP_PORT": "abc"}, "REGULARS_SMTP_PORT", "整数"),
    ({"REGULARS_PROXIES": "-1"}, "REGULARS_PROXIES", "整数"),
    ({"REGULARS_URL": "shop.example"}, "REGULARS_URL", "网址"),
    ({"REGULARS_MAIL_FROM": "us"}, "REGULARS_MAIL_FROM", "邮箱"),
    ({"DATABASE_URL": "mysql://sten:secret@db.example/shop"}, "DATABASE_URL", "DATABASE_URL"),
    ({"REGULARS_KEY_DJANGO": "zz"}, "REGULARS_KEY_DJANGO", "十六进制"),
    ({"REGULARS_HOME": "/dev/null/home"}, "/dev/null/home", "不能读写"),
]


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize(("wrong", "named", "chinese"), WRONG)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    wrong: dict[str, str], named: str, chinese: str, language: str, tmp_path: Path
) -> None:
    around = {**os.environ, "REGULARS_HOME": str(tmp_path), "LC_ALL": language, **wrong}
    asked = [sys.executable, "-m", "regulars.desks.cli", "status"]
    done = subprocess.run(asked, env=around, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert (chinese in done.stderr) is (language.startswith("zh") or chinese == named)


def test_a_key_that_others_may_open_is_named_before_anything_is_read(tmp_path: Path) -> None:
    key = tmp_path / "keys" / "django"
    key.parent.mkdir()
    key.write_text("00" * 32)
    key.chmod(0o644)
    around = {**os.environ, "REGULARS_HOME": str(tmp_path), "LC_ALL": "en_US.UTF-8"}
    asked = [sys.executable, "-m", "regulars.desks.cli", "status"]
    done = subprocess.run(asked, env=around, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "chmod 600" in done.stderr


@pytest.mark.parametrize("said", ["", " 25 ", "25"])
def test_nothing_said_is_the_usual(said: str) -> None:
    assert whole_number({"PORT": said}, "PORT", 25, least=1, most=65_535) == 25
    assert web_address({"HOOK": "  "}, "HOOK") == mail_address({}, "MAIL") == ""


@pytest.mark.parametrize("said", ["0", "65536", "1e3", "２５", "9" * 5000, "25;", "-25"])
def test_a_port_is_a_port(said: str) -> None:
    with pytest.raises(SettingMisread) as told:
        whole_number({"PORT": said}, "PORT", 25, least=1, most=65_535)
    assert len(str(told.value)) < 200


@pytest.mark.parametrize("said", ["a@b@c", "@b", "a@", "a b@c", "nobody"])
def test_a_mail_address_has_two_sides(said: str) -> None:
    with pytest.raises(SettingMisread):
        mail_address({"MAIL": said}, "MAIL")


def test_an_address_that_may_hold_a_secret_is_not_repeated() -> None:
    with pytest.raises(SettingMisread) as told:
        web_address({"HOOK": "hook://user:secret@log.example"}, "HOOK")
    assert "secret" not in str(told.value)


def test_every_family_that_stops_the_start_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "密钥" in sentence_before_waking(KeyFileError("bad_name", {"name": "A b"}))
    assert "DATABASE_URL" in sentence_before_waking(LauncherError("bad_url"))
    assert sentence_before_waking(ZeroDivisionError()) == ""


def test_a_port_that_was_taken_in_between_is_told_like_any_taken_port() -> None:
    taken = r"127\.0\.0\.1:8025: Address already in use\. Choose"
    with pytest.raises(click.ClickException, match=taken), serving._told_when_taken("127.0.0.1", 8025):
        raise RuntimeError("Address already in use (os error 98)\n\nStack backtrace:\n  0: <unknown>")
    with pytest.raises(RuntimeError, match="something else"), serving._told_when_taken("127.0.0.1", 8025):
        raise RuntimeError("something else")
