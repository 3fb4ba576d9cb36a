"""What is kept at hand is found by whoever put it there, and by nobody else: as Django's own storage does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from zoneinfo import ZoneInfo

import pytest
from django.urls import get_script_prefix, get_urlconf, reverse, set_script_prefix, set_urlconf
from django.utils import timezone, translation

from regulars.desks.shared.at_hand import PLACES, AtHand, keep_at_hand


@pytest.fixture(autouse=True)
def at_hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module, name in PLACES:
        monkeypatch.setattr(module, name, getattr(module, name))
    keep_at_hand()
    assert all(isinstance(getattr(module, name), AtHand) for module, name in PLACES)
    yield


def test_a_language_holds_until_it_is_taken_back() -> None:
    with translation.override("zh-hans"):
        assert (translation.get_language(), translation.gettext("Customers")) == ("zh-hans", "客户")
        with translation.override("en"):
            assert translation.gettext("Customers") == "Customers"
        with translation.override(None):
            assert translation.get_language() is None
        assert translation.gettext("Customers") == "客户"
    translation.deactivate()
    assert translation.get_language() == "en"


def test_what_was_there_before_stays_there() -> None:
    with translation.override("zh-hans"):
        keep_at_hand()
        assert translation.get_language() == "zh-hans"


def test_time_zone_and_addresses_are_kept_too() -> None:
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert timezone.get_current_timezone_name() == "Asia/Shanghai"
    assert timezone.get_current_timezone_name() == "UTC"
    set_script_prefix("/there/")
    assert reverse("service:customers") == "/there/customers/"
    set_script_prefix("/")
    set_urlconf("regulars.desks.shared.urls")
    assert get_urlconf() == "regulars.desks.shared.urls"
    set_urlconf(None)
    assert (get_urlconf(), get_script_prefix()) == (None, "/")


def speaking(language: str) -> set[str | None]:
    with translation.override(language):
        return {translation.get_language() for _ in range(2000)}


def test_threads_do_not_hear_each_other() -> None:
    with translation.override("zh-hans"), ThreadPoolExecutor(4) as threads:
        assert threads.submit(translation.get_language).result() == "en"
        heard = list(threads.map(speaking, ["en", "zh-hans"] * 8))
    assert heard == [{"en"}, {"zh-hans"}] * 8


def test_a_task_inherits_and_changes_only_its_own() -> None:
    with translation.override("zh-hans"):
        assert copy_context().run(translation.get_language) == "zh-hans"
        copy_context().run(translation.activate, "en")
        assert translation.get_language() == "zh-hans"


def test_nothing_there_is_told_as_django_expects() -> None:
    place = AtHand("a place")
    assert not hasattr(place, "value")
    place.value = None
    assert place.value is None
    del place.value
    assert getattr(place, "value", "nothing") == "nothing"
