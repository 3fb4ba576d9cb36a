"""What an event says beside its name: plain values, which say what happened, and free ones, which may say who.

Numbers, yes and no, and texts of names that stand for goods, places and codes are plain, as long as they look like what
they stand for. Everything else is free: an address in a search, a name in a field somebody added last week. Plain
values are read in everyday views; free ones are only ever kept sealed.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

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
#: What names an order or an article may be all digits, as in a file of orders, and money is; neither calls anybody.
MONEY: Final = frozenset({"price", "quantity", "revenue", "subtotal", "total", "discount"})
NUMBERED: Final = MONEY | {"order_id", "checkout_id", "cart_id", "product_id", "sku"}
ADDRESSES: Final = frozenset({"url", "referrer", "path", "image_url", "page"})
LIST: Final = "products"
MOST: Final = 64  # plain values of one event; the rest is free
MOST_ARTICLES: Final = 2_000  # more do not go into an event
LONGEST: Final = 200
PERHAPS_A_PHONE: Final = 10_000_000  # and up: so many digits may be somebody's number
_CODE: Final = re.compile(r"[\w .,:;/\-+%&'()#!?=*|·]{0,200}\Z")
_NUMBER: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?\Z")
_NAME: Final = re.compile(r"[^\W\d][\w .\-]{0,63}\Z")
_DIGITS: Final = re.compile(r"(?:\d[ \-.()]{0,3}){7}")
#: Addresses and numbers of somebody in a text: mails, also as a browser writes them in an address, and phones.
_SOMEBODY: Final = re.compile(r"[^\s/?&=#]*(?:@|%40)[^\s/?&=#]*|\+?(?:\d[ \-.()]{0,3}){6,}\d", re.IGNORECASE)
TAKEN_OUT: Final = "…"
UNWRAPPED: Final = 3  # times an address may have been written for a browser

Values = dict[str, Any]


def told_apart(properties: Mapping[str, Any], opened: frozenset[str] = frozenset()) -> tuple[Values, Values]:
    """(plain, free); `opened` are further names whose texts this source's steward has called plain.

    >>> told_apart({"revenue": 9.5, "sku": "A-1", "name": "Blue shirt", "note": "call Ann at home"})
    ({'revenue': 9.5, 'sku': 'A-1', 'name': 'Blue shirt'}, {'note': 'call Ann at home'})
    >>> told_apart({"name": "Ann Archer", "phone": 13800138000, "url": "https://shop/a?mail=ann@example.com"})
    ({'url': 'https://shop/a'}, {'name': 'Ann Archer', 'phone': 13800138000})
    >>> told_apart({"path": "/u/ann%2540example.com"})
    ({}, {'path': '/u/ann%2540example.com'})
    """
    plain: Values = {}
    free: Values = {}
    article = not ARTICLE.isdisjoint(properties)
    for name, value in properties.items():
        if name == LIST and type(value) is list:
            _put_articles(value, plain, free, opened)
            continue
        kept = _plain(name, value, article, opened) if len(plain) < MOST and _is_name(name) else None
        if kept is not None:
            plain[name] = kept
        elif value is not None and value != "":
            free[name] = value
    return plain, free


@lru_cache(4096)
def of_nobody(name: str) -> str:
    """What happened, in words everybody may read: addresses and numbers of somebody are taken out.

    >>> of_nobody("Called +86 138-0013-8000"), of_nobody("/account/ann@example.com/orders"), of_nobody("Summer 2026")
    ('Called …', '/account/…/orders', 'Summer 2026')
    """
    return _SOMEBODY.sub(TAKEN_OUT, name) if "@" in name or "%" in name or _DIGITS.search(name) else name


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
        small = -PERHAPS_A_PHONE < value < PERHAPS_A_PHONE
        return value if small or name in opened or name in NUMBERED else None
    return None


def _text(name: str, value: str, article: bool, opened: frozenset[str]) -> str | None:
    if name in MONEY:
        return value if _NUMBER.match(value) else None
    if name not in OPEN and name not in opened and not (article and name == "name"):
        return None
    if name in ADDRESSES:
        value = value.partition("?")[0].partition("#")[0]
    return value if len(value) <= LONGEST and (_is_code(value) or (name in NUMBERED and _is_number(value))) else None


@lru_cache(8192)
def _is_code(value: str) -> bool:
    """Whether it looks like a code, an article or a place; the same few hundred come with most events."""
    text = _as_read(value)
    return bool(_CODE.match(text)) and not _DIGITS.search(text)


def _is_number(value: str) -> bool:
    """Whether goods or orders may be numbered so, in however many digits; a number with its country's code is not."""
    text = _as_read(value)
    return bool(_CODE.match(text)) and not text.lstrip().startswith("+")


def _as_read(text: str) -> str:
    """The text as a person reads it, where it was written for a browser: %40 is an @."""
    for _ in range(UNWRAPPED):
        if "%" not in text:
            break
        text = unquote(text)
    return text


def _put_articles(products: list[Any], plain: Values, free: Values, opened: frozenset[str]) -> None:
    """Of each article what is plain; where one says more, or is none, the whole list is free besides."""
    articles = [one for one in products[:MOST_ARTICLES] if isinstance(one, dict)]
    told = [told_apart({name: value for name, value in one.items() if name != LIST}, opened) for one in articles]
    plain[LIST] = [kept for kept, _ in told]
    if len(articles) < len(products) or any(more for _, more in told):
        free[LIST] = products
