"""An extract for a partner while somebody in it is erased, and a first one for a crowd: numbers are drawn for all at
once, and of whoever went in between the ledger knows nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from regulars.journeys import release_extract as releasing
from regulars.records.customers.models import Customer
from regulars.records.disclosures.actions import keep_pseudonyms
from regulars.records.disclosures.models import Partner, PartnerPseudonym
from regulars.records.statistics.actions import numbers_for_a_look, numbers_of
from regulars.records.statistics.models import CountedPerson, ExtractAnswer
from regulars.rules.permission.errors import BadInput
from tests.attacks.test_erased_meanwhile import Elsewhere, nothing_of, when
from tests.attacks.test_extracts import partners_house, town
from tests.extracts import CITY, GROUP, extracts_for, hands_out

__all__ = ["partners_house", "when"]  # fixtures of the neighbours

pytestmark = pytest.mark.usefixtures("partners_house")


@pytest.mark.parametrize(
    ("step", "after"),
    [("who_grants", False), ("who_grants", True), ("microdata", False), ("hand_out", False), ("hand_out", True)],
)
def test_an_extract_made_while_she_is_erased_leads_nobody_to_her(
    when: Callable[..., Elsewhere], step: str, after: bool
) -> None:
    """Before she is counted she is in no row; afterwards she is waited for, and only the row of nobody stays."""
    people = town()
    extracts_for(CITY, confidential=GROUP)
    erasing = when(releasing, step, people[0].number, after=after)
    got = hands_out()
    erasing.end()
    nothing_of(people[0])
    assert erasing.waited is (step in ("microdata", "hand_out")), "whoever draws her number holds her until the end"
    assert len(got.rows) == (69 if (step, after) == ("who_grants", False) else 70)
    assert CountedPerson.objects.count() == 69
    assert ExtractAnswer.objects.count() == 1
    with pytest.raises(BadInput) as said:
        hands_out()
    assert said.value.code == "extract_moved_by_too_few"


def test_a_crowd_gets_its_numbers_in_as_many_questions_as_a_few() -> None:
    """The first file of a large company: a statement for each person would take it a night."""
    here, acme = _ids(1_500), _acme()
    few, many = _questions(lambda: numbers_of(acme, here[:3])), _questions(lambda: numbers_of(acme, here))
    assert few == many <= 4
    kept = dict(CountedPerson.objects.values_list("customer_id", "number"))
    assert len(kept) == len(set(kept.values())) == 1_500
    assert all(0 <= number < 1 << 62 for number in kept.values())
    assert max(kept.values()) > 1 << 60


def test_who_has_a_number_keeps_it_and_everybody_stands_in_her_place() -> None:
    ids = _ids(40)
    with transaction.atomic():
        first = numbers_of(_acme(), ids[10:20])
        again = numbers_of(_acme(), [*reversed(ids), ids[12], ids[3]])
    assert list(again[20:30]) == list(reversed(first))
    assert (again[40], again[41]) == (first[2], again[36])
    assert len(set(again.tolist())) == 40
    assert CountedPerson.objects.count() == 40
    looked = numbers_for_a_look(_acme(), [ids[10], 999_999])
    assert looked.tolist() == [first[0], -999_999]
    assert numbers_of(_acme(), []).tolist() == numbers_for_a_look(_acme(), []).tolist() == []


def test_a_crowd_gets_its_pseudonyms_in_as_many_questions_as_a_few() -> None:
    _ids(3)
    acme = _acme()
    few = _questions(lambda: keep_pseudonyms(acme, b"k" * 32))
    _ids(1_500)
    assert _questions(lambda: keep_pseudonyms(acme, b"k" * 32)) == few
    assert PartnerPseudonym.objects.values("pseudonym").distinct().count() == Customer.objects.count()
    assert keep_pseudonyms(acme, b"k" * 32) == 0


def _acme() -> int:
    return int(Partner.objects.get(key="acme").id)


def _ids(count: int) -> list[int]:
    """So many customers of the house."""
    here = Customer.objects.count()
    if here < count:
        town(lyon=count - here, nice=0)
    return list(Customer.objects.order_by("id").values_list("id", flat=True)[:count])


def _questions(does: Callable[[], Any]) -> int:
    """How many statements it took, a COPY among them."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        does()
    return sum("SAVEPOINT" not in one["sql"] for one in asked)
