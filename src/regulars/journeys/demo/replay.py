"""One campaign of 2017, sent again as we would send it, with the coupons really redeemed as its answers.

The grocer mailed the real campaign to 1,133 households; whoever of our hold-out was among them got those coupons too.
So the effect against the hold-out must be about nothing here, and its interval must say so: an honest check of the
machinery (an A/A test), not a success story.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from regulars.connections.files.complete_journey import RealCampaign, Redemption, real_campaign, redemptions
from regulars.journeys.demo.cast import COMPANY, HOUSE, SOURCE
from regulars.journeys.judge_campaign import finish_campaign, judge_test, record_campaign_answers
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.send_campaign import Say, send_waiting, start_roll_out, start_test
from regulars.records.campaigns.access import campaigns
from regulars.records.campaigns.actions import Draft, draft_campaign
from regulars.records.contacts.answers import Answer
from regulars.records.customers.refs import customers_by_ref
from regulars.records.segments.access import segment
from regulars.rules.permission.asking import Asker

NUMBER: Final = 18
KEY: Final = "autumn-coupons-2017"
SEGMENT: Final = "regulars_90d"
MARKETER: Final = Asker("Qiao Anran", "marketer", "marketing", "direct_marketing")
ZONE: Final = ZoneInfo(COMPANY.timezone)
TEST_DAYS: Final = 14
DRAFT: Final = {
    "name": "Autumn coupons",
    "name_zh": "秋季优惠券",
    "selling_point": "Coupons for what you buy anyway",
    "subject": "{given_name}, your autumn coupons are ready",
    "subject_zh": "{name}，您的秋季优惠券到了",
    "body": "Dear {honorific} {name},\n\nyour coupons for this autumn lie at the till: for things you buy with us "
    "anyway. They hold until 24 December.\n\nMillbrook Market",
    "body_zh": "{name}{honorific}，您好：\n\n这个秋天的优惠券在收银台等您，都是您平时会买的东西，"
    "12 月 24 日前有效。\n\n禾溪超市",
    "reason": "due_this_month",
    "channel": "email",
    "threshold": 0.03,
    "expected_response": 0.08,
    "cap_30d": 2,
    "test_share": 0.25,
    "holdout_share": 0.15,
    "budget_minor": 60_000,
    "cost_each_minor": 12,
}


def replay_campaign(*, say: Say = lambda step, done, of: None) -> None:
    """The campaign is sent, answered, judged, rolled out and finished when this returns;
    done before, nothing happens."""
    if any(one.key == KEY and one.state == "finished" for one in campaigns(by=MARKETER)):
        return
    real = real_campaign(NUMBER)
    answers = _answers(list(redemptions(NUMBER)))
    _draft(real)
    begin = _at(real.start_on, 10)
    _prepare(begin)
    _first(begin, answers, say)
    _rest(real, answers, say)


def _draft(real: RealCampaign) -> None:
    if any(one.key == KEY for one in campaigns(by=MARKETER)):
        return
    draft = Draft(
        key=KEY,
        segment_id=segment(SEGMENT).id,
        currency=COMPANY.currency,
        answers_until=real.end_on,
        replay_of=real.known_as,
        **DRAFT,  # type: ignore[arg-type]  # the words above, checked by the draft itself
    )
    draft_campaign(draft, by=MARKETER, at=_at(real.start_on - timedelta(days=3), 9))


def _prepare(begin: datetime) -> None:
    if _state() == "draft":
        prepare_campaign(KEY, by=MARKETER, at=begin, as_of=begin.date())


def _first(begin: datetime, answers: list[Answer], say: Say) -> None:
    """The test goes out; two weeks later it is judged."""
    if _state() == "ready":
        start_test(KEY, by=MARKETER, at=begin)
    if _state() == "testing":
        _send_round_the_clock(begin, say)
        judged = begin + timedelta(days=TEST_DAYS)
        record_campaign_answers(KEY, [one for one in answers if one.at <= judged], by=MARKETER)
        judge_test(KEY, by=MARKETER, at=judged)


def _rest(real: RealCampaign, answers: list[Answer], say: Say) -> None:
    """Passed, the others get it within the promised 48 hours; on the last day all answers are in."""
    second = _at(real.start_on + timedelta(days=TEST_DAYS + 1), 10)
    if _state() == "passed":
        start_roll_out(KEY, by=MARKETER, at=second)
    if _state() == "rolling_out":
        _send_round_the_clock(second, say)
        record_campaign_answers(KEY, answers, by=MARKETER)
        finish_campaign(KEY, by=MARKETER, at=_at(real.end_on, 20))


def _send_round_the_clock(begin: datetime, say: Say) -> None:
    """Whoever sleeps at the first hour is written to in her own morning."""
    for hours in (0, 3, 13):
        moment = begin + timedelta(hours=hours)
        send_waiting(KEY, by=MARKETER, now=lambda at=moment: at, say=say)  # type: ignore[misc]  # bound now, on purpose


def _answers(redeemed: list[Redemption]) -> list[Answer]:
    """Coupons really redeemed, as answers of our customers; several coupons on one day are several answers of one
    person."""
    people: Mapping[str, int] = customers_by_ref(SOURCE, {str(one.household_id) for one in redeemed}, by=HOUSE)
    return [
        Answer(people[str(one.household_id)], "redemption", _at(one.on, 12), one.coupon)
        for one in redeemed
        if str(one.household_id) in people
    ]


def _state() -> str:
    return next(one.state for one in campaigns(by=MARKETER) if one.key == KEY)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZONE)
