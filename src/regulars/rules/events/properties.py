"""What an event says beside its name: plain values, which say what happened, and free ones, which may say who.

Numbers, yes and no, and texts of names that stand for goods, places and codes are plain, as long as they look like what
they stand for. Everything else is free: an address in a search, a name in a field somebody added last week. Plain
values are read in everyday views; free ones are only ever kept sealed.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

#: Names of the Segment specification whose texts are codes, goods, places in a site, campaigns.
OPEN: Final = frozenset({
    "affiliation", "brand", "campaign", "cart_id", "category", "channel", "checkout_id", "coupon", "coupon_id",
    "creative", "currency", "device", "filters", "group_id", "image_url", "label", "layout", "link_id", "list_id",
    "location_id", "order_id", "page", "path", "payment_method", "placement", "plan", "position", "product_id",
    "promotion_id", "reading", "referrer", "reward", "room", "score", "section", "shipping_method", "sku", "source",
    "status", "step", "store_id", "table", "tier", "unit", "url", "utm_campaign", "utm_content", "utm_medium",
    "utm_source", "utm_term", "variant", "version", "wishlist_id",
})  # fmt: skip
#: In an article or beside one, `name` is the article's.
ARTICLE: Final = frozenset({"product_id", "sku"})
ADDRESSES: Final = frozenset({"url", "referrer", "path", "image_url", "page"})
LIST: Final = "products"
MOST: Final = 64  # plain values of one event; the rest is free
LONGEST: Final = 200
PERHAPS_A_PHONE: Final = 10_000_000  # and up: so many digits may be somebody's number
_CODE: Final = re.compile(r"[\w .,:;/\-+%&'()#!?=*|·]{0,200}\Z")
_NAME: Final = re.compile(r"[^\W\d][\w .\-]{0,63}\Z")
_DIGITS: Final = re.compile(r"(?:\d[ \-.()]?){7}")

Values = dict[str, Any]


def told_apart(properties: Mapping[str, Any], opened: frozenset[str] = frozenset()) -> tuple[Values, Values]:
    """(plain, free); `opened` are further names whose texts this source's steward has called plain.

    >>> told_apart({"revenue": 9.5, "sku": "A-1", "name": "Blue shirt", "note": "call Ann at home"})
    ({'revenue': 9.5, 'sku': 'A-1', 'name': 'Blue shirt'}, {'note': 'call Ann at home'})
    >>> told_apart({"name": "Ann Archer", "phone": 13800138000, "url": "https://shop/a?mail=ann@example.com"})
    ({'url': 'https://shop/a'}, {'name': 'Ann Archer', 'phone': 13800138000})
    """
    plain: Values = {}
    free: Values = {}
    article = not ARTICLE.isdisjoint(properties)
    for name, value in properties.items():
        kept = _plain(name, value, article, opened) if len(plain) < MOST and _is_name(name) else None
        if kept is not None:
            plain[name] = kept
        elif value is not None and value != "":
            free[name] = value
    return plain, free


@lru_cache(4096)
def _is_name(name: str) -> bool:
    """Whether it is a name of something, and no address or number of somebody."""
    return bool(_NAME.match(name)) and not _DIGITS.search(name)


def _plain(name: str, value: Any, article: bool, opened: frozenset[str]) -> Any:
    """The value as it may be read by everybody; None where it may not."""
    kind = type(value)
    if kind is str:
        return _text(name, value, article, opened)
    if kind is bool:
        return value
    if kind is int or kind is float:
        return value if -PERHAPS_A_PHONE < value < PERHAPS_A_PHONE or name in opened else None
    return _articles(value, opened) if name == LIST and kind is list else None


def _text(name: str, value: str, article: bool, opened: frozenset[str]) -> str | None:
    if name not in OPEN and name not in opened and not (article and name == "name"):
        return None
    if name in ADDRESSES:
        value = value.partition("?")[0].partition("#")[0]
    return value if len(value) <= LONGEST and _CODE.match(value) and not _DIGITS.search(value) else None


def _articles(products: list[Any], opened: frozenset[str]) -> list[Values] | None:
    """A list of articles is plain when everything in it is."""
    found = []
    for one in products[:MOST]:
        if not isinstance(one, dict):
            return None
        plain, free = told_apart({name: value for name, value in one.items() if name != LIST}, opened)
        if free:
            return None
        found.append(plain)
    return found if len(products) <= MOST else None
