"""How figures are written: commas between thousands, a true minus, money with its sign, big amounts in 万 or k.

Every function takes plain values and the language ("en", "zh-hans"; the one now active if left out) and gives text.
Money is always whole minor units (cents, 分) with an ISO 4217 currency code.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import get_language

Amount = int | float | Decimal

MINUS: Final = "\u2212"
NOTHING: Final = "–"

SIGNS: Final = {
    "CNY": "¥", "JPY": "JP¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "MOP": "MOP$",
    "SGD": "S$", "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "KRW": "₩", "INR": "₹", "THB": "฿", "VND": "₫", "CHF": "CHF ",
}  # fmt: skip
DIGITS: Final = {"JPY": 0, "KRW": 0, "VND": 0}  # ISO 4217 minor units; two where nothing else is said

STEPS: Final = {
    "zh": ((Decimal(10**8), "亿"), (Decimal(10**4), "万")),
    "en": ((Decimal(10**9), "bn"), (Decimal(10**6), "M"), (Decimal(10**3), "k")),
}


def number(value: Amount | None, places: int = 0) -> str:
    """The figure with commas between thousands and `places` decimals; a dash for nothing.

    >>> number(42108), number(-587), number(4.81, 1), number(None)
    ('42,108', '−587', '4.8', '–')
    """
    if value is None:
        return NOTHING
    rounded = _rounded(Decimal(str(value)), places)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,.{places}f}"


def signed(value: Amount | None, places: int = 0) -> str:
    """The same with its direction always written: a change, a lift.

    >>> signed(260), signed(-366), signed(0)
    ('+260', '−366', '0')
    """
    if value is None:
        return NOTHING
    return f"+{number(value, places)}" if _rounded(Decimal(str(value)), places) > 0 else number(value, places)


def percent(share: Amount | None, places: int = 1) -> str:
    """A share of one as a percentage. A whole is written without decimals.

    >>> percent(0.5984), percent(1), percent(0.0004), percent(None)
    ('59.8%', '100%', '<0.1%', '–')
    """
    if share is None:
        return NOTHING
    hundred = Decimal(str(share)) * 100
    smallest = Decimal(1).scaleb(-places)
    if 0 < hundred < smallest / 2:
        return f"<{smallest}%"
    return f"{number(hundred, 0 if hundred in (0, 100) else places)}%"


def short(value: Amount | None, language: str | None = None) -> str:
    """Three or four telling digits: 1.2k, 3.4M in English, 1.2万, 3.4亿 in Chinese.

    >>> short(1_914_000, "zh-hans"), short(1_914_000, "en"), short(950, "en"), short(-12_600, "zh")
    ('191万', '1.9M', '950', '−1.3万')
    """
    if value is None:
        return NOTHING
    exact = Decimal(str(value))
    step, unit = _step(abs(exact), language)
    figure = exact / step
    places = 1 if unit and abs(figure) < 100 and _rounded(figure, 1) % 1 else 0
    return f"{number(figure, places)}{unit}"


def money(minor: int | None, currency: str) -> str:
    """The exact amount; an amount without cents is written without them.

    >>> money(368000, "CNY"), money(240, "USD"), money(-1999, "EUR"), money(500, "JPY")
    ('¥3,680', '$2.40', '−€19.99', 'JP¥500')
    """
    if minor is None:
        return NOTHING
    digits = digits_of(currency)
    return money_exact(minor, currency) if minor % 10**digits else money_whole(minor, currency)


def money_exact(minor: int | None, currency: str) -> str:
    """The exact amount always with its cents, for columns that are read downwards.

    >>> money_exact(368000, "CNY")
    '¥3,680.00'
    """
    return _written(minor, currency, lambda amount: number(amount, digits_of(currency)))


def money_whole(minor: int | None, currency: str) -> str:
    """Rounded to whole units, for figures where cents say nothing.

    >>> money_whole(14860049, "CNY")
    '¥148,600'
    """
    return _written(minor, currency, number)


def money_short(minor: int | None, currency: str, language: str | None = None) -> str:
    """Three or four telling digits with the sign of the currency.

    >>> money_short(1_914_000_000, "CNY", "zh"), money_short(1_914_000_000, "USD", "en")
    ('¥1,914万', '$19.1M')
    """
    return _written(minor, currency, lambda amount: short(amount, language))


def digits_of(currency: str) -> int:
    """How many decimals the currency's minor unit has (ISO 4217)."""
    return DIGITS.get(currency, 2)


def sign_of(currency: str) -> str:
    """The sign written before an amount; the code itself and a space where we know no sign."""
    return SIGNS.get(currency, f"{currency} " if currency else "")


def _written(minor: int | None, currency: str, write: Callable[[Decimal], str]) -> str:
    if minor is None:
        return NOTHING
    amount = Decimal(minor).scaleb(-digits_of(currency))
    text = write(abs(amount))
    return f"{MINUS if amount < 0 and text.strip('0.') else ''}{sign_of(currency)}{text}"


def _step(size: Decimal, language: str | None) -> tuple[Decimal, str]:
    steps = STEPS["zh" if (language or get_language() or "en").startswith("zh") else "en"]
    # 9,999.6 万 would be written 10,000万: look at what rounding makes of it
    fitting = ((step, unit) for step, unit in steps if size >= step * Decimal("0.9995"))
    return next(fitting, (Decimal(1), ""))


def _rounded(value: Decimal, places: int) -> Decimal:
    """Half away from zero, as people round; never minus nought."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0
