"""Text for the engine: quoting of names and values, and the cleaning every cell gets first."""

# What spreadsheets and shop systems put around a number so that Excel leaves it alone: ="123", '123, a tab, spaces.
_WRAPPED = "'^=\"(.*)\"$'"
_WIDE = "０１２３４５６７８９，．－＋（）￥：／　"
_NARROW = "0123456789,.-+()¥:/ "
_SPACES = " \t\n\r\u00a0\u2007\u202f\u3000\ufeff\u200b"


def name(column: str) -> str:
    """A column name as SQL.

    >>> print(name('a "b"'))
    "a ""b\"""
    """
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text value as SQL.

    >>> print(text("O'Neill"))
    'O''Neill'
    """
    return "'" + value.replace("'", "''") + "'"


def texts(values: tuple[str, ...] | list[str] | frozenset[str]) -> str:
    """Several text values as an SQL list, in a fixed order.

    >>> print(texts(["b", "a"]))
    'a', 'b'
    """
    return ", ".join(text(value) for value in sorted(values))


def cleaned(column: str) -> str:
    """SQL: the cell without surrounding space and without the protection `="…"`; NULL when nothing is left."""
    trimmed = f"trim({name(column)}, {text(_SPACES)})"
    unwrapped = (
        f"CASE WHEN starts_with({trimmed}, '=\"') THEN regexp_extract({trimmed}, {_WRAPPED}, 1) ELSE {trimmed} END"
    )
    return f"nullif(ltrim({unwrapped}, '''`'), '')"


def narrow(expression: str) -> str:
    """SQL: full-width digits and signs as ASCII; text that is ASCII already is not touched."""
    wide = f"translate({expression}, {text(_WIDE)}, {text(_NARROW)})"
    return f"CASE WHEN strlen({expression}) = length({expression}) THEN {expression} ELSE {wide} END"
