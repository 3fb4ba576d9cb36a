"""Dora recognises who calls or stands before her, slips and all; the wrong person recognises nobody."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from bench._mistakes import asked, person
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.need_to_know import ask_for_reason
from regulars.journeys.protect_customer import protect_customer
from regulars.journeys.serve_customer import give_task
from regulars.journeys.sign_in import staff_called
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.marking import are_marked, mark_customers, mark_the_rest
from regulars.records.customers.models import Customer, MarkingProgress, NameSlip, RecognitionMark, SearchToken
from regulars.records.customers.recognising import Likely, recognise_customers
from regulars.records.staff.access import asker_of
from regulars.records.watched.models import ProtectedCustomer
from regulars.rules.cleaning.names import clean_name
from regulars.rules.identity.finding import keyed
from regulars.rules.identity.marks import Told
from regulars.rules.identity.typed import read_typed
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from tests.cast import DORA, EMIL, MIA, NOON, ann, bob, cleo, customer, wang_fang
from tests.story import findable, shop

pytestmark = pytest.mark.usefixtures("house")


def everybody() -> None:
    for who in (ann(), bob(), cleo(), wang_fang()):
        findable(who)


def likely(told: Told | str, by: Asker = DORA) -> list[Likely]:
    asked = read_typed(told) if isinstance(told, str) else told
    return recognise_customers(asked, by=by, because="test")


def names(told: Told | str, by: Asker = DORA) -> list[str | None]:
    return [one.customer.name for one in likely(told, by)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Ann Archer", "Ann Archer"), ("Archer Ann", "Ann Archer"), ("Ann Acrher", "Ann Archer"),
        ("Anne Archr", "Ann Archer"), ("acrher", "Ann Archer"), ("Annie Archer", "Ann Archer"),
        ("Robert Baker", "Bob Baker"), ("Bob Bakker", "Bob Baker"),
        ("fang wang", "王芳"), ("Wáng Fāng", "王芳"), ("王方", "王芳"), ("wangfang", "王芳"), ("汪芳", "王芳"),
        ("ann 1988-04-02", "Ann Archer"), ("wangfang@exmaple.com", "王芳"), ("C-20001", "Ann Archer"),
        ("+1 555 010 0002", "Bob Baker"), ("bob@example.com", "Bob Baker"),
        ("Bob Backer +1 555 010 0009", "Bob Baker"),
    ],
)  # fmt: skip
def test_slips_and_all(typed: str, first: str) -> None:
    everybody()
    assert names(typed)[0] == first


@pytest.mark.parametrize("typed", ["nobody", "", "😀", "\x00", "%' OR 1=1 --", "x" * 10_000, "آنا", "1", "王" * 500])
def test_nobody_is_made_up(typed: str) -> None:
    everybody()
    assert likely(typed) == []


@pytest.mark.parametrize(("typed", "known"), [
    ("陳大文", "Chan Tai Man"), ("陈大文", "Chan Tai Man"), ("Chan Tai Man", "陳大文"), ("Tai Man Chan", "陳大文"),
    ("chan taiman", "陳大文"), ("Wong Kar-wai", "王家衛"), ("Wong Kar-wai", "黃嘉慧"),
    ("歐陽振華", "Au Yeung Chun Wah"), ("蔡英文", "Tsai Ing-wen"), ("Tsai Ing-wen", "蔡英文"),
    ("Chang Chih-ming", "张志明"), ("張志明", "Chang Chih-ming"), ("Chih-ming Chang", "Zhang Zhiming"),
    ("Zhang Zhiming", "Chang Chih-ming"), ("Hsieh Hsin-yi", "謝欣怡"),
])  # fmt: skip
def test_a_name_in_the_letters_of_elsewhere_finds_the_one_in_characters(typed: str, known: str) -> None:
    everybody()
    name = clean_name(known).value
    assert name is not None
    findable(customer(known, given_name=name.given, family_name=name.family))
    found = likely(typed)
    assert [one.customer.name for one in found] == [known]
    assert found[0].match.probability < 0.1, "others are written so as well"


@pytest.mark.parametrize(("typed", "known"), [
    ("Paul Archer", "James Paul Archer"), ("James Archer", "James Paul Archer"), ("James Paul Archer", "Paul Archer"),
    ("Archer Paul", "James Paul Archer"), ("Pual Archer", "James Paul Archer"), ("Peter Chan", "Chan Tai Man Peter"),
    ("Anna Berg", "Anna van der Berg"), ("Anna van der Berg", "Anna Berg"), ("Anna Smith", "Anna Smith-Jones"),
    ("Jones, Anna", "Anna Smith-Jones"), ("Anna Smith-Jones", "Anna Jones"), ("Maria Cruz", "Ana Maria de la Cruz"),
])  # fmt: skip
def test_who_goes_by_less_or_more_of_her_names_is_found(typed: str, known: str) -> None:
    everybody()
    name = clean_name(known).value
    assert name is not None
    findable(customer(known, given_name=name.given, family_name=name.family))
    assert [one.customer.name for one in likely(typed)] == [known]


def test_two_who_share_a_home_are_told_apart_by_a_name() -> None:
    everybody()
    told = Told(names=(("Cleo", "", ""),), streets=("2 Oak Street",))
    assert names(told)[:2] == ["Cleo Baker", "Bob Baker"]


def test_twins_at_one_address_come_both_and_the_first_name_decides() -> None:
    for given in ("Ida", "Iris"):
        findable(customer(f"{given} Ebner", street="5 Alder Row", birth_on=date(2001, 5, 5), phone="+15550100077"))
    told = Told(birth_on=date(2001, 5, 5), streets=("5 Alder Row",), names=(("", "Ebner", ""),))
    assert set(names(told)) == {"Ida Ebner", "Iris Ebner"}
    assert names(replace(told, names=(("", "Ebner", "Iris"),)))[0] == "Iris Ebner"


@pytest.mark.parametrize(("typed", "first"), [
    ("John Smith Jr.", 1980), ("John Smith, junior", 1980), ("John Smith Sr.", 1950), ("Smith John senior", 1950),
])  # fmt: skip
def test_father_and_son_are_told_apart_by_what_stands_after_the_name(typed: str, first: int) -> None:
    """Nobody wrote so in their records: who was born a generation later is the junior."""
    for year in (1950, 1980):
        findable(customer("John Smith", birth_on=date(year, 5, 1), phone="+15550100077"))
    found = likely(f"{typed} +1 555 010 0077")
    born = [Customer.objects.get(number=one.customer.number).birth_on for one in found]
    assert [day.year for day in born if day] == [first, 3930 - first]
    assert [step.level for step in found[0].match.steps if step.comparison == "generation"] == ["same"]


def test_who_bears_the_suffix_goes_before_who_bears_another() -> None:
    for suffix in ("Sr.", "III", "Jr."):
        findable(customer(f"John Smith {suffix}", given_name="John", family_name="Smith", phone="+15550100077"))
    for suffix in ("III", "Sr.", "Jr."):
        assert names(f"John Smith {suffix}")[0] == f"John Smith {suffix}"


def test_young_and_old_wang_are_told_apart_by_what_friends_say_before_the_name() -> None:
    for name, year in (("王芳", 1955), ("王芳", 1985)):
        findable(customer(name, given_name="芳", family_name="王", birth_on=date(year, 5, 1), phone="+8613800138000"))
    for typed, first in (("小王", 1985), ("老王", 1955)):
        found = likely(f"{typed} 13800138000")
        assert getattr(Customer.objects.get(number=found[0].customer.number).birth_on, "year", 0) == first


def test_of_somebody_protected_the_order_of_others_tells_nothing() -> None:
    father, son = (customer("John Smith", birth_on=date(year, 5, 1)) for year in (1950, 1980))
    findable(father), findable(son)
    ProtectedCustomer.objects.create(customer_id=father.id, since=NOON, marked_by="Emil", because="famous")
    [one] = [one for one in likely("John Smith Jr.") if one.customer.number == son.number]
    assert [step for step in one.match.steps if step.comparison == "generation"] == []


@pytest.mark.parametrize("box", ["info@example.com", "sales@example.com", "客服@example.com", "kefu02@example.com"])
def test_the_mail_box_of_a_desk_puts_nobody_before_others(box: str) -> None:
    """Two are called so: where she lives tells more than the box of the firm; the box alone brings who has it."""
    findable(customer("Bob Baker", email=box, city="Graz", postcode="8010"))
    findable(customer("Bob Baker", city="Lyon", postcode="69001"))
    told = Told(names=(("Bob Baker", "", ""),), emails=(box,), postcode="69001", city="Lyon")
    assert [Customer.objects.get(number=one.customer.number).city for one in likely(told)] == ["Lyon", "Graz"]
    assert [step.level for step in likely(box)[0].match.reasons] == ["desk"]


def test_one_phone_for_a_whole_family_brings_the_family() -> None:
    for given in ("Ida", "Iris", "Otto", "Olga"):
        findable(customer(f"{given} Ebner", phone="+15550100077"))
    assert len(names("+15550100077")) == 4
    assert names("otto +15550100077")[0] == "Otto Ebner"


@pytest.mark.parametrize("typed", [
    "1380013800", "138001338000", "13800138008", "13800183000", "31800138000", "+86 138 0013 800", "Wang 1380013800",
])  # fmt: skip
def test_one_digit_wrong_in_the_phone_finds_who_bears_it(typed: str) -> None:
    everybody()
    findable(customer("王芳", given_name="芳", family_name="王", phone="+8613800138000"))
    found = likely(typed)
    assert found[0].customer.name == "王芳"
    assert [step.level for step in found[0].match.steps if step.comparison == "phone"] == ["slip"]
    assert found[0].match.probability < 0.5, "somebody else may have that number"


@pytest.mark.parametrize("kind", ["digit missing", "digit too many", "digit wrong", "digits swapped"])
def test_by_a_phone_with_a_slip_alone_nearly_everybody_is_among_the_first_three(kind: str) -> None:
    people = {number: person(number) for number in range(60)}
    ids = {
        customer(one.name, family_name=one.family, given_name=one.given, phone=one.phone, number=f"M-{number}").id: one
        for number, one in people.items()
    }
    mark_customers(ids, {who: [("phone", one.phone)] for who, one in ids.items()})
    tokens = {(who, keyed("phone", one.phone, settings.KEYS.read("search"))) for who, one in ids.items()}
    SearchToken.objects.bulk_create([SearchToken(token=token, customer_id=who) for who, token in tokens])
    questions = asked(kind, 100, 60)
    hits = [f"M-{one.number}" in {line.customer.number for line in likely(told)[:3]} for one, told in questions]
    assert sum(hits) >= 97


def test_where_somebody_bears_the_very_number_nobody_is_meant_by_a_slip() -> None:
    everybody()
    findable(customer("王芳", given_name="芳", family_name="王", phone="+15550100011"))
    assert names("+1 555 010 0001") == ["Ann Archer"]


def test_a_shared_company_mail_brings_at_most_five() -> None:
    for n in range(30):
        findable(customer(f"Person{n:02} Clark", email="info@example.com"))
    found = names("info@example.com")
    assert len(found) == 5


def test_father_and_son_of_one_name() -> None:
    findable(customer("John Ebner", street="5 Alder Row", birth_on=date(1955, 5, 5), number="C-1"))
    findable(customer("John Ebner", street="5 Alder Row", birth_on=date(1985, 6, 7), number="C-2"))
    found = likely(Told(names=(("John Ebner", "", ""),), birth_on=date(1985, 6, 7)))
    assert [one.customer.number for one in found] == ["C-2", "C-1"]
    assert found[0].match.bits > found[1].match.bits + 10


def test_an_old_name_and_an_old_phone_still_find_her() -> None:
    who = ann()
    findable(who)
    Customer.objects.filter(id=who.id).update(name="Ann Fletcher", family_name="Fletcher")
    mark_customers([who.id], {})
    assert names("Ann Archer") == names("ann fletcher") == names("+15550100001") == ["Ann Fletcher"]


def test_the_waterfall_begins_with_chance_and_adds_up() -> None:
    everybody()
    [found] = likely("ann acrher 1988-04-02")
    steps = {step.comparison: step.level for step in found.match.steps}
    assert (steps["family_name"], steps["given_name"], steps["birth_on"]) == ("slip", "same", "same")
    assert found.match.steps[0].comparison == "prior"
    assert found.match.bits == pytest.approx(sum(step.bits for step in found.match.steps))
    assert found.match.reasons[0].comparison == "birth_on"


def test_mia_recognises_nobody_and_it_is_in_the_log() -> None:
    everybody()
    with pytest.raises(Denied, match="recognising_not_for_view"):
        likely("ann archer", MIA)
    line = AccessEntry.objects.latest("id")
    assert (line.who, line.door, line.allowed) == ("Mia", "recognise_customers", False)


def test_who_was_recognised_is_logged_without_what_was_typed() -> None:
    everybody()
    likely("ann acrher")
    line = AccessEntry.objects.latest("id")
    assert (line.who, line.view, line.door, line.rows, line.allowed) == (
        "Dora",
        "standard",
        "recognise_customers",
        1,
        True,
    )
    assert "acrher" not in str(vars(line))


def test_of_another_shop_nobody_is_recognised() -> None:
    at = shop()
    for n in range(3):
        findable(customer("Ann Archer", number=f"C-{n}", home_branch_id=at.hill))
    findable(customer("Ann Archer", number="C-9", home_branch_id=at.lake))
    here = replace(DORA, branches=frozenset({at.lake}))
    assert [one.customer.number for one in likely("ann archer", here)] == ["C-9"]


def test_who_is_erased_leaves_no_mark_and_no_word_that_was_hers_alone() -> None:
    everybody()
    assert NameSlip.objects.filter(word="archer").exists()
    erase_customer("C-20001", by=EMIL, because="she asked", reference="R-1", at=timezone.now())
    assert not NameSlip.objects.filter(word="archer").exists()
    assert NameSlip.objects.filter(word="baker").exists()
    assert likely("ann acrher") == []
    gone = Customer.objects.get(erased_at__isnull=False)
    assert not RecognitionMark.objects.filter(customer=gone).exists()
    assert mark_customers([gone.id], {}) == 0


def test_who_was_there_before_is_marked_and_it_goes_on_where_it_ended() -> None:
    people = [ann(), bob(), cleo(), wang_fang()]
    findable(people[0])
    SearchToken.objects.filter(token__startswith="p:").delete()
    assert not are_marked()
    assert mark_the_rest() == len(people)
    assert are_marked()
    assert set(SearchToken.objects.filter(token__startswith="p:").values_list("customer_id", "token")) == {
        (people[0].id, "p:an.ar"), (people[1].id, "p:ba.bo"), (people[2].id, "p:ba.cl"), (people[3].id, "p:fa.wa"),
    }  # fmt: skip
    marks = set(RecognitionMark.objects.values_list("customer_id", "mark"))
    MarkingProgress.objects.update(done_until=people[0].id, finished_at=None)
    assert mark_the_rest() == len(people) - 1
    assert set(RecognitionMark.objects.values_list("customer_id", "mark")) == marks
    assert names(Told(names=(("Cleo Backer", "", ""),), streets=("2 Oak Street",))) == ["Cleo Baker", "Bob Baker"]


def test_nothing_sealed_lies_open_in_the_marks() -> None:
    everybody()
    kept = str(list(RecognitionMark.objects.values_list("mark"))) + str(list(NameSlip.objects.values_list("word")))
    assert not any(secret in kept for secret in ("5550100001", "example", "Elm", "Oak"))


def test_where_files_open_for_a_reason_only_whole_things_tell_a_number_and_nothing_else_is_confirmed() -> None:
    at = shop()
    findable(customer("Ann Archer", phone="+15550100001", email="ann@example.com", birth_on=date(1988, 4, 2)))
    ask_for_reason("service", branch_id=None, asked=True, by=EMIL, at=NOON)
    dora = asker_of(staff_called("dora"), "service")
    assert at.dora == dora.staff_id
    assert likely("Ann Acrher 1988-04-02", dora) == []
    [found] = likely("Ann Archer 1988-04-02 +15550100001", dora)
    assert (found.customer.name, found.customer.city, found.customer.may_open) == (None, None, False)
    assert {step.comparison for step in found.match.steps} == {"prior", "phone"}
    give_task(found.customer.number, kind="call_back", words="", due_on=NOON.date(), owner_id=at.dora, by=EMIL, at=NOON)
    [found] = likely("Ann Acrher 1988-04-02", dora)
    assert found.customer.name == "Ann Archer"


def test_of_the_protected_only_the_number_is_told() -> None:
    who = ann()
    findable(who)
    assert names("ann acrher") == ["Ann Archer"]
    protect_customer(who.number, because="known from television", by=EMIL, at=NOON)
    assert likely("ann acrher") == likely("Ann Archer 1988-04-02") == []
    [found] = likely("Ann Archer 1988-04-02 ann@example.com")
    assert (found.customer.number, found.customer.name) == (who.number, None)
    assert {step.comparison for step in found.match.steps} == {"prior", "email"}
    assert names("ann acrher", EMIL) == ["Ann Archer"]


def test_a_protected_one_takes_nobodys_place() -> None:
    """Who shares little beside the likeliest is not looked at; but not beside one who must not be told of."""
    who, other = ann(), customer("Ann Archer")
    findable(who)
    findable(other)
    typed = "Ann Archer 1988-04-02 ann@example.com +1 555 010 0001"
    protect_customer(who.number, because="known from television", by=EMIL, at=NOON)
    assert {one.customer.number: one.customer.name for one in likely(typed)} == {
        who.number: None, other.number: "Ann Archer"
    }  # fmt: skip
    protect_customer(other.number, because="her sister", by=EMIL, at=NOON)
    assert [one.customer.number for one in likely(typed)] == [who.number]
