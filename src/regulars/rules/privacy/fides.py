"""The dictionary in the words of fideslang 3.1.4: one dataset, one system with what each purpose uses.

The answer is plain values for JSON; as every JSON text is YAML, the file is read by programs that expect either.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from regulars.rules.privacy.categories import OURS, USE_OF
from regulars.rules.privacy.dictionary import PURPOSES, Class, Column, Table
from regulars.rules.privacy.own_attributes import OwnAttribute

ORGANIZATION: Final = "default_organization"
SUBJECT: Final = "customer"


def as_fides(
    tables: Iterable[Table], attributes: Sequence[OwnAttribute], *, company: str, meanings: Mapping[str, str]
) -> dict[str, Any]:
    """The whole dictionary; `meanings` says what our own uses mean, by key.

    >>> from regulars.rules.privacy.dictionary import personal
    >>> told = as_fides([Table("customer", "Customers", (personal("sex", "user.demographic.gender", "Sex", "性别"),))],
    ...                 [], company="Shop", meanings={})
    >>> told["dataset"][0]["collections"][0]["fields"][0]["data_categories"]
    ['user.demographic.gender']
    """
    listed = tuple(tables)
    return {
        "dataset": [_dataset(listed, attributes, company)],
        "data_use": [_own_use(key, meanings.get(key, key)) for key in sorted(OURS)],
        "system": [_system(listed, attributes, company)],
    }


def _dataset(tables: Sequence[Table], attributes: Sequence[OwnAttribute], company: str) -> dict[str, Any]:
    collections = [_collection(table) for table in tables]
    if classed := [one for one in attributes if one.data_class]:
        fields = [_field(one.column) for one in classed]
        collections.append(
            {"name": "own_attributes", "description": "Attributes of the company's own", "fields": fields}
        )
    return {
        "fides_key": "regulars", "organization_fides_key": ORGANIZATION, "name": "Regulars",
        "description": f"What {company} keeps about its customers", "collections": collections,
    }  # fmt: skip


def _collection(table: Table) -> dict[str, Any]:
    return {"name": table.name, "description": table.meaning, "fields": [_field(column) for column in table.columns]}


def _field(column: Column) -> dict[str, Any]:
    said = f"{column.label} / {column.label_zh}; {column.class_}; keep {column.keep}"
    return {"name": column.name, "description": said, "data_categories": [column.category]}


def _system(tables: Sequence[Table], attributes: Sequence[OwnAttribute], company: str) -> dict[str, Any]:
    declared = [_declared(purpose, tables, attributes) for purpose in PURPOSES]
    return {
        "fides_key": "regulars_console", "organization_fides_key": ORGANIZATION, "name": "Regulars",
        "description": f"Customer console of {company}", "system_type": "Application",
        "privacy_declarations": [one for one in declared if one["data_categories"]],
    }  # fmt: skip


def _declared(purpose: str, tables: Sequence[Table], attributes: Sequence[OwnAttribute]) -> dict[str, Any]:
    """What the purpose uses about persons."""
    columns = (column for table in tables if table.person for column in table.columns)
    used = {c.category for c in columns if purpose in c.purposes and c.class_ is not Class.NONE and not c.hidden}
    used |= {one.category for one in attributes if one.data_class and purpose in one.purposes}
    return {
        "name": purpose, "data_use": USE_OF[purpose], "data_categories": sorted(used), "data_subjects": [SUBJECT],
    }  # fmt: skip


def _own_use(key: str, meaning: str) -> dict[str, Any]:
    return {"fides_key": key, "organization_fides_key": ORGANIZATION, "name": key, "description": meaning}
