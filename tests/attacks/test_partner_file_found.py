"""A partner's file turns up, and a release that takes two people: the register says which, and waits (27, 51)."""

import pytest

from regulars.journeys.approve import approve, ask_for_two
from regulars.journeys.disclose import ReleaseMade
from regulars.journeys.trace_list import trace_list
from regulars.records.disclosures.models import PartnerRelease
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.partners import PSEUDONYM
from tests.attacks.test_partners_own_view import house_in_march, made, partner, partners_leave, rows_in, willing
from tests.cast import EMIL, NOON, asking

__all__ = ["house_in_march", "partners_leave"]
pytestmark = pytest.mark.usefixtures("house")
SECOND = asking("Second Officer", "officer", staff_id=10)


def test_51_a_partners_file_is_traced_to_partner_and_release_by_its_pseudonyms(house_in_march: None) -> None:
    willing("Ann Archer")
    willing("Cleo Baker")
    partner()
    partner("zenith")
    first = made()
    made("zenith")
    names = [row[PSEUDONYM] for row in rows_in(first.content)]
    found = trace_list("\n".join([*names, "0" * 32]).encode(), by=EMIL, because="found on the web")
    assert [(who, number, held) for who, number, _, held in found.releases] == [("Acme", first.id, 2)]


def test_27_a_release_waits_and_the_file_comes_with_the_approval(house_in_march: None) -> None:
    willing("Ann Archer")
    partner()
    ask_for_two("release", asked=True, by=EMIL)
    with pytest.raises(Denied) as error:
        made()
    assert not PartnerRelease.objects.exists()
    left = approve(int(str(error.value.values["proposal"])), by=SECOND, at=NOON)
    assert isinstance(left, ReleaseMade)
    assert len(rows_in(left.content)) == PartnerRelease.objects.get().rows == 1
