"""The writing door of codes: added, named anew, retired, merged. No code is ever deleted: something stands under it."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.codes.access import codes, forget_codes
from regulars.records.codes.models import Code as Row
from regulars.rules.codes.tree import KINDS, Code, check_code, check_merge
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

MAY_EDIT = frozenset({"steward"})


def add_code(code: Code, *, by: Asker) -> None:
    """The code is there; BadInput for labels, days or a parent that cannot be, or a key that is taken."""
    _may_edit(by)
    check_code(code, codes_of(code.kind))
    try:
        with transaction.atomic():
            Row.objects.create(**{name: getattr(code, name) for name in Code.__dataclass_fields__})
            _note(by, code, "code", None, f"{code.kind} {code.key}")
    except IntegrityError:
        raise BadInput("code_taken", {"key": code.key}) from None
    forget_codes()


def change_code(kind: str, key: str, *, by: Asker, **news: Any) -> None:
    """The code has these labels, parent, days or place from now on; what was noted under it stays."""
    _may_edit(by)
    with transaction.atomic():
        row = Row.objects.select_for_update().filter(kind=kind, key=key).first()
        if row is None:
            raise NotThere("code_not_there")
        fields = {name: getattr(row, name) for name in Code.__dataclass_fields__}
        changed = Code(**fields | news)
        check_code(changed, [one for one in codes_of(kind) if one.key != key])
        for field, new in news.items():
            if fields[field] != new:
                _note(by, changed, field, fields[field], new)
        Row.objects.filter(id=row.id).update(**news)
    forget_codes()


def retire_code(kind: str, key: str, *, after: date, by: Asker) -> None:
    """Nothing new is noted under the code after that day."""
    change_code(kind, key, by=by, valid_until=after)


def merge_code(kind: str, key: str, into: str, *, on: date, by: Asker) -> None:
    """What stands under the code is read as the other one from now on, and nothing new is noted under it."""
    _may_edit(by)
    check_merge(key, into, codes_of(kind))
    change_code(kind, key, by=by, merged_into=into, valid_until=on)


def codes_of(kind: str) -> list[Code]:
    """All codes of that kind as they stand now; BadInput for a kind there is none of."""
    if kind not in KINDS:
        raise BadInput("code_kind_unknown", {"kind": kind[:40]})
    forget_codes()
    return list(codes(kind))


def _may_edit(by: Asker) -> None:
    if by.role not in MAY_EDIT:
        note_denial(by, door="codes", because="codes")
        raise Denied("codes_are_the_stewards")


def _note(by: Asker, code: Code, field: str, old: object, new: object) -> None:
    note_change(
        by, door="codes", subject=f"code {code.kind} {code.key}", field=field, old=old, new=new, customer_id=None
    )
