"""The master key is changed while everybody works, and an old one is given up when nothing needs it any more."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from regulars.journeys.propose import ask_second, settled
from regulars.records.access_log.actions import note_deed, note_denial
from regulars.records.customers.rotation import (
    KeyFacts,
    begin_rotation,
    demand_retirable,
    destroy_master,
    is_given_up,
    key_facts,
    retire_master,
    wrap_all_again,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.permission.four_eyes import KEYS, OLD_KEYS, Approved

__all__ = ["KeyFacts", "Rotated", "how_keys_stand", "retire_key", "rotate_keys"]


@dataclass(frozen=True, slots=True)
class Rotated:
    """The version that took over, and how many data keys were wrapped under it now."""

    version: int
    keys: int


def how_keys_stand(*, by: Asker) -> KeyFacts:
    """Versions, where they come from, how many data keys each locks. For the privacy officer."""
    _officer(by)
    return key_facts()


def rotate_keys(
    *, by: Asker, say: Callable[[int, int], None] = lambda done, of: None, approved: Approved | None = None
) -> Rotated:
    """A new master key locks every data key when this returns; a rotation that was broken off is finished instead.

    KeyFileError when the new key has to be made elsewhere first, or the old one is not to be had.
    """
    _officer(by)
    if not key_facts().half_done:
        ask_second(KEYS, "master_key", {}, because="rotation", by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        version = begin_rotation()
        note_deed(by, deed="key", subject="master_key", detail={"version": version, "state": "begun"})
    keys = wrap_all_again(version, say)
    note_deed(by, deed="key", subject="master_key", detail={"version": version, "state": "done", "keys": keys})
    return Rotated(version, keys)


def retire_key(version: int, *, by: Asker, approved: Approved | None = None) -> None:
    """The house has given up that version: nothing wrapped under it, in whatever old copy, opens here any more.

    It cannot be undone, and may therefore take two. Killed in between, the same again finishes it: what was given up is
    given up, and its files go. BadInput for a version that locks something or is not there.
    """
    _officer(by)
    left_half_done = is_given_up(version)
    if not left_half_done:
        _give_up(version, by, approved)
    with transaction.atomic():
        settled(approved if left_half_done else None, by=by)
        destroy_master(version)
        note_deed(by, deed="key", subject="master_key", detail={"version": version, "state": "destroyed"})


def _give_up(version: int, by: Asker, approved: Approved | None) -> None:
    demand_retirable(version)
    ask_second(OLD_KEYS, f"master_{version}", {"version": version}, because="retirement", by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        retire_master(version)
        note_deed(by, deed="key", subject="master_key", detail={"version": version, "state": "retired"})


def _officer(by: Asker) -> None:
    if by.role != "officer":
        note_denial(by, door="keys", because="keys")
        raise Denied("keys_are_the_officers")
