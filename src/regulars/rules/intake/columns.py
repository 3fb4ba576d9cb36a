"""Guessing what the columns of a file mean: the headings propose, the values decide."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from regulars.rules.cleaning.emails import clean_email
from regulars.rules.cleaning.phones import clean_phone
from regulars.rules.cleaning.writing import HAN
from regulars.rules.intake.dates import form_of
from regulars.rules.intake.meanings import BY_KEY, Meaning, folded, meanings_for
from regulars.rules.intake.money import CURRENCIES, SIGNS, looks_like_money

SURE = 0.9
_BOUGHT = frozenset({"order_ref", "ordered_at", "amount", "unit_price", "quantity", "product_ref"})
#: The column called so has the customers' numbers, or their names: the values tell.
_PERSONS = frozenset("customer client member buyer account guest kunde gast 客户 顾客 会员 客人".split())
_MOSTLY = 0.8
_ENOUGH = 0.4  # below this a column stays without meaning until a person gives it one


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column is taken for; `why` is a code with values.

    Codes: `header_says` (word), `header_contains` (word), `values_look_like` (values), `nothing_fits`.
    """

    column: str
    meaning: str
    confidence: float
    why: str
    values: Mapping[str, object] = field(default_factory=dict)


def guess(headers: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "orders") -> tuple[Guess, ...]:
    """One guess per column, in the file's order; no meaning is given twice, `meaning` is empty where nothing fits.

    `rows` are sample rows as text. The best fitting pair of column and meaning is settled first. Where no heading of a
    file of customers says which column has their numbers, its first one does, if it looks like it.

    >>> [g.meaning for g in guess(["订单号", "会员号", "下单时间", "实付"], [["1", "M7", "2026-03-12", "9.90"]])]
    ['order_ref', 'customer_ref', 'ordered_at', 'amount']
    >>> [g.meaning for g in guess(["a", "b"], [["x@example.com", "2026-03-12"]] * 3)]
    ['email', 'ordered_at']
    >>> [g.meaning for g in guess(["simulant_id", "first"], [["7_1", "Ann"], ["7_4", "Bob"]], "customers")]
    ['customer_ref', 'given_name']
    """
    looks = [_Looks([unwrapped(row[i]) for row in rows if i < len(row)]) for i in range(len(headers))]
    columns = zip(headers, looks, strict=True)
    fits = [_fit(header, looks, meaning, kind) for header, looks in columns for meaning in meanings_for(kind)]
    settled: dict[str, Guess] = {}
    given: set[str] = set()
    for fit in sorted(fits, key=lambda fit: -fit.confidence):
        if fit.confidence >= _ENOUGH and fit.column not in settled and fit.meaning not in given:
            settled[fit.column] = fit
            given.add(fit.meaning)
    _only_a_part(settled)
    if kind == "customers" and settled and "customer_ref" not in given:
        first, look = headers[0], looks[0]
        theirs = first not in settled and folded(first) not in BY_KEY["order_ref"].words
        if theirs and look.are_numbers_of(first):
            settled[first] = Guess(first, "customer_ref", 0.5, "values_look_like", {"values": "ref"})
    return tuple(settled.get(header, Guess(header, "", 0.0, "nothing_fits")) for header in headers)


def _only_a_part(settled: dict[str, Guess]) -> None:
    """Beside given and family name, what is only something of a name (middle, maiden, birth) is not the whole one."""
    by = {one.meaning: one for one in settled.values()}
    whole = by.get("name")
    if whole and whole.why == "header_contains" and {"given_name", "family_name"} <= by.keys():
        del settled[whole.column]


def called_so(headers: Sequence[str], meaning: str) -> str:
    """The heading that is a word for the meaning, whatever its values look like; "" where none is.

    >>> called_so(["订单号", "实付"], "amount")
    '实付'
    """
    return next((one for one in headers if meaning in BY_KEY and folded(one) in BY_KEY[meaning].words), "")


