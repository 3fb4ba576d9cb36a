"""What the order desk's form says, put into the draft: whatever was typed last, and nothing that was not shown."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from django.http import QueryDict

from regulars.desks.shared.customer_words import CHOICE_SENTENCES
from regulars.rules.cleaning.person import TypedPerson

PERSON: Final = tuple(one.name for one in fields(TypedPerson))
LONGEST: Final = 400
COLUMNS: Final = ("product", "quantity", "price", "discount")
PLAIN: Final = ("channel", "promised_on", "returns", "typed", "wanted", "going_to")


def with_form(content: Mapping[str, Any], said: QueryDict) -> dict[str, Any]:
    """The draft with what the form says; what the form does not hold stays as it was."""
    told = dict(content) | {name: said.get(name, "")[:LONGEST] for name in PLAIN if name in said}
    if "branch" in said:
        told["branch"] = _number(said.get("branch", ""))
    if "has_person" in said:
        told["person"] = {name: said.get(name, "")[:LONGEST] for name in PERSON}
        told["choices"] = _choices(said)
        told["surely_new"] = bool(said.get("surely_new", ""))
    if "has_lines" in said:
        told["lines"] = _lines(said)
    return told


def _lines(said: QueryDict) -> list[dict[str, Any]]:
    columns = [said.getlist(name) for name in COLUMNS]
    rows = zip(*columns, strict=False)
    return [
        {"product": _number(product) or 0, "quantity": quantity[:40], "price": price[:40], "discount": discount[:40]}
        for product, quantity, price, discount in rows
    ]


def _choices(said: QueryDict) -> list[dict[str, str]]:
    """What she said, with the very sentence she was asked in."""
    told = ((allows, said.get(f"says_{allows}", "")) for allows in CHOICE_SENTENCES)
    return [
        {"allows": allows, "value": value, "wording": str(CHOICE_SENTENCES[allows])}
        for allows, value in told
        if value in ("granted", "denied")
    ]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
