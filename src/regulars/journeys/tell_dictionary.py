"""The dictionary, own attributes included, in the words other programs know: fideslang and the W3C's DPV."""

from typing import Any, Final

from regulars.records.company.access import company
from regulars.records.dictionary import DICTIONARY
from regulars.records.own_attributes.access import classed_attributes
from regulars.rules.privacy.dpv import as_dpv
from regulars.rules.privacy.fides import as_fides

WAYS: Final = ("fides", "dpv")
MEANINGS: Final = {"automated_decision": "Deciding about a person by machine (PIPL 24, GDPR 22)"}


def dictionary_as(way: str) -> dict[str, Any]:
    """The dictionary as plain values for JSON; `way` is one of `WAYS`."""
    own = [one.what for one in classed_attributes()]
    if way == "dpv":
        return as_dpv(DICTIONARY, own)
    return as_fides(DICTIONARY, own, company=company().name, meanings=MEANINGS)
