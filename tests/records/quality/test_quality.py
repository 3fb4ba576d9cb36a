"""The night's figures against a slow count, what bad data cost, and the list of whom to ask again."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from django.test import Client

from regulars.desks.night_shift import jobs
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.keep_quality import count_by_night, hand_out_cases, look_at_quality
from regulars.journeys.where_from import confirm_value, correct_value
from regulars.records.campaigns.models import Campaign
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import ContactPoint, Customer, FieldSaid
from regulars.records.intake.actions import ensure_source
from regulars.records.quality import counting
from regulars.records.quality.access import cases_to_ask
from regulars.records.quality.models import QualityCase, QualityConflict, QualityCost, QualityFigure
from regulars.records.staff.actions import hire
from regulars.records.tasks.models import Task
from regulars.records.watched.models import Canary
from regulars.rules.permission.errors import Denied
from regulars.rules.quality.fields import BY_KEY, RECORDS, WAYS
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo, customer, reach
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD, findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def counted() -> None:
    """The night of the story's fixed day."""
    count_by_night(at=NOON)


def old(who: Customer, channel: str) -> None:
    ContactPoint.objects.filter(customer=who, channel=channel).update(noted_at=LONG_AGO)


def broken(who: Customer, channel: str) -> None:
    ContactPoint.objects.filter(customer=who, channel=channel).update(valid=False)


def by_hand(people: list[Customer], on: date) -> dict[tuple[int | None, str], list[int]]:
    """Field by field and person by person."""
    found: dict[tuple[int | None, str], list[int]] = {}
    for who in people:
        for one in RECORDS:
            said = str(getattr(who, one.key) or "")
            right = bool(said and re.search(one.shape, said)) and (one.key != "birth_on" or said <= on.isoformat())
            rows = [(row.value or row.closed, row.said_at, row.confirmed_at)
                    for row in FieldSaid.objects.filter(customer=who, field=one.key)]  # fmt: skip
            mine = [row for row in rows if row[0] == said]
            since = max((at for _, *moments in mine for at in moments if at), default=who.told_at or LONG_AGO)
            fresh = bool(said) and since.date() >= on - timedelta(days=one.fresh_days)
            sure = any(confirmed for _, _, confirmed in mine)
            disputed = len({value for value, *_ in rows}) > 1 and not sure
            add(found, (who.source_id, one.key), bool(said), right, fresh, disputed, bool(said) and sure)
        points = list(ContactPoint.objects.filter(customer=who))
        for way in WAYS:
            mine = [one for one in points if way == ("phone" if one.channel == "sms" else one.channel)]
            working = [one.noted_at.date() for one in mine if one.valid]
            limit = on - timedelta(days=BY_KEY[way].fresh_days)
            fresh = bool(working) and max(working) >= limit
            add(found, (who.source_id, way), bool(mine), bool(working), fresh, False, False)
    return found


def add(found: dict[tuple[int | None, str], list[int]], key: tuple[int | None, str], *told: bool) -> None:
    counts = found.setdefault(key, [0] * 6)
    for place, one in enumerate((True, *told)):
        counts[place] += one


