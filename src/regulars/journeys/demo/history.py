"""The grocer's other campaigns of 2017 as they really were: who was sent what when, and who redeemed a coupon.

So the pressure of the past counts when ours asks how often somebody was written to, and segments know who answers.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from regulars.connections.files.complete_journey import RealCampaign, real_campaigns, real_recipients, redemptions
from regulars.journeys.demo.cast import COMPANY, HOUSE, LAST_DAY, SOURCE
from regulars.journeys.demo.replay import MARKETER, NUMBER
from regulars.journeys.judge_campaign import record_campaign_answers
from regulars.records.campaigns.access import campaigns
from regulars.records.campaigns.actions import Draft, bring_in_finished
from regulars.records.contacts.answers import Answer
from regulars.records.contacts.history import bring_in_sent
from regulars.records.customers.refs import customers_by_ref
from regulars.records.segments.access import segment

ZONE = ZoneInfo(COMPANY.timezone)


def bring_in_campaigns() -> int:
    """How many of the real campaigns came in now; those sent before 2017 and the one we replay stay out."""
    known = {one.key for one in campaigns(by=MARKETER)}
    wanted = [one for one in real_campaigns() if one.campaign_id != NUMBER and one.start_on >= date(2017, 1, 1)]
    missing = [one for one in wanted if _key(one) not in known]
    for one in missing:
        _bring_in(one)
    return len(missing)


def _bring_in(real: RealCampaign) -> None:
    """The campaign, its contacts by letter, its redemptions as answers."""
    recipients = real_recipients(real.campaign_id)
    redeemed = list(redemptions(real.campaign_id))
    refs = {str(number) for number in recipients} | {str(one.household_id) for one in redeemed}
    people = customers_by_ref(SOURCE, refs, by=HOUSE)
    sent_at = _at(real.start_on, 9)
    number = bring_in_finished(_draft(real), by=MARKETER, sent_at=sent_at, ended_at=_at(min(real.end_on, LAST_DAY), 20))
    bring_in_sent(number, "letter", (people[str(one)] for one in recipients if str(one) in people), sent_at=sent_at)
    answers = [
        Answer(people[str(one.household_id)], "redemption", _at(one.on, 12), one.coupon)
        for one in redeemed
        if str(one.household_id) in people
    ]
    record_campaign_answers(_key(real), answers, by=MARKETER)


def _draft(real: RealCampaign) -> Draft:
    return Draft(
        key=_key(real), name=f"Coupons {real.campaign_id} ({real.campaign_type})",
        name_zh=f"优惠券 {real.campaign_id}（{real.campaign_type.removeprefix('Type ')} 类）",
        channel="letter", reason="segment",
        segment_id=segment("everybody").id, threshold=0.03, expected_response=0.05, currency=COMPANY.currency,
        test_share=1.0, holdout_share=0.0, answers_until=real.end_on, cost_each_minor=55,
        replay_of=real.known_as,
    )  # fmt: skip


def _key(real: RealCampaign) -> str:
    return f"real-{real.campaign_id}"


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZONE)
