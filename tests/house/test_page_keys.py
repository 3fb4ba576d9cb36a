"""No word of an address hides something that a person may call so: what is called `new` would have no page."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from regulars.desks.api.reference_page import described
from regulars.rules.page_keys import PATTERN, RESERVED

PLACE = re.compile(r"<(?:(\w+):)?(\w+)>|\{(\w+)\}")
#: What people name themselves; numbers and the words we hand out ourselves hide nothing.
NAMED_BY_PEOPLE = {"slug": r"[-a-zA-Z0-9_]+", "page_key": PATTERN, "str": "[^/]+", None: "[^/]+"}
ACTS = "privacy/approvals/<slug:act>/"  # these words are ours


def pages(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from pages(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


def hidden(addresses: list[str]) -> Iterator[tuple[str, str]]:
    """Addresses with a place for a key, and the word that stands there in another address."""
    split = [one.strip("/").split("/") for one in addresses if one != ACTS]
    for parts in split:
        for other in split:
            if len(parts) == len(other) and all(map(_may_be, parts, other)):
                for part, word in zip(parts, other, strict=True):
                    if PLACE.search(part) and not PLACE.search(word):
                        yield "/".join(parts), word


def _may_be(part: str, other: str) -> bool:
    """Whether one address may have at this place what the other has: two words are equal, or one is open for a key."""
    for one, word in ((part, other), (other, part)):
        named = PLACE.fullmatch(one)
        if named and named[1] in NAMED_BY_PEOPLE and not PLACE.search(word):
            return re.fullmatch(NAMED_BY_PEOPLE[named[1]], word) is not None
    return part == other


def test_words_of_pages_that_stand_at_the_place_of_a_key_are_reserved() -> None:
    found = {word: page for page, word in hidden(list(pages()))}
    assert {word: page for word, page in found.items() if word not in RESERVED} == {}
    assert set(found) == set(RESERVED)


@pytest.mark.usefixtures("house")
def test_no_path_of_the_api_stands_at_the_place_of_a_key() -> None:
    assert list(hidden(list(described()["paths"]))) == []


def test_the_test_finds_a_hidden_key() -> None:
    assert list(hidden(["a/<slug:key>/", "a/new/", "a/<int:n>/"])) == [("a/<slug:key>", "new")]
