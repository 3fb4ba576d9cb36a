"""What a rule may be filled in with: the values that occur, and the names of what is counted by number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from regulars.connections.warehouse import Warehouse
from regulars.journeys.keep_own_attributes import field_of, usable
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.campaigns.access import campaigns
from regulars.records.own_attributes.access import own_attributes
from regulars.rules.permission.asking import Asker
from regulars.rules.segments.fields import FIELDS

Value = int | str
Choices = tuple[tuple[Value, str], ...]
#: The most values offered of one field, the most frequent ones; any other can still be typed.
MOST: Final = 400
A_WHILE: Final = 600
GROUPED: Final = ("department", "category", "brand")


@dataclass(frozen=True, slots=True)
class Offered:
    """Field → (value, name) pairs, in the order they are offered. Fields that offer nothing are not there."""

    choices: Mapping[str, Choices]

    def names(self) -> dict[str, dict[Value, str]]:
        """Field → value → name, where the two differ; what reading aloud wants."""
        return {
            field: {value: name for value, name in pairs if str(value) != name} for field, pairs in self.choices.items()
        }


def offered_values(*, by: Asker, language: str) -> Offered:
    """The values there are, as of the last refresh; campaigns with their names in the language."""
    with open_warehouse() as warehouse:
        mark = warehouse.kept_mark("profile")
        if mark is None:
            return Offered({})
        kept = f"offered_values {mark}".replace(" ", "_")
        found: dict[str, Choices] | None = cache.get(kept)
        if found is None:
            found = _found(warehouse)
            cache.set(kept, found, A_WHILE)
    return Offered({**found, **_own(by, language), "answered": _campaigns(by, language)})


def product_names(ids: Iterable[int]) -> dict[Value, str]:
    """The names of these products."""
    wanted = sorted({int(one) for one in ids})
    if not wanted:
        return {}
    with open_warehouse() as warehouse:
        chosen = warehouse.products().filter(f"product_id IN ({', '.join(map(str, wanted))})")
        return dict(chosen.project("product_id, name").fetchall())


def products_called(text: str) -> list[int]:
    """The products of exactly that name, whatever its capitals; a few of them if there are many."""
    quoted = text.strip().lower().replace("'", "''")
    with open_warehouse() as warehouse:
        same = warehouse.products().filter(f"lower(name) = '{quoted}'")
        return [number for (number,) in same.project("product_id").order("1").limit(MOST).fetchall()]


def _found(warehouse: Warehouse) -> dict[str, Choices]:
    branches = tuple(warehouse.branches().project("branch_id, name").order("name").fetchall())
    named: dict[str, Choices] = dict.fromkeys(("home_branch", "last_branch", "bought_at"), branches)
    return named | _texts(warehouse) | _bought(warehouse)


def _texts(warehouse: Warehouse) -> dict[str, Choices]:
    """Fields of the record that are texts without a list of their own."""
    profile = warehouse.kept("profile")
    texts = [field for field in FIELDS.values() if field.kind == "text" and not field.values]
    return {field.key: _frequent(profile.filter(f"{field.column} <> ''"), field.column) for field in texts}


def _bought(warehouse: Warehouse) -> dict[str, Choices]:
    products = warehouse.products()
    return {f"bought_{name}": _frequent(products.filter(f"{name} <> ''"), name) for name in GROUPED}


def _own(by: Asker, language: str) -> dict[str, Choices]:
    """Choices of own attributes by their labels; of texts the values that occur."""
    known = [one for one in own_attributes() if usable(one, by.purpose)]
    chinese = language.startswith("zh")
    offered: dict[str, Choices] = {
        field_of(one).key: tuple((each.key, each.label_zh if chinese else each.label) for each in one.what.choices)
        for one in known
        if one.what.kind == "choice"
    }
    if texts := [one for one in known if one.what.kind == "text"]:
        with open_warehouse() as warehouse:
            values = warehouse.table("own_values")
            for one in texts:
                offered[field_of(one).key] = _frequent(values.filter(f"attribute = '{one.what.key}'"), "text")
    return offered


def _frequent(table: "object", column: str) -> Choices:
    counted = table.aggregate(f"{column} AS value, count(*) AS n", column)  # type: ignore[attr-defined]
    rows = counted.order("n DESC, value").limit(MOST).fetchall()
    return tuple(sorted((value, str(value)) for value, _ in rows))


def _campaigns(by: Asker, language: str) -> Choices:
    chinese = language.startswith("zh")
    return tuple((one.id, (one.name_zh if chinese else "") or one.name) for one in campaigns(by=by))
