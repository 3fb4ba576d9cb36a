"""A company's own attributes as columns of a list: their headings and cells in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import get_language

from regulars.records.company.access import company
from regulars.records.customers.origins import Origin, SaidBy
from regulars.records.own_attributes.access import OwnOrigin, own_attribute
from regulars.rules.intake.money import digits_of
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.own_values import spoken


def own_in_words(one: OwnOrigin, language: str) -> Origin:
    """Where a value comes from, each value as people write it."""
    digits = digits_of(company().currency)

    def said(word: SaidBy) -> SaidBy:
        return replace(word, value=spoken(one.what, word.value, digits=digits, language=language))

    best = said(one.origin.best) if one.origin.best else None
    return replace(one.origin, best=best, others=tuple(said(other) for other in one.origin.others))


def own_label(key: str) -> str:
    """What the attribute of that key is called."""
    return own_attribute(key).what.label_in(get_language() or "en")


def own_headings(own: Sequence[OwnAttribute]) -> list[str]:
    """What stands above the columns."""
    language = get_language() or "en"
    return [one.label_in(language) for one in own]


def own_cells(told: Mapping[str, str], own: Sequence[OwnAttribute]) -> list[str]:
    """What one customer's row says in the columns, from plain forms by key; empty where it says nothing."""
    if not own:
        return []
    language, digits = get_language() or "en", digits_of(company().currency)
    plain = [(one, told.get(one.key)) for one in own]
    return [spoken(one, said, digits=digits, language=language) if said is not None else "" for one, said in plain]
