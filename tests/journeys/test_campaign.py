"""A campaign from segment to result: who is asked, who is written to, who is left alone, and what it brought."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings

from regulars.connections.mail.post_box import PostBox
from regulars.journeys.judge_campaign import judge_test, record_campaign_answers
from regulars.journeys.open_campaign import open_campaign
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.send_campaign import send_waiting, start_roll_out, start_test
from regulars.records.campaigns.access import campaign
from regulars.records.campaigns.models import CampaignLook
from regulars.records.contacts.answers import Answer
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from regulars.rules.permission.errors import BadInput
from tests.cast import EMIL, MIA, NOON, ann, bob, cleo, customer, said
from tests.shop import everybody_segment, open_shop, refreshed, sell, spring_campaign

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    """A mail server of the test's own."""
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


def shop_with_people(extra: int = 0) -> list[Customer]:
    open_shop(TODAY)
    people = [
        ann(),
        bob(),
        cleo(),
        *(customer(f"Extra Person{n}", email=f"extra{n}@example.com") for n in range(extra)),
    ]
    for one in people:
        sell(one, date(2026, 2, 1), 10_000)
    refreshed(TODAY)
    return people


def moment() -> datetime:
    return NOON


def states(of: Customer) -> set[str]:
    return set(Contact.objects.filter(customer=of).values_list("state", flat=True))


def test_bob_is_counted_out_and_never_written_to(post_box: PostBox) -> None:
    _, b, _ = shop_with_people()
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepared = prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    assert (prepared.everyone, prepared.allowed) == (3, 2)
    start_test(key, by=MIA, at=NOON)
    report = send_waiting(key, by=MIA, now=moment)
    assert report.states == {"sent": 2}
    assert len(post_box.arrivals()) == 2
    assert states(b) == {"refused"}
    reasons = Contact.objects.get(customer=b).reasons
    assert [one["code"] for one in reasons if one["answer"] == "stop"] == ["marketing_closed", "channel_closed"]


def test_ann_withdraws_after_planning_and_gets_nothing(post_box: PostBox) -> None:
    a, *_ = shop_with_people()
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    said(a, "direct_marketing", "denied", at=NOON + timedelta(minutes=1))
    send_waiting(key, by=MIA, now=moment)
    assert states(a) == {"refused"}
    assert not any("ann" in str(post_box.message(one)["To"]) for one in post_box.arrivals())


def test_who_was_erased_after_planning_gets_nothing_and_stops_nobody(post_box: PostBox) -> None:
    a, _, c = shop_with_people()
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    Customer.objects.filter(id=a.id).update(erased_at=NOON)
    assert send_waiting(key, by=MIA, now=moment).states == {"cancelled": 1, "sent": 1}
    assert (states(a), states(c)) == ({"cancelled"}, {"sent"})


def test_sending_twice_sends_once(post_box: PostBox) -> None:
    shop_with_people(5)
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    send_waiting(key, by=MIA, now=moment)
    assert send_waiting(key, by=MIA, now=moment).states == {}
    assert set(post_box.arrivals().values()) == {1}


def test_the_message_has_her_name_and_a_way_out(post_box: PostBox) -> None:
    shop_with_people()
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    send_waiting(key, by=MIA, now=moment)
    hers = next(m for m in map(post_box.message, post_box.arrivals()) if "ann@" in str(m["To"]))
    assert hers["Subject"] == "Spring, Ann"
    assert hers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert hers["List-Unsubscribe"].startswith("<http")


def test_a_mail_server_that_is_away_loses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    shop_with_people()
    monkeypatch.setattr(settings, "MAIL_PORT", 1)
    key = spring_campaign(everybody_segment(), test_share=1.0, holdout_share=0.0)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    send_waiting(key, by=MIA, now=moment)
    assert Contact.objects.filter(state="waiting").count() == 2


def test_passed_test_rolls_out_to_the_rest_but_never_to_the_hold_out(post_box: PostBox) -> None:
    people = shop_with_people(60)
    key = spring_campaign(everybody_segment())
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    send_waiting(key, by=MIA, now=moment)
    tested = list(Contact.objects.filter(arm="test", state="sent").values_list("customer_id", flat=True))
    answers = [
        Answer(person, "redemption", NOON + timedelta(days=1), "coupon") for person in tested[: len(tested) // 2]
    ]
    assert record_campaign_answers(key, answers, by=MIA) == len(answers)
    assert record_campaign_answers(key, answers, by=MIA) == 0
    assert judge_test(key, by=MIA, at=NOON + timedelta(days=2)).verdict == "passed"
    start_roll_out(key, by=MIA, at=NOON + timedelta(days=2))
    send_waiting(key, by=MIA, now=moment)
    counts = {arm: Contact.objects.filter(arm=arm, state="sent").count() for arm in ("test", "rollout", "holdout")}
    assert counts["rollout"] > 0
    assert counts["holdout"] == 0
    assert sum(counts.values()) + Contact.objects.filter(state="holdout").count() == len(people) - 1
    result = campaign(key, by=MIA).result
    assert result["test"]["value"] == pytest.approx(len(answers) / counts["test"])


def test_a_campaign_is_prepared_once(post_box: PostBox) -> None:
    shop_with_people()
    key = spring_campaign(everybody_segment())
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    with pytest.raises(BadInput, match="campaign_not_draft"):
        prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)


def test_each_look_at_new_figures_is_counted_and_makes_the_interval_wider(post_box: PostBox) -> None:
    shop_with_people(extra=30)
    key = spring_campaign(everybody_segment(), threshold=0.4)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    assert open_campaign(key, by=MIA, at=NOON).facts.result == {}, "before it begins there is nothing to look at"
    start_test(key, by=MIA, at=NOON)
    tested = list(Contact.objects.filter(arm="test").values_list("customer_id", flat=True))
    seen = []
    for day in range(3):
        at = NOON + timedelta(days=day)
        answers = [Answer(person, "redemption", at, "coupon") for person in tested[: 1 + 3 * day]]
        record_campaign_answers(key, answers, by=MIA)
        record_campaign_answers(key, [], by=MIA)
        seen += [open_campaign(key, by=EMIL if again else MIA, at=at).facts for again in (False, True)]
    judged = [one.result["judgement"] for one in seen]
    assert [one["look"] for one in judged] == [1, 1, 2, 2, 3, 3], "the same figures are no other look"
    assert judged[4]["rate"]["low"] < seen[4].result["test"]["low"]
    told = judge_test(key, by=MIA, at=NOON + timedelta(days=3))
    assert (told.look, told.verdict) == (3, "cannot_tell_yet")
    assert [(one.number, one.by) for one in CampaignLook.objects.order_by("number")] == [(n, "Mia") for n in (1, 2, 3)]


def test_what_was_judged_stands_whatever_is_answered_later(post_box: PostBox) -> None:
    shop_with_people(extra=30)
    key = spring_campaign(everybody_segment())
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    start_test(key, by=MIA, at=NOON)
    tested = list(Contact.objects.filter(arm="test").values_list("customer_id", flat=True))
    half = [Answer(person, "redemption", NOON, "coupon") for person in tested[: len(tested) // 2]]
    record_campaign_answers(key, half, by=MIA)
    assert judge_test(key, by=MIA, at=NOON).verdict == "passed"
    record_campaign_answers(key, [Answer(person, "redemption", NOON, "coupon") for person in tested], by=MIA)
    result = open_campaign(key, by=MIA, at=NOON).facts.result
    assert result["judgement"]["rate"]["value"] == pytest.approx(len(half) / len(tested))
    assert (result["judgement"]["look"], result["test"]["value"]) == (1, 1.0)
