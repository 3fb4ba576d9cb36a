"""The writing door of groups: opened, put under each other, joined and left. Each change is in the book of changes.

Whoever puts a group under another waits for who else does: two moves that each are right could be a circle together.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, connection, transaction

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log.actions import note_change
from regulars.records.customers.access import Opened
from regulars.records.customers.alive import hold_alive
from regulars.records.groups.models import CustomerGroup, GroupMember, GroupPlace
from regulars.records.groups.near import near
from regulars.rules.cleaning.company_codes import clean_company_code
from regulars.rules.groups.kinds import HOUSEHOLD, KINDS, KNOWN_BY, ROLES
from regulars.rules.groups.spans import span
from regulars.rules.groups.tree import Place, why_not_under
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

LONGEST_NAME: Final = 200
LONGEST_REF: Final = 60
LETTERS: Final = {"household": "H", "company": "A", "agent": "G", "channel": "V"}
_GIVEN: Final = re.compile(r"[HAGV]-\d+")
#: Where a company code is of when nobody says.
HOME: Final = "CN"
#: What a reference of one's own may be: it stands in addresses.
_OWN: Final = re.compile(r"(?!\.{1,2}$)[^/]*")
_NEXT: Final = "SELECT nextval('customer_group_id_seq')"
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtext('group_place'))"


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group about to be there; without a `ref` it is given one. Only a household goes without a name."""

    kind: str
    name: str = ""
    ref: str = ""
    company_code: str = ""
    country: str = ""


def open_new_group(new: NewGroup, *, by: Asker, at: datetime) -> str:
    """The reference of the new group. BadInput for an unknown kind, a missing or needless name, a company code that
    cannot be one, or a reference or code that is taken."""
    code = _checked(new)
    try:
        with transaction.atomic():
            number = ask(WRITER, _NEXT)[0][0]
            ref = new.ref or f"{LETTERS[new.kind]}-{number}"
            CustomerGroup.objects.create(
                id=number, ref=ref, kind=new.kind, name=new.name.strip(), company_code=code,
                country=new.country or (HOME if code else ""),
                noted_by=by.name, noted_at=at,
            )  # fmt: skip
            _note(by, "open_new_group", "customer_group", ref, None, new.kind)
    except IntegrityError as error:
        raise BadInput("group_taken", {"ref": new.ref or code}) from error
    return ref


def join_group(
    opened: Opened, ref: str, *, role: str, since: date | None, until: date | None = None, known_by: str = "told",
    at: datetime, hold: bool = True,
) -> bool:  # fmt: skip
    """The customer belongs to the group on those days; False when that was known already, and nothing changed.

    Nobody changes either meanwhile; without `hold`, who only tries it keeps nobody waiting.

    NotThere for no such group, or when she has been erased meanwhile; BadInput for a role that group has not, for no
    days, and when other days that overlap these are known.
    """
    if known_by not in KNOWN_BY:
        raise BadInput("group_role_unknown", {"role": known_by[:40]})
    days = span(since, until)
    with transaction.atomic():
        group = _held(ref, hold=hold)
        if role not in ROLES[group.kind]:
            raise BadInput("group_role_unknown", {"role": role[:40]})
        if not days:
            raise BadInput("group_no_days")
        if hold:
            hold_alive(opened.id)
        known = list(GroupMember.objects.filter(group=group, customer_id=opened.id))
        if any((one.since_on, one.until_on, one.role) == (since, until, role) for one in known):
            return False
        if any(span(one.since_on, one.until_on).meet(days) for one in known):
            raise BadInput("group_member_already", {"ref": ref})
        GroupMember.objects.create(
            group=group, customer_id=opened.id, role=role, since_on=since, until_on=until, known_by=known_by,
            noted_by=opened.by.name, noted_at=at,
        )  # fmt: skip
        _note(opened.by, "join_group", "group_member", ref, None, role, opened.id)
    return True


def leave_group(opened: Opened, ref: str, *, until: date) -> None:
    """The customer belongs to the group no more from that day on; NotThere when she does not belong to it then."""
    with transaction.atomic():
        group = _held(ref)
        mine = GroupMember.objects.select_for_update().filter(group=group, customer_id=opened.id)
        found = next((one for one in mine if until in span(one.since_on, one.until_on)), None)
        if found is None:
            raise NotThere("group_member_not_there")
        if found.since_on == until:
            found.delete()
        else:
            GroupMember.objects.filter(id=found.id).update(until_on=until)
        _note(opened.by, "leave_group", "group_member", ref, found.until_on, until, opened.id)