def test_the_figures_are_those_of_a_slow_count() -> None:
    at, chance = shop(), Random(3)
    for n in range(25):
        some: dict[str, Any] = {
            "source_id": chance.choice([at.source, None]), "sex": chance.choice(["", "female", "x"]),
            "birth_on": chance.choice([None, date(1988, 4, 2), date(2030, 1, 1)]),
            "country": chance.choice(["", "CN", "cn"]), "city": chance.choice(["", "杭州", "12345"]),
            "postcode": chance.choice(["", "310000", "?"]), "language": chance.choice(["", "en", "zh-hans", "English"]),
            "told_at": chance.choice([NOON, LONG_AGO, None]), "first_seen_on": LONG_AGO.date(),
        }  # fmt: skip
        who = customer(chance.choice(["王芳", "Ann Archer", "R2D2", ""]), **some)
        for field in chance.sample(["city", "sex", "postcode", "name"], 2):
            say_of(who, field, [at.source, None], chance)
        told = {"phone": f"+861380000{n:04}", "sms": f"+861390000{n:04}", "email": f"a{n}@example.com"}
        for channel, value in told.items():
            if chance.random() < 0.6:
                point = reach(who, channel, value)
                noted = chance.choice([NOON, LONG_AGO])
                ContactPoint.objects.filter(id=point.id).update(valid=chance.random() < 0.7, noted_at=noted)
    counted()
    rows = QualityFigure.objects.filter(counted_on=TODAY).exclude(field="doubled")
    figures = {(one.source_id, one.field): counts_of(one) for one in rows}
    assert figures == by_hand(list(Customer.objects.all()), TODAY)


def counts_of(one: QualityFigure) -> list[int]:
    return [one.people, one.filled, one.valid, one.fresh, one.disputed, one.confirmed]


def say_of(who: Customer, field: str, sources: list[int | None], chance: Random) -> None:
    """Sources say what the record says, or something else; one of them may have been confirmed."""
    for source in sources[: chance.randrange(3)]:
        said = chance.choice([str(getattr(who, field)) or "x", "y"])
        where = {"closed" if field == "postcode" else "value": said}
        confirmed = chance.choice([None, None, NOON])
        noted = chance.choice([NOON, LONG_AGO])
        FieldSaid.objects.create(
            customer=who, field=field, source_id=source, said_at=noted, confirmed_at=confirmed, **where
        )


def test_whose_word_is_contradicted_is_counted_by_source_and_field_and_asked_again() -> None:
    at = shop()
    till = ensure_source("web-shop", by=STEN, at=NOON, name="Web shop").id
    people = [customer(f"Ann {n}", city="Lyon", source_id=at.source) for n in range(3)]
    for who in people:
        for source, city in ((at.source, "Lyon"), (till, "Paris")):
            FieldSaid.objects.create(customer=who, field="city", source_id=source, value=city, said_at=NOON)
    FieldSaid.objects.create(customer=people[0], field="birth_on", source_id=till, closed="1988-04-02", said_at=NOON)
    counted()
    found = {(one.source_id, one.field, one.said, one.against) for one in QualityConflict.objects.all()}
    assert found == {(at.source, "city", 3, 0), (till, "city", 3, 3)}
    asked = look_at_quality(by=STEN, because="quality")
    assert [(one.field, one.said, one.against) for one in asked.conflicts] == [("city", 3, 3), ("city", 3, 0)]
    assert {(ask.field, ask.why) for one in asked.cases for ask in one.asks} == {("city", "sources_disagree")}
    dora = signed_in("dora")
    assert "sources disagree" in dora.get(f"/customers/{people[0].number}/").content.decode()
    confirm_value(people[0].number, "city", till, by=DORA, because="she told me", at=NOON)
    correct_value(people[1].number, "city", "Nice", by=DORA, because="she moved", at=NOON)
    counted()
    [row] = QualityFigure.objects.filter(field="city", source_id=at.source)
    assert (row.disputed, row.confirmed) == (1, 2)
    assert {one.number for one in look_at_quality(by=STEN, because="quality").cases} == {people[2].number}
    assert "sources disagree" not in dora.get(f"/customers/{people[0].number}/").content.decode()


def test_an_old_city_is_asked_for_again_and_what_a_view_hides_is_not() -> None:
    shop()
    who = customer("Ann", city="Lyon", postcode="69001", first_seen_on=LONG_AGO.date())
    for source, postcode in ((None, "69001"), (ensure_source("web-shop", by=STEN, at=NOON).id, "69002")):
        FieldSaid.objects.create(customer=who, field="postcode", source_id=source, closed=postcode, said_at=NOON)
    counted()
    [case] = look_at_quality(by=STEN, because="quality").cases
    assert [(one.field, one.why, one.noted_on) for one in case.asks] == [("city", "old", LONG_AGO.date())]
    assert QualityFigure.objects.get(field="postcode").disputed == 1
    correct_value(who.number, "city", "Lyon", by=DORA, because="still there", at=NOON)
    counted()
    assert not look_at_quality(by=STEN, because="quality").cases


