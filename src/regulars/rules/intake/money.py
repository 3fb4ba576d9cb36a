"""Amounts as people write them → whole minor units. Currencies and their digits are ISO 4217's.

"1,234.50", "1.234,50 €", "¥1,234", "(12.00)", "-12,00", "12,00-", "1234元", "1.2万", "1'234.50".
What cannot be one certain number is none: with a decimal point "1,23" is refused, not read as 123.
"""

import re
from collections.abc import Iterable

from regulars.rules.intake import engine_text as sql

LARGEST_AMOUNT_MINOR = 10**12  # nine million lines of this still add up in 64 bits
LARGEST_QUANTITY_MILLI = 10**12

# Every active ISO 4217 currency whose minor unit is not a hundredth.
NO_DIGITS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
THREE_DIGITS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
TWO_DIGITS = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP"
    " CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES"
    " KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK"
    " NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB"
    " TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG".split()
)
CURRENCIES = NO_DIGITS | TWO_DIGITS | THREE_DIGITS

# Signs and words that say a currency; where a sign serves several, the first is only likely.
SIGNS: dict[str, tuple[str, ...]] = {
    "¥": ("CNY", "JPY"),
    "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"),
    "US$": ("USD",),
    "HK$": ("HKD",),
    "NT$": ("TWD",),
    "€": ("EUR",),
    "£": ("GBP", "EGP"),
    "₩": ("KRW",),
    "₹": ("INR",),
    "元": ("CNY", "HKD", "TWD"),
    "圆": ("CNY",),
    "人民币": ("CNY",),
    "RMB": ("CNY",),
    "日元": ("JPY",),
    "美元": ("USD",),
    "欧元": ("EUR",),
    "港币": ("HKD",),
    "Fr.": ("CHF",),
    "kr": ("DKK", "NOK", "SEK", "ISK"),
    "zł": ("PLN",),
}
_LONGEST_FIRST = sorted(SIGNS, key=len, reverse=True)
_SIGN = "|".join(re.escape(sign) for sign in _LONGEST_FIRST) + "|[A-Z]{3}"
_MINUS = "[-\u2212\u2013]"
_WHOLE = re.compile(
    rf"^\(?\s*{_MINUS}?\s*(?:{_SIGN})?\s*{_MINUS}?\s*(\d[\d.,'\u2019 \u00a0\u202f]*|[.,]\d+)"
    rf"\s*[万亿]?\s*(?:{_SIGN})?\s*{_MINUS}?\s*\)?$"
)


def digits_of(currency: str) -> int:
    """How many decimal digits the currency's minor unit has.

    >>> digits_of("JPY"), digits_of("CNY"), digits_of("KWD")
    (0, 2, 3)
    """
    return 0 if currency in NO_DIGITS else 3 if currency in THREE_DIGITS else 2


def looks_like_money(value: str) -> bool:
    """Whether the text could be an amount, whatever its decimal mark.

    >>> [looks_like_money(v) for v in ("1.234,50 €", "¥1,234", "(12.00)", "1.2万", "12:30", "P-17")]
    [True, True, True, True, False, False]
    """
    return bool(_WHOLE.match(value.strip()))


def decimal_mark_of(values: Iterable[str]) -> tuple[str, bool]:
    """(decimal mark of the column, whether the values settle it).

    A mark before one, two or more than three last digits is the decimal mark; so is the last of two different marks.
    Values such as "1.234" alone settle nothing.

    >>> decimal_mark_of(["1.234,50", "8"]), decimal_mark_of(["1234", "8"]), decimal_mark_of(["1.234", "2.500"])
    ((',', True), ('.', True), ('.', False))
    """
    votes = [vote for value in values if (vote := _vote(value))]
    certain = [mark for mark, sure in votes if sure]
    if not votes:
        return ".", True
    if not certain:
        return ".", False
    commas = certain.count(",")
    return ("," if commas * 2 > len(certain) else "."), commas in (0, len(certain))


def _vote(value: str) -> tuple[str, bool] | None:
    """The mark this value speaks for, and whether it leaves no doubt."""
    found = re.search(r"\d[\d.,]*|[.,]\d+", value)
    marks = re.sub(r"\d", "", found.group()) if found else ""
    if not found or not marks:
        return None
    last, number = marks[-1], found.group()
    if len(set(marks)) == 2:
        return last, marks.count(last) == 1
    if len(marks) > 1:
        return ("." if last == "," else ","), True  # 1.234.567: the mark that comes twice only groups
    return last, len(number) - number.index(last) - 1 != 3 or number.startswith(("0", last))


def currency_of(values: Iterable[str]) -> str:
    """The currency the amounts themselves name most often, or nothing.

    >>> currency_of(["12,50 €", "3 €"]), currency_of(["12.50"]), currency_of(["USD 5"])
    ('EUR', '', 'USD')
    """
    said = [code for value in values if (code := _named(value))]
    return max(sorted(set(said)), key=said.count, default="")