def place_group(
    ref: str, parent_ref: str, *, since: date | None, until: date | None = None, by: Asker, at: datetime,
    hold: bool = True,
) -> bool:  # fmt: skip
    """The group stands under the other on those days; False when that was known already. `hold` as for joining one.

    BadInput with the first reason why it cannot (`reasons` holds all): a circle, a tree too high, a second parent of
    that kind at the time, no days, or a kind that does not stand under the other.
    """
    days = span(since, until)
    with transaction.atomic(), connection.cursor() as cursor:
        if hold:
            cursor.execute(_ONE_AT_A_TIME)
        group, parent = _held(ref, hold=hold), _held(parent_ref, hold=hold)
        new, places = Place(group.id, parent.id, days), near([group.id, parent.id], WRITER)
        if new in places:
            return False
        if reasons := why_not_under(new, places, _kinds([new, *places])):
            raise BadInput(reasons[0], {"ref": ref, "parent": parent_ref, "reasons": ", ".join(reasons)})
        GroupPlace.objects.create(
            group=group, parent=parent, since_on=since, until_on=until, noted_by=by.name, noted_at=at
        )
        _note(by, "place_group", "group_place", ref, None, parent_ref)
    return True


def end_place(ref: str, parent_ref: str, *, until: date, by: Asker) -> None:
    """The group stands under the other no more from that day on; NotThere when it does not stand there then."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        group, parent = _held(ref), _held(parent_ref)
        found = next(
            (one for one in GroupPlace.objects.filter(group=group, parent=parent)
             if until in span(one.since_on, one.until_on)), None,
        )  # fmt: skip
        if found is None:
            raise NotThere("group_place_not_there")
        if found.since_on == until:
            found.delete()
        else:
            GroupPlace.objects.filter(id=found.id).update(until_on=until)
        _note(by, "end_place", "group_place", ref, parent_ref, until)


def home_of(opened: Opened, *, on: date) -> str | None:
    """The reference of the household the customer lives in that day, None for none; of several the latest told."""
    mine = GroupMember.objects.filter(customer_id=opened.id, group__kind=HOUSEHOLD).select_related("group")
    return next(
        (one.group.ref for one in mine.order_by("-id") if on in span(one.since_on, one.until_on)), None
    )  # fmt: skip


def ref_of_code(country: str, code: str) -> str | None:
    """The reference of the company of that code, if it is known."""
    return (
        CustomerGroup.objects.filter(country=country or HOME, company_code=code).values_list("ref", flat=True).first()
    )


def kind_of(ref: str) -> str | None:
    """Of which kind the group of that reference is, if there is one."""
    return CustomerGroup.objects.filter(ref=ref).values_list("kind", flat=True).first()


def is_known(ref: str) -> bool:
    """Whether there is a group of that reference."""
    return CustomerGroup.objects.filter(ref=ref).exists()


def _kinds(places: list[Place]) -> dict[int, str]:
    ids = {one for place in places for one in (place.group, place.parent)}
    return dict(CustomerGroup.objects.filter(id__in=ids).values_list("id", "kind"))


def _checked(new: NewGroup) -> str:
    """The company code as it is kept; BadInput for what is no group."""
    if new.kind not in KINDS:
        raise BadInput("group_kind_unknown", {"kind": new.kind[:40]})
    if bool(new.name.strip()) == (new.kind == HOUSEHOLD):
        raise BadInput("group_name_needed" if new.kind != HOUSEHOLD else "household_has_no_name")
    if len(new.name) > LONGEST_NAME or len(new.ref) > LONGEST_REF or not (new.name + new.ref).isprintable():
        raise BadInput("said_too_much", {"field": "name", "most": LONGEST_NAME})
    if len(new.country) > len(HOME):
        raise BadInput("said_too_much", {"field": "country", "most": len(HOME)})
    if not _OWN.fullmatch(new.ref) or new.ref != new.ref.strip():
        raise BadInput("group_ref_unclear", {"ref": new.ref})
    if _GIVEN.fullmatch(new.ref):
        raise BadInput("group_ref_is_ours", {"ref": new.ref})
    return read_company_code(new.company_code, new.country)


def read_company_code(code: str, country: str) -> str:
    """The code as it is kept; of China with its check digit, of elsewhere as it stands. BadInput for what is none."""
    if country in ("", HOME) and code:
        cleaned = clean_company_code(code)
        if cleaned.value is None:
            raise BadInput("company_code_wrong", {"code": code[:40]})
        return cleaned.value.code
    if len(code) > LONGEST_REF or not code.isprintable():
        raise BadInput("company_code_wrong", {"code": code[:40]})
    return code.strip()


def _held(ref: str, *, hold: bool = True) -> CustomerGroup:
    groups = CustomerGroup.objects.select_for_update(no_key=True) if hold else CustomerGroup.objects.all()
    group = groups.filter(ref=ref).first()
    if group is None:
        raise NotThere("group_not_there")
    return group


def _note(
    by: Asker, door: str, subject: str, field: str, old: object, new: object, customer_id: int | None = None
) -> None:  # fmt: skip
    note_change(by, door=door, subject=subject, field=field, old=old, new=new, customer_id=customer_id)