def test_counting_twice_is_counting_once_and_other_nights_stand() -> None:
    shop()
    ann()
    QualityFigure.objects.create(counted_on=date(2026, 3, 1), field="phone", people=1, filled=1, valid=1, fresh=1)
    counted()
    before = sorted(QualityFigure.objects.values_list("counted_on", "source_id", "field", "people", "filled"))
    counted()
    assert before == sorted(QualityFigure.objects.values_list("counted_on", "source_id", "field", "people", "filled"))
    assert QualityFigure.objects.filter(counted_on=date(2026, 3, 1)).exists()


def test_a_night_that_breaks_off_leaves_the_figures_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    shop()
    who = bob()
    broken(who, "email")
    counted()
    whole = (QualityFigure.objects.count(), QualityCase.objects.count())
    monkeypatch.setattr(counting, "_CASES", "SELECT 1 / 0")
    with pytest.raises(psycopg.Error):
        counted()
    assert (QualityFigure.objects.count(), QualityCase.objects.count()) == whole
    assert whole[1] == 1


def test_two_records_of_one_name_and_one_phone_seem_to_be_double() -> None:
    shop()
    twins = [customer("Ann Archer", phone="+15550100001"), customer("ann archer", phone="+1 555 010 0001")]
    son = customer("Tom Archer", phone="+15550100001")
    for who in (*twins, son):
        findable(who)
    counted()
    [row] = QualityFigure.objects.filter(field="doubled")
    assert (row.people, row.filled) == (3, 2)
    Customer.objects.update(first_seen_on=date(2026, 1, 1))
    counted()
    assert QualityCost.objects.get(kind="missed_matches").cases == 2


def test_what_came_back_costs_what_the_campaign_said() -> None:
    at = shop()
    who = wanqing(at)
    Campaign.objects.update(cost_each_minor=250, currency="CNY")
    one = Contact.objects.filter(customer=who).first()
    assert one is not None
    Contact.objects.filter(id=one.id).update(state="failed", decided_at=NOON - timedelta(days=3))
    broken(who, "phone")
    counted()
    found = {cost.kind: (cost.cases, cost.cost_minor) for cost in look_at_quality(by=STEN, because="quality").costs}
    assert found["dead_addresses"] == (1, 0)
    assert (1, 250) in found.values()


def test_whom_to_ask_again_becomes_somebodys_task() -> None:
    at = shop()
    people = [ann(), bob(), cleo()]
    broken(people[0], "email")
    old(people[1], "phone")
    counted()
    found = look_at_quality(by=STEN, because="quality").cases
    assert {(one.name, tuple((ask.field, ask.why) for ask in one.asks)) for one in found} == {
        ("Ann Archer", (("email", "does_not_work"),)), ("Bob Baker", (("phone", "old"),)),
    }  # fmt: skip
    assert hand_out_cases(1, [at.dora], by=STEN, because="quality", at=NOON) == 1
    assert hand_out_cases(9, [at.dora], by=STEN, because="quality", at=NOON) == 1
    assert hand_out_cases(9, [at.dora], by=STEN, because="quality", at=NOON) == 0
    owners = Counter(one.owner for one in look_at_quality(by=STEN, because="quality").cases)
    assert owners == {"Dora": 2}
    task = Task.objects.filter(kind="ask_again", customer=people[0]).get()
    assert task.because == {"ask": [["email", "does_not_work"]]}
    dora = signed_in("dora")
    assert "does not work any more" in dora.get("/tasks/").content.decode()
    assert "Ask at this visit" in dora.get(f"/customers/{people[0].number}/").content.decode()
    assert "请趁这次询问" in signed_in("dora", "zh-hans").get(f"/customers/{people[0].number}/").content.decode()
    Task.objects.filter(id=task.id).update(state="closed", closed_at=NOON)
    assert look_at_quality(by=STEN, because="quality").asked == 1