def _named(value: str) -> str:
    for sign in _LONGEST_FIRST:
        if sign in value:
            return SIGNS[sign][0]
    code = re.search(r"(?<![A-Z])[A-Z]{3}(?![A-Z])", value)
    return code.group() if code and code.group() in CURRENCIES else ""


def plain_sql(cell: str, decimal_mark: str) -> str:
    """SQL: whether `cell` is a plain number that can be read without taking it apart; NULL for NULL."""
    fraction = r"(\.[0-9]{1,9})?" if decimal_mark == "." else ""
    return f"regexp_full_match({cell}, '-?[0-9]{{1,12}}{fraction}')"


def bare_sql(cell: str) -> str:
    """SQL: the amount without currency and spaces, digits and minus in ASCII. Slow: only for what is not plain."""
    signs = f"(?i){_SIGN}"
    spaces = r"[\s\x{A0}\x{2007}\x{202F}]"
    bare = f"regexp_replace({sql.narrow(cell)}, {sql.text(signs)}, '', 'g')"
    bare = f"regexp_replace({bare}, {sql.text(spaces)}, '', 'g')"
    return rf"regexp_replace({bare}, '[\x{{2212}}\x{{2013}}]', '-', 'g')"


def number_sql(cell: str, plain: str, bare: str, decimal_mark: str, digits: int) -> str:
    """SQL: the number in `cell` times 10^digits as BIGINT, halves away from zero; NULL when it is not one.

    `plain` and `bare` name the columns that hold `plain_sql` and, where that is false, `bare_sql`.
    """
    exact = f"TRY_CAST({cell} AS DECIMAL(18, {digits}))"
    wide = (
        exact if digits <= 3 else f"CAST({exact} AS DECIMAL(38, {digits}))"
    )  # twelve digits and twice three fit in 18
    short = f"CAST({wide} * {10**digits} AS BIGINT)"
    return f"CASE WHEN {plain} THEN {short} WHEN {bare} IS NOT NULL THEN {_taken_apart(bare, decimal_mark, digits)} END"


def _taken_apart(bare: str, decimal_mark: str, digits: int) -> str:
    """Strict about groups: three digits each (Indian pairs allowed), so that a wrong decimal mark cannot pass."""
    group, point = (",", r"\.") if decimal_mark == "." else (r"\.", ",")
    grouped = rf"[1-9][0-9]{{0,2}}({group}[0-9]{{2,3}})*{group}[0-9]{{3}}|[1-9][0-9]{{0,2}}(['’][0-9]{{3}})+|[0-9]+"
    amount = rf"({grouped})({point}[0-9]*)?"
    shape = rf"-?{amount}[万亿]?|-?{point}[0-9]+|{amount}-|\({amount}\)"
    number = f"replace(regexp_replace({bare}, '[^0-9{point}]', '', 'g'), ',', '.')"
    size = f"CASE WHEN contains({bare}, '万') THEN 10000 WHEN contains({bare}, '亿') THEN 100000000 ELSE 1 END"
    sign = f"CASE WHEN starts_with({bare}, '(') OR contains({bare}, '-') THEN -1 ELSE 1 END"
    scaled = f"CAST(TRY_CAST({number} AS DECIMAL(18, 4)) AS DECIMAL(38, 4)) * {10**digits} * {size}"
    return f"CASE WHEN regexp_full_match({bare}, {sql.text(shape)}) THEN TRY_CAST({scaled} AS BIGINT) * {sign} END"


def many_digits_sql(bare: str, decimal_mark: str) -> str:
    """SQL: whether the amount has fifteen digits or more before its decimal mark, more than can be added up."""
    group, point = (",", r"\.") if decimal_mark == "." else (r"\.", ",")
    return f"regexp_full_match({bare}, '[^0-9]?[0-9]({group}?[0-9]){{14,}}({point}[0-9]*)?[^0-9]?')"


def said_currency_sql(cell: str) -> str:
    """SQL: the three letters or the sign an amount carries, in capitals; empty when it carries none."""
    return f"upper(regexp_extract(translate({cell}, '￥', '¥'), {sql.text(f'(?i)({_SIGN})')}, 1))"


def currency_sql(cell: str, usual: str) -> str:
    """SQL: the ISO 4217 code a currency cell means; NULL when it means none. A shared sign means `usual` if it can.

    `cell` is upper-cased text; `usual` the currency of the source.
    """
    meanings = {sign.upper(): usual if usual in codes else codes[0] for sign, codes in SIGNS.items()}
    known = " ".join(f"WHEN {sql.text(sign)} THEN {sql.text(code)}" for sign, code in sorted(meanings.items()))
    # Not IN: the engine turns long lists into a join that is worked for every row; long patterns take long to compile.
    is_code = f"contains({sql.text(f' {chr(32).join(sorted(CURRENCIES))} ')}, ' ' || {cell} || ' ')"
    return f"CASE {cell} {known} ELSE CASE WHEN {is_code} THEN {cell} END END"
