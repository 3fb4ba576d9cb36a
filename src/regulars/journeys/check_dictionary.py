"""The dictionary against the program's own models: no database is asked, so every build can do it."""

from collections.abc import Iterator
from itertools import groupby

from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from regulars.records.dictionary import DICTIONARY, LEDGERS
from regulars.rules.privacy.dictionary import Class, Column, Table
from regulars.rules.privacy.drift import Finding
from regulars.rules.privacy.views import BY_NAME, treatment


def check_dictionary() -> list[Finding]:
    """Every column of a model not classed, every classed one no model has, and every entry that cannot be meant.

    An unclassed column is in no view; the build fails all the same, because somebody has forgotten to decide.
    """
    modelled, classed = _modelled(), {(t.name, c.name) for t in DICTIONARY for c in t.columns}
    findings = [Finding("column_unclassed", f"{table}.{column}") for table, column in sorted(modelled - classed)]
    findings += [Finding("column_absent", f"{table}.{column}") for table, column in sorted(classed - modelled)]
    return findings + list(_twice()) + [finding for table in DICTIONARY for finding in _senseless(table)]


def _modelled() -> set[tuple[str, str]]:
    """(table, column) of every model of every installed app, and of Django's own book of migrations."""
    models: list[type[Model]] = [*apps.get_models(include_auto_created=True), MigrationRecorder.Migration]
    managed = [model for model in models if model._meta.managed or model._meta.app_label == "procrastinate"]
    return {
        (model._meta.db_table, field.column)
        for model in managed
        for field in model._meta.local_concrete_fields
        if field.column
    }


def _twice() -> Iterator[Finding]:
    names = sorted(f"{table.name}.{column.name}" for table in DICTIONARY for column in table.columns)
    yield from (Finding("column_twice", name) for name, same in groupby(names) if len(list(same)) > 1)
    yield from (Finding("ledger_absent", name) for name in sorted(LEDGERS - {table.name for table in DICTIONARY}))


def _senseless(table: Table) -> Iterator[Finding]:
    """What a slip of the pen in the dictionary would open."""
    if table.person and table.person not in {column.name for column in table.columns}:
        yield Finding("person_absent", table.name, expected=table.person)
    yield from (Finding("view_unknown", table.name, found=view) for view in sorted(table.views - BY_NAME.keys()))
    for column in table.columns:
        yield from _leaks(table, column)


def _leaks(table: Table, column: Column) -> Iterator[Finding]:
    """A name, contact or sensitive value that a view without names would show, or a label missing in a language."""
    if not (column.label and column.label_zh):
        yield Finding("label_missing", f"{table.name}.{column.name}")
    if table.person and column.class_ in (Class.IDENTIFYING, Class.SENSITIVE):
        for view in sorted(table.views & {"anonymous", "warehouse"}):
            if treatment(column, BY_NAME[view]) != "gone":
                yield Finding("named_in_anonymous", f"{view}.{table.name}.{column.name}", found=str(column.class_))
