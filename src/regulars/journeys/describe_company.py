"""Somebody says who the company is: its name, its currency, its day, and the law where nobody says another."""

from dataclasses import asdict
from typing import Final

from django.db import transaction

from regulars.records.access_log.actions import note_change, note_deed, note_refused_deed
from regulars.records.company.access import CompanyFacts, company
from regulars.records.company.actions import set_up_company
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

DOOR: Final = "describe_company"
MAY: Final = ("steward", "officer")


def describe_company(facts: CompanyFacts, *, by: Asker) -> None:
    """The company is as said; every value that changed is in the change book and in the privacy log, for the law that
    holds where nobody said anything is one of them. Denied, and logged, for all but steward and officer."""
    if by.role not in MAY:
        note_refused_deed(by, deed="company", subject="company", detail={})
        raise Denied("role_not_for_this", {"roles": ", ".join(MAY)})
    before = asdict(company())
    changed = {name: value for name, value in asdict(facts).items() if value != before[name]}
    with transaction.atomic():
        set_up_company(facts)
        for name, new in changed.items():
            note_change(by, door=DOOR, subject="company", field=name, old=before[name], new=new, customer_id=None)
        if changed:
            told = {name: None if value is None else str(value) for name, value in changed.items()}
            note_deed(by, deed="company", subject="company", detail=told)