def unwrapped(cell: str) -> str:
    """A cell without the protection some systems put around numbers; `engine_text.cleaned` does the same in the engine.

    >>> unwrapped('="0012"'), unwrapped("'138"), unwrapped(" x ")
    ('0012', '138', 'x')
    """
    bare = cell.strip()
    return (bare[2:-1] if bare.startswith('="') and bare.endswith('"') else bare).lstrip("'`").strip()


def guess_kind(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Whether the file holds orders or customers: orders have money or a moment of purchase.

    >>> guess_kind(["会员号", "姓名", "手机"], [["M1", "王芳", "13800000000"]])
    'customers'
    >>> guess_kind(["Column 1", "Column 2"], [["2026-03-12", "9.90"]])
    'orders'

    Headings say so too, where every value is broken: nobody is made a customer by a spoilt file of orders.

    >>> guess_kind(["order", "customer", "date", "amount"], [["1", "M1", "someday", "=A1"]])
    'orders'
    """
    sure_enough = {"values_look_like": 0.5}
    found = {g.meaning for g in guess(headers, rows, "orders") if g.confidence >= sure_enough.get(g.why, 0.6)}
    found |= {meaning for meaning in _BOUGHT if called_so(headers, meaning)}
    bought = found & _BOUGHT
    return "orders" if len(bought) >= 2 else "customers"


class _Looks:
    """A column's values, looked at for each kind of value at most once."""

    def __init__(self, cells: Sequence[str]) -> None:
        self._filled = [cell for cell in cells if cell][:300]
        self._whole = all(cells)
        self._shares: dict[Callable[[str], bool], float] = {}

    def all_different(self) -> bool:
        """Whether every row has a value of its own here, as far as the sample goes."""
        return self._whole and len(set(self._filled)) == len(self._filled) > 1

    def are_numbers_of(self, header: str) -> bool:
        """Whether the heading ends as numbers of records do, and the values are such; 1, 2, 3 … only count the rows."""
        counted = self._filled in (list(map(str, range(first, first + len(self._filled)))) for first in (0, 1))
        return (
            bool(_ENDS_AS_NUMBER.search(header)) and self.all_different() and not counted and self.share(_is_code) == 1
        )

    def share(self, looks: Callable[[str], bool] | None) -> float | None:
        """The share of filled cells that look right; None when nothing can be said."""
        if not looks or not self._filled:
            return None
        if looks not in self._shares:
            self._shares[looks] = sum(map(looks, self._filled)) / len(self._filled)
        return self._shares[looks]


def _fit(header: str, column: _Looks, meaning: Meaning, kind: str) -> Guess:
    """The heading's word weighs most; values that contradict it take the weight away again."""
    said, word = _heading(header, meaning)
    if kind == "customers" and folded(header) in meaning.among_customers and column.all_different():
        said, word = 0.95 - 0.0005 * meaning.among_customers.index(folded(header)), header
    if kind == "customers" and folded(header) in _PERSONS and (column.share(_is_written_name) or 0) >= _MOSTLY:
        said, word = {"name": (0.95, header), "customer_ref": (0.0, "")}.get(meaning.key, (said, word))
    if said == 0:
        weight, looks = _BY_VALUES.get(meaning.key, (0.0, None))
        alone = weight * (column.share(looks) or 0.0)
        return Guess(header, meaning.key, round(alone, 3), "values_look_like", {"values": meaning.values})
    seen = column.share(_LOOKS.get(meaning.values))
    confidence = said if seen is None else said * (0.25 + 0.75 * seen)
    why = "header_says" if said > SURE else "header_contains"
    return Guess(header, meaning.key, round(confidence, 3), why, {"word": word})


def _heading(header: str, meaning: Meaning) -> tuple[float, str]:
    """(how strongly the heading speaks for the meaning, the word that does)."""
    said = folded(header)
    if said in meaning.words:
        return 1.0 - 0.0005 * meaning.words.index(said), header
    inside = [word for word in meaning.words if len(word) >= _least(word) and word in said]
    best = max(inside, key=len, default="")
    return (0.55 + 0.3 * len(best) / len(said), best) if best else (0.0, "")


def _least(word: str) -> int:
    """Two Chinese characters say as much as four letters."""
    return 4 if word.isascii() else 2


_ENDS_AS_NUMBER = re.compile(
    r"(?:\b|_|(?<=[a-z]))(?:id|no|nr|num|number|key|ref)\.?$|(?:编号|号码?|ID)$", re.IGNORECASE
)
_CODE = re.compile(r"[\w.:/-]{1,64}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]{2,}")
_PHONE = re.compile(r"\+?[\d][\d\s()/.-]{6,18}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?|\d{3,4}|\d{6}")
_NUMBER = re.compile(r"[-(]?\d[\d.,' ]*\)?-?")
_SEX = frozenset(
    "m f w d male female other man woman 男 女 男性 女性 先生 女士 männlich weiblich divers homme femme".split()
)
_CHOICE = frozenset(
    "1 0 y n yes no true false t f ja nein oui non on off x granted denied unset opt-in opt-out optin optout subscribed"
    " unsubscribed 是 否 同意 不同意 拒绝 已同意 未同意 接受 不接受 订阅 退订 有 无".split()
)
_TWICE_SIGNS = frozenset(sign.upper() for sign in SIGNS)


def _is_birth(cell: str) -> bool:
    year = re.search(r"(?<!\d)(19\d\d|20[0-2]\d)", cell)
    return bool(form_of(cell)) and bool(year or re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}", cell))


def _is_phone(cell: str) -> bool:
    """A phone number as people write it: with a word in front, an extension behind, full-width digits."""
    return bool(_PHONE.fullmatch(cell)) or any(clean_phone(cell, country).value for country in ("CN", ""))


def _is_email(cell: str) -> bool:
    return bool(_EMAIL.fullmatch(cell)) or ("@" in cell and clean_email(cell).value is not None)


def _is_name(cell: str) -> bool:
    return not any(letter.isdigit() or letter in "@/=" for letter in cell) and len(cell) <= 80


def _is_written_name(cell: str) -> bool:
    """A name of several words, or in 汉字; a single word may be what somebody is known by."""
    return _is_name(cell) and bool(" " in cell or HAN.search(cell))


def _is_code(cell: str) -> bool:
    return bool(_CODE.fullmatch(cell)) and not _is_email(cell) and not form_of(cell)


_LOOKS: dict[str, Callable[[str], bool]] = {
    "moment": lambda cell: bool(form_of(cell)),
    "clock": lambda cell: bool(_CLOCK.fullmatch(cell)),
    "money": looks_like_money,
    "number": lambda cell: bool(_NUMBER.fullmatch(cell)),
    "currency": lambda cell: cell.upper() in CURRENCIES or cell.upper() in _TWICE_SIGNS,
    "email": _is_email,
    "phone": _is_phone,
    "birth": _is_birth,
    "name": _is_name,
    "sex": lambda cell: cell.casefold() in _SEX,
    "choice": lambda cell: cell.casefold() in _CHOICE,
    "ref": lambda cell: len(cell) <= 200 and not _EMAIL.fullmatch(cell),
}
# How far values alone may convince, without any word in the heading, and what they have to look like for that.
_BY_VALUES: dict[str, tuple[float, Callable[[str], bool] | None]] = {
    "email": (0.85, _LOOKS["email"]),
    "phone": (0.8, lambda cell: bool(re.fullmatch(r"(\+?86[- ]?)?1[3-9]\d{9}|\+\d[\d ()/.-]{8,18}", cell))),
    "id_document": (0.8, lambda cell: bool(re.fullmatch(r"[1-9]\d{16}[\dXx]", cell))),
    "ordered_at": (0.7, _LOOKS["moment"]),
    "order_ref": (0.6, lambda cell: bool(re.fullmatch(r"#\d{3,}", cell))),
    "currency": (0.6, _LOOKS["currency"]),
    "sex": (0.6, lambda cell: len(cell) < 12 and not cell.isdigit() and cell.casefold() in _SEX),
    "amount": (0.5, lambda cell: looks_like_money(cell) and bool(re.search(r"[.,]\d{2}(?!\d)|[¥￥$€£元]", cell))),
}
