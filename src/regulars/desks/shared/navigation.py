"""Who finds which page in the side bar. Every desk registers its pages once, when its app is made ready.

    from regulars.desks.shared import navigation
    navigation.register("insight", "segments", _("Segments"), "marketing:segments", "circles-relation",
                        roles={"marketer", "officer"}, order=20, count=count_segments)

Registering the same key again replaces the entry, so start-up may run twice.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise

from regulars.connections.postgres.asking import Asking, begun, door, together
from regulars.desks.shared.words import SECTION_ORDER, SECTIONS, say
from regulars.rules.permission.asking import Asker

GO: Final = {"today": "t", "customers": "c", "rfm": "r", "segments": "s", "campaigns": "a", "privacy": "p", "data": "d"}
TABS_FIRST: Final = ("today", "customers", "segments", "privacy")
TABS_ON_A_PHONE: Final = 4


@dataclass(frozen=True, slots=True)
class Count:
    """The small figure beside an entry; `heed` colours it because something there is late or broken."""

    number: int
    heed: bool = False


Counting = Callable[[Asker], "Count | int | None"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the side bar as its desk registered it. Empty `roles` means everybody who is signed in."""

    section: str
    key: str
    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str]
    order: int
    count: Counting | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the side bar for one person; `go` is the key after `g`, `tab` puts it on the phone's bar."""

    key: str
    label: str
    url: str
    icon: str
    count: int | None
    heed: bool
    current: bool
    tab: bool
    go: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the side bar (empty for the first group) and its links."""

    label: str
    items: tuple[Item, ...]


_entries: dict[str, Entry] = {}


def register(
    section: str,
    key: str,
    label: str | Promise,
    url_name: str,
    icon: str,
    roles: Collection[str],
    order: int,
    count: Counting | None = None,
) -> None:
    """From now on, people in one of `roles` find the page called `url_name` under `section` (a key of `SECTIONS`).

    `label` is a lazy translation, `icon` a name in icons.svg, `order` sorts within the section, and `count` is asked
    for the small figure each time a whole page is drawn: it must read something already counted.
    """
    if section not in SECTIONS:
        raise ValueError(f"no section called {section!r}; there are {', '.join(SECTION_ORDER)}")
    _entries[key] = Entry(section, key, label, url_name, icon, frozenset(roles), order, count)


def url_of(key: str, by: Asker) -> str:
    """The address of the page registered under `key`, or an empty string if this person has no such page."""
    entry = _entries.get(key)
    return _url(entry) if entry and _may_open(entry, by) else ""


@door
def sections_for(by: Asker, path: str) -> Asking[tuple[Section, ...]]:
    """The side bar of this person, with the entry for `path` marked as the current one. Empty sections are left out."""
    entries = [entry for entry in _sorted() if _may_open(entry, by) and _url(entry)]
    counts = yield from _counted(entries, by)
    current = _current(entries, path)
    tabs = _tabs(entries)
    items = {e.key: _item(e, counts.get(e.key), e.key == current, e.key in tabs) for e in entries}
    groups = [(name, tuple(items[e.key] for e in entries if e.section == name)) for name in SECTION_ORDER]
    return tuple(Section(say(SECTIONS, name), group) for name, group in groups if group)


def _sorted() -> list[Entry]:
    return sorted(_entries.values(), key=lambda entry: (SECTION_ORDER.index(entry.section), entry.order, entry.key))


def _may_open(entry: Entry, by: Asker) -> bool:
    return not entry.roles or by.has_seat(entry.roles)


def _url(entry: Entry) -> str:
    return _address(entry.url_name, get_urlconf())


@cache
def _address(url_name: str, urlconf: str | None) -> str:
    """Looked up once: the side bar asks for each entry's address three times on every page."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def _current(entries: list[Entry], path: str) -> str:
    """The entry whose address is the longest beginning of `path`; the front page only when it is `path` itself."""
    fitting = [(len(url), entry.key) for entry in entries if path.startswith(url := _url(entry))]
    fitting = [(length, key) for length, key in fitting if length > 1 or path == "/"]
    return max(fitting)[1] if fitting else ""


def _tabs(entries: list[Entry]) -> frozenset[str]:
    """Up to four keys for the phone's bar: the usual four first, then whatever else the person has."""
    keys = [entry.key for entry in entries]
    ranked = [key for key in TABS_FIRST if key in keys] + [key for key in keys if key not in TABS_FIRST]
    return frozenset(ranked[:TABS_ON_A_PHONE])


def _counted(entries: Sequence[Entry], by: Asker) -> Asking[dict[str, Count | int | None]]:
    """Every small figure, asked together."""
    counting = [(entry.key, begun(entry.count, by)) for entry in entries if entry.count]
    counts = yield from together(*(asking for _, asking in counting))
    return dict(zip((key for key, _ in counting), counts, strict=True))


def _item(entry: Entry, counted: Count | int | None, current: bool, tab: bool) -> Item:
    count = Count(counted) if isinstance(counted, int) else counted
    return Item(
        key=entry.key,
        label=str(entry.label),
        url=_url(entry),
        icon=entry.icon,
        count=count.number if count else None,
        heed=bool(count and count.heed),
        current=current,
        tab=tab,
        go=GO.get(entry.key, ""),
    )
