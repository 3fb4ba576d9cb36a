"""An address found by its shape is the address Django finds, for every page of the house and any value."""

from typing import Any

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, get_resolver, reverse, set_script_prefix
from hypothesis import given
from hypothesis import strategies as some

from regulars.desks.shared.addresses import address


def pages(within: Any = None, before: str = "") -> list[str]:
    found: list[str] = []
    one: Any
    for one in (within or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            found += pages(one, f"{before}{one.namespace}:" if one.namespace else before)
        elif one.name:
            found.append(before + one.name)
    return sorted(set(found))


def said(find: Any) -> str:
    try:
        return str(find())
    except NoReverseMatch:
        return "nowhere"


VALUES = (
    "C-100", "C 100", "王芳", "a/b", "", "7", 7, 0, -7, True, None, "qqfirstqq", "qqsecondqq", 777000001,
    "{0}", "%41", "a.b", 2**70,
)  # fmt: skip


def test_every_page_with_any_one_or_two_values() -> None:
    for page in pages():
        for one in VALUES:
            for values in ((), (one,), (one, "C-1"), ("C-1", one), (1, one), (one, one), ("a", one, "b")):
                assert said(lambda: address(page, *values)) == said(lambda: reverse(page, args=values))  # noqa: B023


@given(
    some.lists(some.one_of(some.text(max_size=6), some.integers(), some.from_regex(r"[A-Z]-[0-9]{1,6}")), max_size=3)
)
def test_any_values(values: list[Any]) -> None:
    for page in ("service:customer", "service:order", "service:complaint", "service:customers", "nowhere"):
        assert said(lambda: address(page, *values)) == said(lambda: reverse(page, args=values))  # noqa: B023


def test_where_the_house_stands_is_asked_each_time() -> None:
    assert address("service:customer", "C-1") == "/customers/C-1/"
    set_script_prefix("/there/")
    try:
        assert address("service:customer", "C-1") == "/there/customers/C-1/"
    finally:
        set_script_prefix("/")
    with override_settings(ROOT_URLCONF="regulars.desks.shared.urls"), pytest.raises(NoReverseMatch):
        address("service:customer", "C-1")
    assert address("service:customer", "C-1") == "/customers/C-1/"
