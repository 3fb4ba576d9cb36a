"""Who may it be: the search's second list, a program's question and the command; the right person and the wrong one."""

import re
from datetime import date

import pytest
from django.utils import translation

from regulars.desks.shared.recognition_words import REASONS, likelihood, reason_said
from regulars.journeys.recognise_likely import recognise_typed
from regulars.records.customers.recognising import AT_A_DESK
from regulars.rules.identity.generations import OTHER, SAME
from regulars.rules.identity.model import MODEL, UNKNOWN, Step
from regulars.rules.permission.errors import BadInput
from tests.cast import DORA, EMIL, ann, customer
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")


def fragment(text: str, who: str = "dora", language: str = "en") -> str:
    answer = signed_in(who, language).get("/customers/", {"q": text}, headers={"HX-Target": "found"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_slip_brings_her_with_reason_and_hints() -> None:
    wanqing(shop())
    page = fragment("chen wanqng")
    assert "陈婉清" in page
    assert "Perhaps it is" in page
    for said in ("given name with a slip", "usually ", "an order", "complaint open", "last visit"):
        assert said in page, said
    assert "也许是" in fragment("wanqng chen", language="zh-hans")


def test_who_is_found_stands_there_once() -> None:
    wanqing(shop())
    page = fragment("wanqing")
    assert page.count('href="/customers/C-20418/"') == 1
    assert "Perhaps it is" not in page


def test_father_and_son_of_one_name_and_phone_are_both_likely_and_neither_certain() -> None:
    for number, born in (("C-20801", date(1950, 1, 2)), ("C-20802", date(1978, 3, 4))):
        who = customer("张伟", phone="+8613922220001", number=number, family_name="张", given_name="伟", birth_on=born)
        findable(who)
    both = recognise_typed("张伟 13922220001", by=DORA, because="call")
    assert [(one.almost_certain, one.probability > 0.98) for one in both] == [(False, True)] * 2
    son, father = recognise_typed("张伟 13922220001 1978-03-04", by=DORA, because="call")
    assert (son.customer.number, son.almost_certain, father.almost_certain) == ("C-20802", True, False)


def test_whoever_nobody_is_like_is_nobody() -> None:
    wanqing(shop())
    assert "Nobody found" in fragment("zzyzx qqq")
    assert "Nobody found" not in fragment("")


def test_mia_gets_no_second_list() -> None:
    wanqing(shop())
    assert "Perhaps it is" not in fragment("chen wanqng", "mia")


def test_nothing_she_does_not_see_is_in_the_hints() -> None:
    """A birthday is a hint only where the view shows days; no phone or mail is in any."""
    who = wanqing(shop())
    type(who).objects.filter(id=who.id).update(birth_on="1988-03-12")
    assert "birthday" not in fragment("chen wanqng")
    [found] = recognise_typed("chen wanqng", by=EMIL, because="test")
    assert found.birthday_near
    assert not re.search(r"4187|example\.com", fragment("chen wanqng"))


def test_a_till_asks_and_a_marketers_program_may_not() -> None:
    shop()
    findable(ann())
    till = program("service")
    asked = {"because": "caller id", "phone": "+1 555 010 0001", "country": "US"}
    [told] = till.post("/recognise", asked).told
    assert (told["name"], told["likelihood"]) == ("Ann Archer", "likely") or told["likelihood"] == "possible"
    assert [step["level"] for step in told["reasons"] if step["comparison"] == "phone"] == ["same"]
    assert told["bits"] == pytest.approx(sum(step["bits"] for step in told["reasons"]), abs=0.02)
    [told] = till.post("/recognise", {"because": "booking", "name": "Archer Anne", "birth_on": "1988-04-02"}).told
    assert told["name"] == "Ann Archer"
    assert till.post("/recognise", {"because": "booking"}).code() == "nothing_told"
    assert till.post("/recognise", {"text": "ann"}).status == 422
    assert program("marketer").post("/recognise", asked).status == 403


def test_the_command_says_who_and_why() -> None:
    wanqing(shop())
    said = regulars("recognise", "wanqin chen 1988-04-02", "--because", "on the phone")
    assert said.status == 0, said.err
    assert "C-20418" in said.out
    assert "same birth date" in said.out
    [one] = regulars("recognise", "wanqin chen", "--because", "x", "--json").json()
    assert one["customer"]["number"] == "C-20418"
    assert regulars("recognise", "", "--because", "x").status == 1


def test_nothing_told_is_told() -> None:
    with pytest.raises(BadInput, match="nothing_told"):
        recognise_typed("  ", by=DORA, because="x")


def test_every_level_has_words_in_both_languages() -> None:
    levels = {f"{name}.{level}" for name, levels in MODEL.comparisons.items() for level in levels if level != UNKNOWN}
    levels |= {f"{step.comparison}.{step.level}" for step in (SAME, OTHER, AT_A_DESK)} | {"phone.slip"}
    assert levels == set(REASONS) - {"prior", "household"}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = [reason_said(Step(*name.split("."), 0.0)) for name in levels]
            assert len(set(said)) == len(said)
    assert (likelihood(0.99, sure=True), likelihood(0.99, sure=False)) == ("sure", "likely")
