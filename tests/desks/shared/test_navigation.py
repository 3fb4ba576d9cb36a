"""Who finds which page in the side bar."""

from collections.abc import Iterator

import pytest

from regulars.desks.shared import navigation
from regulars.desks.shared.navigation import Count, Item
from tests.desks.shared.people import DORA, EMIL, MARA

EVERYBODY = ("marketer", "service", "officer", "steward")


@pytest.fixture(autouse=True)
def a_small_house(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_entries", {})
    addresses = {
        "today": "/",
        "views": "/privacy/views/",
        **{name: f"/{name}/" for name in ("customers", "rfm", "segments", "privacy")},
    }
    monkeypatch.setattr(navigation, "_url", lambda entry: addresses.get(entry.url_name, ""))
    navigation.register("", "today", "Today", "today", "sun", EVERYBODY, 10)
    navigation.register("", "customers", "Customers", "customers", "users", EVERYBODY, 20)
    navigation.register(
        "trust", "privacy", "Privacy office", "privacy", "shield-lock", ["officer"], 10, lambda by: Count(2, True)
    )
    navigation.register("trust", "views", "Views", "views", "eye", ["officer"], 20)
    navigation.register(
        "insight", "segments", "Segments", "segments", "circles-relation", ["marketer"], 20, lambda by: 38
    )
    navigation.register("insight", "rfm", "RFM", "rfm", "layout-grid", ["marketer"], 10)
    yield


def items(by: object, path: str = "/") -> dict[str, Item]:
    return {item.key: item for section in navigation.sections_for(by, path) for item in section.items}  # type: ignore[arg-type]


def test_everybody_finds_her_own_pages_in_order() -> None:
    assert list(items(MARA)) == ["today", "customers", "rfm", "segments"]
    assert list(items(DORA)) == ["today", "customers"]
    assert [section.label for section in navigation.sections_for(EMIL, "/")] == ["", "Trust"]


def test_the_page_one_is_on_is_marked_and_no_other() -> None:
    assert [item.key for item in items(EMIL, "/privacy/views/standard/").values() if item.current] == ["views"]
    assert [item.key for item in items(EMIL, "/privacy/log/").values() if item.current] == ["privacy"]
    assert [item.key for item in items(EMIL, "/").values() if item.current] == ["today"]
    assert not [item.key for item in items(EMIL, "/elsewhere/").values() if item.current]


def test_figures_stand_beside_their_pages() -> None:
    assert (items(MARA)["segments"].count, items(MARA)["segments"].heed) == (38, False)
    assert (items(EMIL)["privacy"].count, items(EMIL)["privacy"].heed) == (2, True)
    assert items(MARA)["rfm"].count is None


def test_the_phone_has_four_tabs_whoever_holds_it() -> None:
    assert [item.key for item in items(MARA).values() if item.tab] == ["today", "customers", "rfm", "segments"]
    assert [item.key for item in items(DORA).values() if item.tab] == ["today", "customers"]


def test_a_page_without_an_address_is_not_offered() -> None:
    navigation.register("trust", "later", "Later", "no-such-page", "clock", EVERYBODY, 99)
    assert "later" not in items(EMIL)


def test_a_section_nobody_knows_stops_the_start() -> None:
    with pytest.raises(ValueError, match="no section called 'cellar'"):
        navigation.register("cellar", "wine", "Wine", "wine", "gift", EVERYBODY, 1)


def test_where_the_search_leads_depends_on_who_searches() -> None:
    navigation.register("", "customers", "Customers", "customers", "users", ["service"], 20)
    assert navigation.url_of("customers", DORA) == "/customers/"
    assert navigation.url_of("customers", MARA) == ""