def test_who_is_not_in_a_view_is_not_on_its_list_and_nobody_erased_is() -> None:
    shop()
    he, she = bob(), ann()
    broken(he, "phone")
    broken(she, "phone")
    counted()
    assert {one.name for one in cases_to_ask(by=MIA, because="quality")} == {"Ann Archer"}
    assert [one.asks for one in cases_to_ask(by=MIA, because="quality")] == [()]
    hill = replace(DORA, branches=frozenset({99}))
    Customer.objects.filter(id=he.id).update(home_branch_id=1)
    assert {one.name for one in cases_to_ask(by=hill, because="quality")} == {"Ann Archer"}
    erase_customer(he.number, by=EMIL, because="asked", reference="R-1", at=NOON)
    assert not QualityCase.objects.filter(customer=he).exists()


def test_only_steward_and_officer_look_and_only_the_steward_hands_out() -> None:
    shop()
    for by in (DORA, MIA):
        with pytest.raises(Denied, match="quality_not_for_this_role"):
            look_at_quality(by=by, because="quality")
    with pytest.raises(Denied, match="quality_not_for_this_role"):
        hand_out_cases(1, [], by=EMIL, because="quality", at=NOON)


def test_the_page_the_terminal_and_a_program_tell_the_same() -> None:
    at = shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    sten = signed_in("sten")
    assert "Nothing has been counted yet" in page(sten)
    who = wanqing(at)
    broken(who, "email")
    assert "figures" in regulars("quality", "count").out
    for measure in ("complete", "valid", "fresh", "disputed", "confirmed", "nonsense"):
        assert "By source" in page(sten, f"?measure={measure}&source={at.source}")
    assert "陈婉清" in page(sten)
    assert "质量" in page(signed_in("emil", "zh-hans"))
    assert "Make them tasks" not in page(signed_in("emil"))
    assert "100%" in regulars("quality", "show").out
    assert regulars("quality", "show", "--json").json()["on"] == "2026-03-12"
    assert who.number in regulars("quality", "ask", "--because", "test").out
    assert regulars("quality", "show", "--json").json()["conflicts"] == []
    ask = program("steward")
    assert ask.get("/quality").told["conflicts"] == []
    assert ask.get("/quality").told["on"] == "2026-03-12"
    [case] = ask.get("/quality/cases", because="test").told
    assert (case["number"], case["asks"][0]["why"]) == (who.number, "does_not_work")
    assert sten.post("/data/quality/hand-out/", {"most": 5, "owner": at.dora}, follow=True).status_code == 200
    assert Task.objects.get(kind="ask_again").owner_id == at.dora
    assert sten.post("/data/quality/hand-out/", {"most": 0}, follow=True).status_code == 200
    assert ask.post("/quality/cases/hand-out", {"because": "test", "owners": ["nobody"]}).code() == "no_such_staff"
    assert ask.post("/quality/cases/hand-out", {"because": "test"}).told == {"opened": 0}
    assert "0 tasks" in regulars("quality", "hand-out", "--owner", "dora", "--because", "test").out


def test_it_is_counted_every_night() -> None:
    shop()
    ann()
    jobs.count_quality_every_night(timestamp=0)
    assert QualityFigure.objects.exists()


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/data/quality/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_decoy_is_not_counted_and_whoever_a_demonstration_invents_is() -> None:
    decoy = customer("Dan Decoy", invented=True)
    customer("Ina Invented", invented=True)
    Canary.objects.create(customer_id=decoy.id, planted_at=NOON, planted_by="Emil")
    counted()
    assert {row.people for row in QualityFigure.objects.all()} == {1}
