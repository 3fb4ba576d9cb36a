"""Brands and topics customers can take out by themselves: named by the officer, ended, never deleted."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from regulars.records.access_log.actions import note_change
from regulars.records.choices.models import ChoiceSubject
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

KINDS: Final = ("brand", "topic")
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """A brand or topic; `ended_at` says since when nobody writes about it any more."""

    kind: str
    key: str
    name: str
    name_zh: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None

    def called(self, language: str) -> str:
        """Its name as a page in that language writes it."""
        return self.name_zh if self.name_zh and language.startswith("zh") else self.name


def subjects(*, also_ended: bool = False) -> list[SubjectFacts]:
    """Brands first, then topics, by name."""
    found = ChoiceSubject.objects.order_by("kind", "name", "key")
    found = found if also_ended else found.filter(ended_at__isnull=True)
    return [SubjectFacts(*row) for row in found.values_list(*SubjectFacts.__dataclass_fields__)]


def check_subject(brand: str, topic: str) -> None:
    """Nothing, if both are empty or known and not ended; else BadInput."""
    known = {(one.kind, one.key) for one in subjects()} if brand or topic else set()
    for kind, key in (("brand", brand), ("topic", topic)):
        if key and (kind, key) not in known:
            raise BadInput("choice_subject_unknown", {"kind": kind, "key": key[:40]})


def name_subject(kind: str, key: str, *, name: str, name_zh: str = "", by: Asker, at: datetime) -> None:
    """Customers can take this brand or topic out from now on. BadInput for a bad key, no name, or one there already."""
    _only_the_officer(by)
    if kind not in KINDS or not KEY.match(key) or not name.strip():
        raise BadInput("choice_subject_unclear", {"kind": kind[:40], "key": key[:40]})
    try:
        with transaction.atomic():
            ChoiceSubject.objects.create(
                kind=kind, key=key, name=name.strip(), name_zh=name_zh.strip(), made_by=by.name, made_at=at
            )
            note_change(
                by, door="name_subject", subject="choice_subject", field=kind, old=None, new=key, customer_id=None
            )
    except IntegrityError as error:
        raise BadInput("choice_subject_taken", {"kind": kind, "key": key}) from error


def end_subject(kind: str, key: str, *, by: Asker, at: datetime) -> None:
    """No campaign can be about it from now on; what customers said of it stays. NotThere when there is none."""
    _only_the_officer(by)
    with transaction.atomic():
        if not ChoiceSubject.objects.filter(kind=kind, key=key, ended_at__isnull=True).update(ended_at=at):
            raise NotThere("choice_subject_unknown", {"kind": kind[:40], "key": key[:40]})
        note_change(
            by, door="end_subject", subject="choice_subject", field=kind, old=key, new="ended", customer_id=None
        )


def _only_the_officer(by: Asker) -> None:
    if by.role != "officer":
        raise Denied("subjects_are_the_officers")
