"""The writing door of the company."""

from collections.abc import Iterable

from django.db import transaction

from regulars.records.company.access import CompanyFacts, forget_company
from regulars.records.company.models import Branch, Company


def set_up_company(facts: CompanyFacts) -> None:
    """The company is as said."""
    fields = {name: getattr(facts, name) for name in CompanyFacts.__dataclass_fields__}
    Company.objects.update_or_create(id=1, defaults=fields)
    transaction.on_commit(forget_company)


def ensure_branches(refs: Iterable[str]) -> dict[str, int]:
    """Reference → branch id for all of them; those not known yet are opened under their reference as name."""
    wanted = list(dict.fromkeys(refs))
    Branch.objects.bulk_create([Branch(ref=ref, name=ref) for ref in wanted], ignore_conflicts=True)
    return dict(Branch.objects.filter(ref__in=wanted).values_list("ref", "id"))


def describe_branch(ref: str, *, name: str, city: str = "", region: str = "") -> None:
    """The branch has this name and place."""
    Branch.objects.update_or_create(ref=ref, defaults={"name": name, "city": city, "region": region})
