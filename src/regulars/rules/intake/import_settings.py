"""How a file is to be understood: proposed once, confirmed by a person, remembered for the source's next file."""

import json
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from regulars.rules.cleaning.cleaned import JUDGEMENTS, NOTHING_LEFT
from regulars.rules.intake.dates import ORDERS as DATE_ORDERS
from regulars.rules.intake.meanings import BY_KEY, own_attribute_of
from regulars.rules.intake.money import CURRENCIES
from regulars.rules.permission.errors import BadInput

KINDS = ("orders", "customers")
# What may stand for the customer where a file has no customer numbers, the surer one first.
NAMING = ("email", "phone")
# What makes an order number one order, where numbers begin again each day or in each branch.
ORDER_WITHIN = ("day", "branch")


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """Everything needed to read a source's rows; the same settings read the same rows the same way.

    `columns`: meaning → heading. `date_order` says what 03/12/2026 is; `decimal_mark` what 1,234 is; `zone` where the
    clocks of naive times hang (IANA); `currency` and `country` what amounts and phone numbers without their own are in.
    `order_within`: () when an order number occurs once in the source, else which of `day`, `branch` it occurs once in.
    `encoding`, `delimiter`, `sheet`, `header_row` are kept only where a person set them for reading the file. `leave`
    are the changes cleaning does not make of this source's values (rules.cleaning: JUDGEMENTS).
    """

    kind: str
    source_ref: str
    columns: Mapping[str, str]
    date_order: str = "ymd"
    decimal_mark: str = "."
    zone: str = "UTC"
    currency: str = "CNY"
    country: str = "CN"
    order_within: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int | None = None
    headers: tuple[str, ...] = field(default=())
    leave: frozenset[str] = NOTHING_LEFT

    def __post_init__(self) -> None:
        for code, values in _objections(self):
            raise BadInput(code, values)

    def column(self, meaning: str) -> str | None:
        """The heading of the column with this meaning, if there is one."""
        return self.columns.get(meaning)

    def fits(self, headers: Sequence[str]) -> bool:
        """Whether a file with these headings can be read with these settings.

        >>> ImportSettings("orders", "till", {"amount": "sum", "customer_ref": "card"}).fits(["card", "sum", "x"])
        True
        """
        return set(self.columns.values()) <= set(headers)

    def keeps(self, headers: Sequence[str]) -> bool:
        """Whether at least half of the columns that mean something are still there: the same source, changed.

        >>> columns = {"amount": "sum", "customer_ref": "card"}
        >>> before = ImportSettings("orders", "till", columns, headers=("card", "sum"))
        >>> before.keeps(["card", "total"]), before.keeps(["x", "total"])
        (True, False)
        """
        there = sum(heading in headers for heading in self.columns.values())
        return bool(self.headers) and 2 * there >= len(self.columns)

    def with_columns(self, columns: Mapping[str, str]) -> Self:
        """The same with another mapping."""
        return replace(self, columns=dict(columns))

    @property
    def named_by(self) -> str:
        """`email` or `phone` where that column stands for the customer, because none has customer numbers; else "".

        >>> ImportSettings("orders", "till", {"amount": "sum", "email": "mail", "phone": "tel"}).named_by
        'email'
        """
        return named_by(self.columns)

    def missing(self) -> tuple[str, ...]:
        """Meanings without which no row could be accepted; `amount` stands for amount or unit price, and an address
        stands for the customer where there are no customer numbers.

        >>> ImportSettings("orders", "till", {"unit_price": "p", "customer_ref": "c"}).missing()
        ('ordered_at',)
        """
        needed = ("customer_ref", "ordered_at", "amount") if self.kind == "orders" else ("customer_ref",)
        instead = {"amount": ("unit_price",), "customer_ref": NAMING}
        return tuple(key for key in needed if not {key, *instead.get(key, ())} & self.columns.keys())

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; `from_json` gives the same settings back."""
        plain = asdict(self) | {"columns": dict(self.columns), "leave": sorted(self.leave)}
        if not self.leave:  # settings of before say nothing of it, and mean the same
            del plain["leave"]
        return json.loads(json.dumps(plain))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Settings from `to_json`. BadInput when a part is missing, unknown or of the wrong kind."""
        known = {name: value[name] for name in cls.__dataclass_fields__ if name in value}
        try:
            known["order_within"] = tuple(known.get("order_within", ()))
            known["headers"] = tuple(known.get("headers", ()))
            known["leave"] = frozenset(known.get("leave", ()))
            known["columns"] = dict(known["columns"])
            return cls(**known)
        except (TypeError, KeyError, ValueError) as error:
            raise BadInput("settings_damaged", {"detail": str(error)[:200]}) from error


def named_by(columns: Mapping[str, str]) -> str:
    """`email` or `phone` where that column stands for the customer number that no column has; else nothing."""
    if "customer_ref" in columns:
        return ""
    return next((kind for kind in NAMING if kind in columns), "")


def _objections(settings: ImportSettings) -> list[tuple[str, dict[str, object]]]:
    """Every reason why these settings cannot be used: a code and its values."""
    own = {meaning for meaning in settings.columns if own_attribute_of(meaning) and settings.kind == "customers"}
    unknown = sorted(set(settings.columns) - set(BY_KEY) - own)
    chosen, strange = list(settings.columns.values()), sorted(settings.leave - set(JUDGEMENTS))
    checks: list[tuple[bool, str, dict[str, object]]] = [
        (settings.kind not in KINDS, "kind_unknown", {"kind": settings.kind}),
        (not settings.source_ref.strip(), "source_missing", {}),
        (bool(unknown), "meaning_unknown", {"meanings": unknown}),
        (settings.date_order not in DATE_ORDERS, "date_order_unknown", {"date_order": settings.date_order}),
        (settings.decimal_mark not in (".", ","), "decimal_mark_unknown", {"decimal_mark": settings.decimal_mark}),
        (settings.currency not in CURRENCIES, "currency_unknown", {"currency": settings.currency}),
        (not _is_zone(settings.zone), "zone_unknown", {"zone": settings.zone}),
        (not set(settings.order_within) <= set(ORDER_WITHIN), "order_within_unknown", {"given": settings.order_within}),
        ("" in chosen, "column_missing", {}),
        (bool(strange), "no_such_cleaning", {"reasons": ", ".join(strange), "known": ", ".join(JUDGEMENTS)}),
    ]
    return [(code, values) for wrong, code, values in checks if wrong]


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
