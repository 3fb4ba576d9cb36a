"""A campaign after its test: purchases count in every arm, a passed test rolls out, answerers are profiled."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings

from regulars.connections.mail.post_box import PostBox
from regulars.journeys.carry_on_campaigns import carry_on_campaigns
from regulars.journeys.draw_responder_profile import draw_responder_profile
from regulars.journeys.judge_campaign import judge_test
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.send_campaign import send_waiting, start_test
from regulars.journeys.stop_campaign import stop_campaign
from regulars.journeys.take_purchases_as_answers import take_purchases_as_answers
from regulars.journeys.work_at_night import check_by_night, count_anew, draw_new_keys, last_whole_day
from regulars.records.campaigns.access import campaign
from regulars.records.contacts.access import arm_answers
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from regulars.rules.permission.errors import BadInput
from tests.cast import MIA, NOON, customer
from tests.shop import everybody_segment, open_shop, refreshed, sell, spring_campaign

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)
HOUR = timedelta(hours=1)


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


def campaign_tested(people: int = 60) -> str:
    """A campaign whose test has been sent; half of the people spent much before."""
    open_shop()
    for n in range(people):
        who = customer(f"Guest Number{n}", email=f"guest{n}@example.com", city="Turin" if n % 2 else "Milan")
        sell(who, date(2026, 2, 1), 90_000 if n % 2 else 1_000)
    refreshed(TODAY)
    key = spring_campaign(everybody_segment(), test_share=0.6, holdout_share=0.2)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    send_waiting(key, by=MIA, now=lambda: NOON)
    return key


def buy(arm: str, city: str = "") -> int:
    """Everybody of an arm (and a city) buys the next day; how many they are."""
    found = Customer.objects.filter(contacts__arm=arm, **({"city": city} if city else {}))
    for who in found:
        sell(who, TODAY + timedelta(days=1), 2_500)
    refreshed(TODAY + timedelta(days=1))
    return found.count()


def answered() -> dict[str, int]:
    return {one.arm: one.responders for one in arm_answers(Contact.objects.values_list("campaign_id", flat=True)[0])}


def test_purchases_count_in_the_hold_out_too_and_only_once(post_box: PostBox) -> None:
    key = campaign_tested()
    tested_people, held = buy("test"), buy("holdout")
    assert take_purchases_as_answers(key, by=MIA) == tested_people + held
    assert take_purchases_as_answers(key, by=MIA) == 0
    assert (answered()["test"], answered()["holdout"], answered()["rollout"]) == (tested_people, held, 0)


def test_purchases_before_the_test_are_no_answers(post_box: PostBox) -> None:
    assert take_purchases_as_answers(campaign_tested(), by=MIA) == 0


def test_before_the_test_there_is_nothing_to_count() -> None:
    open_shop()
    with pytest.raises(BadInput, match="campaign_not_sending"):
        take_purchases_as_answers(spring_campaign(everybody_segment()), by=MIA)


def test_a_passed_test_rolls_out_by_itself_after_a_day(post_box: PostBox) -> None:
    key = campaign_tested()
    buy("test")
    take_purchases_as_answers(key, by=MIA)
    assert judge_test(key, by=MIA, at=NOON).verdict == "passed"

    def at(hours: int) -> datetime:
        return NOON + hours * HOUR

    assert carry_on_campaigns(now=lambda: at(23)) == []
    assert campaign(key, by=MIA).state == "passed"
    assert carry_on_campaigns(now=lambda: at(24)) == [key]
    assert not Contact.objects.filter(state="reserved").exists()
    assert Contact.objects.filter(arm="rollout", state="sent").count() > 0
    assert not Contact.objects.filter(arm="holdout", state="sent").exists()
    assert carry_on_campaigns(now=lambda: at(25)) == []


def test_stopped_it_does_not_go_on(post_box: PostBox) -> None:
    key = campaign_tested()
    buy("test")
    take_purchases_as_answers(key, by=MIA)
    judge_test(key, by=MIA, at=NOON)
    assert stop_campaign(key, by=MIA, at=NOON) > 0
    assert carry_on_campaigns(now=lambda: NOON + 40 * HOUR) == []
    assert not Contact.objects.filter(arm="rollout", state="sent").exists()


def test_the_profile_finds_what_told_answerers_apart_beforehand(post_box: PostBox) -> None:
    key = campaign_tested(120)
    assert draw_responder_profile(key, by=MIA) is None
    buy("test", "Turin")
    sell(Customer.objects.filter(contacts__arm="test", city="Milan")[0], TODAY + timedelta(days=1), 900)
    refreshed(TODAY + timedelta(days=1))
    take_purchases_as_answers(key, by=MIA)
    profile = draw_responder_profile(key, by=MIA)
    assert profile is not None
    telling = {(trait.key, cell.value) for trait, cell in profile.telling if cell.lift.value and cell.lift.value > 1}
    assert ("city", "Turin") in telling
    # Those who answered have of course bought lately; that was not so on the eve.
    assert not any(key == "recency_days" for key, _value in telling)


def test_every_night_the_house_counts_draws_keys_and_checks_itself() -> None:
    open_shop()
    sell(customer("Guest Number1"), date(2026, 3, 10), 5_000)
    assert count_anew(at=NOON).as_of == last_whole_day(NOON) == date(2026, 3, 11)
    assert draw_new_keys() == 1
    assert check_by_night(at=NOON).findings == 0
