"""One invented person read through several logins: what each view really hands out, told by the database itself.

Nobody else's file is opened here. A real person is not laid out for show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Case, IntegerField, Q, Value, When

from regulars.records.customers.keys import opened
from regulars.records.customers.models import AnonymousKey, Customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from regulars.rules.privacy.dictionary import Table
from regulars.rules.privacy.views import BY_NAME


@dataclass(frozen=True, slots=True)
class ExamplePerson:
    """An invented customer who may be laid out."""

    id: int
    number: str
    name: str


def example_people(*, by: Asker, limit: int = 12) -> list[ExamplePerson]:
    """Invented customers, those first on whom the most can be seen: no to marketing, something sensitive, orders."""
    _only_the_officer(by)
    closed, open_ = Q(allows_direct_marketing=False), Q(allows_disclosure=True)
    sensitive = Q(allergies__isnull=False)
    telling = (closed & open_ & sensitive & ~Q(income_band=""), closed & open_ & sensitive, closed & open_, sensitive)
    ranks = (When(wish, then=Value(place)) for place, wish in enumerate(telling))
    rank = Case(*ranks, default=Value(len(telling)), output_field=IntegerField())
    people = Customer.objects.using(by.view).filter(_usable()).annotate(rank=rank).order_by("rank", "id")
    return [ExamplePerson(*row) for row in people.values_list("id", "number", "name")[:limit]]


def example_person(number: str, *, by: Asker) -> ExamplePerson:
    """The invented customer of that number; NotThere for anybody real, as for nobody."""
    _only_the_officer(by)
    row = Customer.objects.using(by.view).filter(_usable(), number=number).values_list("id", "number", "name").first()
    if row is None:
        raise NotThere("example_person", {"number": number})
    return ExamplePerson(*row)


def rows_through(view: str, table: Table, person: ExamplePerson) -> Sequence[Mapping[str, Any]]:
    """The person's rows of the table as this view's own login reads them; none where the view has no such table."""
    if view not in table.views or not table.person:
        return ()
    key = _key_in(view, person)
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with connections[view].cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table.name} WHERE {table.person} = %s", [key])  # noqa: S608 - dictionary
        rows = [dict(zip((c.name for c in table.columns), row, strict=True)) for row in cursor.fetchall()]
    return [_opened(view, table, person.id, row) for row in rows]


def _opened(view: str, table: Table, customer_id: int, row: dict[str, Any]) -> dict[str, Any]:
    """The row with its sealed cells opened, where the view shows them."""
    sealed = [column.name for column in table.columns if column.sealed]
    texts = opened(view, customer_id, [(f"{table.name}.{name}", row[name]) for name in sealed])
    return row | dict(zip(sealed, texts, strict=True))


def numbers_of(ids: Sequence[int], *, by: Asker) -> dict[int, tuple[str, str]]:
    """Customer id → (number, name) for the officer's log; ids of nobody are left out."""
    _only_the_officer(by)
    rows = Customer.objects.using(by.view).filter(id__in=set(ids)).values_list("id", "number", "name")
    return {id_: (number, name) for id_, number, name in rows}


def customer_behind(number: str, *, by: Asker) -> int | None:
    """The id behind a customer number, or None."""
    _only_the_officer(by)
    return Customer.objects.using(by.view).filter(number__iexact=number).values_list("id", flat=True).first()


def _usable() -> Q:
    return Q(invented=True, kind="person")


def _key_in(view: str, person: ExamplePerson) -> int | None:
    """What the view calls the person: the night's key in the anonymous one, the id in every other."""
    if not BY_NAME[view].renewed_keys:
        return person.id
    return AnonymousKey.objects.filter(customer_id=person.id).values_list("key", flat=True).first()


def _only_the_officer(by: Asker) -> None:
    if by.view != "personal":
        raise Denied("side_by_side_is_for_the_officer")
