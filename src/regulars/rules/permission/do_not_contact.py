"""An existing list of people who want no contact: what each row names, whatever its columns are called.

A cell is a mail address, a customer number, a phone number, or nothing we can act on. Where headings say which columns
hold contacts, only those are read: a date is then never taken for a phone number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from regulars.rules.cleaning.emails import clean_email
from regulars.rules.cleaning.phones import read_phone
from regulars.rules.identity.finding import CUSTOMER_NUMBER

Kind = Literal["email", "phone", "number"]
#: What a heading of such a column holds, in small letters.
HEADINGS: Final = (
    "mail", "phone", "mobile", "tel", "cell", "fax", "number", "contact", "customer", "member", "电话", "手机", "邮箱",
    "邮件", "客户", "会员", "联系", "号码",
)  # fmt: skip
#: What each kind closes when the list speaks of that way only.
CLOSES: Final[dict[Kind, tuple[str, ...]]] = {"email": ("email",), "phone": ("phone", "sms"), "number": ("",)}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a row names: by mail, phone or customer number."""

    kind: Kind
    value: str


def columns_with_contacts(headings: Sequence[str]) -> tuple[int, ...]:
    """The places of the columns to read; all of them where no heading says.

    >>> columns_with_contacts(["since", "E-mail", "手机号"]), columns_with_contacts(["a", "b"])
    ((1, 2), (0, 1))
    """
    told = tuple(place for place, heading in enumerate(headings) if any(word in heading.lower() for word in HEADINGS))
    return told or tuple(range(len(headings)))


def named_in(cells: Iterable[str | None], country: str = "") -> tuple[Named, ...]:
    """Everybody the cells of a row name, each once.

    >>> [(one.kind, one.value) for one in named_in(["Bob@Example.com ", "C-10042", None, "138 0013 8000"], "CN")]
    [('email', 'Bob@example.com'), ('number', 'C-10042'), ('phone', '+8613800138000')]
    """
    found = (_named(cell.strip(), country) for cell in cells if cell and cell.strip())
    return tuple(dict.fromkeys(one for one in found if one is not None))


def why_set_aside(cells: Iterable[str | None]) -> str:
    """Why a row that names nobody is set aside."""
    return "nobody_named" if any(cell and cell.strip() for cell in cells) else "row_empty"


def _named(cell: str, country: str) -> Named | None:
    if address := clean_email(cell).value:
        return Named("email", address)
    if CUSTOMER_NUMBER.match(cell):
        return Named("number", cell.upper())
    number = read_phone(cell, country)
    return Named("phone", number) if number else None
