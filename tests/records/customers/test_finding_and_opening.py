"""Dora finds who stands before her and opens one file; the log knows who, which view, why and how many."""

from dataclasses import replace

import pytest

from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.access import contact_points_of, find_customers, open_contact_point, open_customer
from regulars.records.customers.models import Customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from tests.cast import DORA, EMIL, MIA, STEN, ann, bob, cleo, customer, sealed, wang_fang
from tests.story import findable, shop

pytestmark = pytest.mark.usefixtures("house")


def everybody() -> None:
    for who in (ann(), bob(), cleo(), wang_fang()):
        findable(who)


def names(text: str, by: Asker = DORA) -> list[str | None]:
    return [line.name for line in find_customers(text, by=by, because="test")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("baker", ["Bob Baker", "Cleo Baker"]), ("BAK", ["Bob Baker", "Cleo Baker"]), ("cleo bak", ["Cleo Baker"]),
        ("王芳", ["王芳"]), ("wang f", ["王芳"]), ("wangfang", ["王芳"]), ("wf", ["王芳"]), ("芳", ["王芳"]),
        ("C-20001", ["Ann Archer"]), ("c20001", ["Ann Archer"]), ("+1 555 010 0002", ["Bob Baker"]),
        ("bob@example.com", ["Bob Baker"]), ("bob@example.co", []), ("nobody", []), ("", []), ("  ", []),
        ("%' OR 1=1 --", []), ("😀", []), ("\x00", []),
    ],
)  # fmt: skip
def test_people_are_found_by_what_they_say_of_themselves(text: str, found: list[str]) -> None:
    everybody()
    assert names(text) == found


def test_whole_words_are_nearer_than_words_that_only_begin_so() -> None:
    """Fang Wang is 王芳 turned round; Fanghua Wangler is found by who finds nobody else, or types on."""
    findable(wang_fang())
    findable(customer("Fanghua Wangler"))
    assert names("fang wang") == ["王芳"]
    assert names("fangh wangl") == names("wangl fangh") == ["Fanghua Wangler"]


def test_a_phone_is_found_as_a_whole_or_not_at_all() -> None:
    who = ann()
    cell = sealed(who, "contact_point.value", "+8613800004187")
    who.contact_points.filter(channel="phone").update(value=cell)
    findable(who)
    assert names("138 0000 4187") == ["Ann Archer"]
    assert names("138 0000 418") == []


def test_mia_does_not_find_bob_who_said_no() -> None:
    everybody()
    assert names("baker", MIA) == ["Cleo Baker"]
    assert names("bob@example.com", MIA) == []


def test_what_is_found_is_logged_without_what_was_typed() -> None:
    everybody()
    names("bob@example.com")
    line = AccessEntry.objects.latest("id")
    assert (line.who, line.view, line.purpose, line.door, line.because, line.rows, line.allowed) == (
        "Dora", "standard", "service", "find_customers", "test", 1, True,
    )  # fmt: skip
    assert "bob@example.com" not in str(vars(line))


def test_tokens_of_contacts_do_not_give_the_contact_away() -> None:
    everybody()
    tokens = " ".join(Customer.objects.values_list("tokens__token", flat=True))
    assert "example.com" not in tokens
    assert "5550100001" not in tokens


def test_an_open_file_says_what_the_view_says_and_names_what_it_leaves_out() -> None:
    who = bob()
    _opened, facts = open_customer(who.number, by=DORA, because="test")
    assert (facts.name, facts.allergies, facts.allows_direct_marketing) == ("Bob Baker", None, False)
    assert {"allergies", "income_band", "id_document"} <= facts.masked
    assert "birth_on" in facts.coarse
    assert not facts.masked & facts.coarse


def test_a_masked_cell_looks_the_same_with_and_without_a_value() -> None:
    with_allergy, without = bob(), cleo()
    one, other = (open_customer(who.number, by=DORA, because="test")[1] for who in (with_allergy, without))
    assert (one.allergies, one.masked) == (other.allergies, other.masked)


def test_emil_sees_everything_and_that_is_logged_too() -> None:
    who = bob()
    _opened, facts = open_customer(who.number, by=EMIL, because="request R-1")
    assert (facts.allergies, facts.masked) == ("wool", frozenset())
    line = AccessEntry.objects.latest("id")
    assert (line.who, line.view, line.customer_id, line.because) == ("Emil", "personal", who.id, "request R-1")


def test_ways_to_reach_somebody_are_there_without_their_value() -> None:
    opened, _facts = open_customer(ann().number, by=DORA, because="test")
    assert {(point.channel, point.value) for point in contact_points_of(opened)} == {
        ("email", None), ("letter", None), ("phone", None),
    }  # fmt: skip


def test_one_point_is_opened_through_the_opening_view_and_logged_with_its_case() -> None:
    who = ann()
    opened, _facts = open_customer(who.number, by=DORA, because="test")
    privileged = replace(DORA, view="opening", reference="K-118")
    assert open_contact_point(opened, "phone", by=privileged, because="complaint").value == "+15550100001"
    line = AccessEntry.objects.latest("id")
    assert (line.door, line.view, line.because, line.reference, line.rows, line.customer_id) == (
        "open_contact", "opening", "complaint", "K-118", 1, who.id,
    )  # fmt: skip
    with pytest.raises(NotThere):
        open_contact_point(opened, "sms", by=privileged, because="complaint")


def test_a_customer_of_another_shop_is_denied_and_the_denial_is_logged() -> None:
    """Attack 24."""
    at = shop()
    hers, others, nobodys = ann(), bob(), cleo()
    Customer.objects.filter(id=hers.id).update(home_branch_id=at.lake)
    Customer.objects.filter(id=others.id).update(home_branch_id=at.hill)
    for who in (hers, others, nobodys):
        findable(who)
    dora = replace(DORA, branches=frozenset({at.lake}))
    assert names("baker", dora) == ["Cleo Baker"]
    open_customer(hers.number, by=dora, because="test")
    open_customer(nobodys.number, by=dora, because="test")
    with pytest.raises(Denied):
        open_customer(others.number, by=dora, because="test")
    line = AccessEntry.objects.latest("id")
    assert (line.allowed, line.rows, line.customer_id, line.who) == (False, 0, others.id, "Dora")


@pytest.mark.parametrize("number", ["C-99999", "", "C-20001'; DROP TABLE customer; --", "𝒞" * 500, "C-2\x00"])
def test_nobody_of_that_number_is_said_alike(number: str) -> None:
    ann()
    with pytest.raises(NotThere, match=r"^customer_not_there$"):
        open_customer(number, by=STEN, because="test")
    assert AccessEntry.objects.latest("id").allowed is False


def test_who_said_no_is_to_mia_as_if_never_there() -> None:
    """Attack 38."""
    who = bob()
    with pytest.raises(NotThere, match=r"^customer_not_there$"):
        open_customer(who.number, by=MIA, because="test")
