"""What the parts of a page are made of: plain frozen values a desk fills and a template draws.

A desk turns the answer of a journey or a door into these values, with the words in the reader's language; the functions
of `draw.py` draw them. `parts_page.html` shows each with invented data.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise

from regulars.desks.shared.figures import NOTHING, number

Text = str | Promise

SHADES: Final = 10


@dataclass(frozen=True, slots=True)
class Column:
    """A column heading. `numeric` sets figures at the end of the cell; `gap` keeps a text off the figures before it;
    `wide` is for sentences; what is `minor` is left out on a phone, because the row's own page tells it."""

    label: Text
    numeric: bool = False
    gap: bool = False
    wide: bool = False
    minor: bool = False
    hidden_label: bool = False

    @property
    def kind(self) -> str:
        """The classes of its cells."""
        named = {"num": self.numeric, "gap": self.gap, "wrap": self.wide, "hide-s": self.minor}
        return " ".join(name for name, is_so in named.items() if is_so)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `tone` is a class of the look (mid, jade, heed, veil), `small` the line of small print below."""

    text: Text
    url: str = ""
    tone: str = ""
    small: Text = ""
    icon: str = ""
    masked: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows of cells or plain values (figures get their commas). The first cell of a row heads it."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    caption: Text = ""
    close: bool = False
    keys: bool = False  # j and k walk through the rows, Enter follows the row's first link


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend; `kind` is a class of `.key`: "", k2 … k6, sand, sand2, veil, line, heed."""

    label: Text
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its table and its exports.

    `option` is an ECharts option as plain JSON. Every string in it that begins with `token:` becomes a colour of the
    look ("token:accent", "token:ramp-3", "token:sand-2", "token:hatch" for the veiled hatch) and every string that
    begins with `format:` becomes a way of writing figures ("format:number", "format:percent", "format:short",
    "format:money:CNY", "format:signed"). A data item with an `href` leads there when clicked.
    `size` is the height: s 178, m 196, l 250, xl 392 px. `table` holds the same figures for reading.
    """

    name: str
    label: Text
    option: Mapping[str, Any]
    table: Table
    keys: Sequence[Key] = ()
    note: Text = ""
    size: str = "m"
    csv_url: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a bar: its share of the whole (0 to 1) and its kind: "", b2, b3, bv, bh."""

    share: float
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule of the contact gate answered: pass, stop, wait or not_asked; `sentence` says why, in words."""

    rule: str
    answer: str
    sentence: Text = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a state machine; `state` is done, now or empty for what is still to come."""

    label: Text
    note: Text = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A rule in a funnel: how many it took out, how many are left. Privacy rules never show a link to people."""

    label: Text
    out: int
    left: int
    privacy: bool
    icon: str = ""
    note: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """A share of those who may be contacted; `kind` is test, roll or hold."""

    label: Text
    people: int
    kind: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """Everyone in the segment, each rule's cut in order, and how those who are left are divided."""

    start_label: Text
    start: int
    cuts: Sequence[Cut]
    end_label: Text
    left: int
    start_url: str = ""
    end_url: str = ""
    arms: Sequence[Arm] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. `tone` is "", out (we contacted), held (privacy kept it back) or bad."""

    when: Text
    icon: str
    title: Text
    text: Text = ""
    clock: Text = ""
    tone: str = ""
    tag: Text = ""
    tag_tone: str = ""
    url: str = ""
    answers: Sequence[Answer] = ()
    arm: str = ""
    headline: Text = ""
    source: Text = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a customer said about one purpose or channel: granted, denied or unset; `said` replaces the usual word."""

    label: Text
    choice: str
    note: Text = ""
    said: Text = ""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A field of a heat map; `share` (0 to 1) shades it. Without `url` the figure is not a link."""

    text: Text
    share: float
    url: str = ""
    label: Text = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows by columns of shaded figures: a real table, read aloud with its headings."""

    caption: Text
    row_axis: Text
    columns: Sequence[Text]
    rows: Sequence[tuple[Text, Sequence[HeatCell]]]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where we are in a long list: figures of the first and last line shown, all lines if known, and the two doors."""

    first: int
    last: int
    total: int | None = None
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a masked value could be opened: who may, and where to ask with which reasons (empty: this person cannot)."""

    who: Text
    url: str = ""
    reasons: Sequence[tuple[str, Text]] = ()
    data_class: str = "identifying"
    subject: Text = ""


def as_cell(value: Any) -> Cell:
    """Any value a row may hold as a cell: figures with their commas, nothing as a dash."""
    if isinstance(value, Cell):
        return value
    if value is None:
        return Cell(NOTHING, tone="dim")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        places = 0 if value == int(value) else 1
        return Cell(number(value, places))
    return Cell(value if isinstance(value, str | Promise) else str(value))


def rows_of(table: Table) -> list[list[tuple[Column, Cell]]]:
    """Each row as pairs of column and cell, ready to draw."""
    return [list(zip(table.columns, map(as_cell, row), strict=True)) for row in table.rows]


def shade_of(share: float) -> int:
    """The shade class (0 palest … 10 deepest) for a share of the largest field.

    >>> [shade_of(share) for share in (0, 0.04, 0.5, 1, 3)]
    [0, 1, 5, 10, 10]
    """
    steps = min(max(share, 0.0), 1.0) * SHADES
    return max(round(steps), 1) if steps > 0 else 0


def shares(values: Iterable[float]) -> list[float]:
    """Each value as a share of their sum; nothing but zeros when the sum is zero.

    >>> shares([3, 1]), shares([0, 0])
    ([0.75, 0.25], [0.0, 0.0])
    """
    counted = list(values)
    whole = sum(counted)
    return [value / whole if whole else 0.0 for value in counted]
