"""Addresses of pages, found again by their shape: a list of ten customers asks ten times for one page.

Django finds an address by trying every pattern of that name, each time anew. The pattern depends on the page and on how
many values stand in it, not on the values: so it is asked once with marks in their places, and values that need no
quoting are put where the marks are. Every other value, and every page that takes no mark, is looked up by Django.
"""

from functools import lru_cache
from re import compile as pattern
from typing import Final

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

MARKS: Final = ("qqfirstqq", "qqsecondqq", "qqthirdqq")
NUMBERS: Final = (777000001, 777000002, 777000003)
SHAPES_AT_MOST: Final = 1000
PLAIN: Final = pattern(r"[A-Za-z0-9-]+")


def address(page: str, *values: object, within: str | None = None) -> str:
    """What `reverse(page, args=values, current_app=within)` says, `NoReverseMatch` included."""
    kinds = tuple(map(type, values))
    if len(values) <= len(MARKS) and all(map(_is_plain, values)):
        shape = _shape(page, kinds, within, settings.ROOT_URLCONF, get_urlconf(), get_script_prefix())
        if shape:
            return shape.format(*values)
    return reverse(page, args=values, current_app=within)


def _is_plain(value: object) -> bool:
    """A text of letters and figures, or a count: what stands in an address as it is."""
    if type(value) is int:
        return value >= 0
    return type(value) is str and PLAIN.fullmatch(value) is not None


@lru_cache(SHAPES_AT_MOST)
def _shape(page: str, kinds: tuple[type, ...], within: str | None, root: str, urls: str | None, prefix: str) -> str:
    """The address with places for its values, empty where there is none; all that it depends on is named."""
    marks = [NUMBERS[n] if kind is int else MARKS[n] for n, kind in enumerate(kinds)]
    try:
        found = reverse(page, urls, marks, current_app=within)
    except NoReverseMatch:
        return ""
    found = found.replace("{", "{{").replace("}", "}}")
    if any(found.count(str(mark)) != 1 for mark in marks):
        return ""
    for place, mark in enumerate(marks):
        found = found.replace(str(mark), f"{{{place}}}")
    return found
