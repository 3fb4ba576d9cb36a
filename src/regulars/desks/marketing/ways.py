"""Ways from a figure to what stands behind it: addresses of this desk and of others, as far as this person may go."""

from collections.abc import Mapping
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from regulars.rules.permission.asking import Asker

#: Who may read lists of people at all; a service agent opens one file at a time.
LIST_READERS: Final = frozenset({"marketer", "officer"})
EXPORTERS: Final = frozenset({"marketer"})


def way_to(name: str, *args: Any, **query: Any) -> str:
    """The address of a page by its name; empty when no such page stands in the house."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def people_url(by: Asker, **asked: Any) -> str:
    """The list of the people behind a figure; empty for those who read no lists."""
    if by.role not in LIST_READERS:
        return ""
    return way_to("marketing:people", **{name: value for name, value in asked.items() if value not in ("", None)})


def link(url: str, text: Any) -> SafeString:
    """The text as a link, or plain when there is no way."""
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


def with_changes(query: Mapping[str, Any], **changes: Any) -> str:
    """The query string with some values changed; those that are empty go. Empty when nothing is left."""
    asked = {**query, **changes}
    return "?" + urlencode({name: value for name, value in asked.items() if value not in ("", None)}, doseq=True)
