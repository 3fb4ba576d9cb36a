"""What the house does every night: count anew, draw new keys for the anonymous view, check itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.journeys.check_house import check_and_keep
from regulars.journeys.disclose import lock_run_out
from regulars.journeys.erase_customer import erase_again
from regulars.journeys.expire_sources import believe_anew, expire_sources
from regulars.journeys.keep_own_attributes import finish_classing
from regulars.journeys.let_go import keep_no_longer
from regulars.journeys.merge_customers import gather_late
from regulars.journeys.refresh_scores import RefreshReport, refresh_scores
from regulars.journeys.run_import import NIGHT_SHIFT
from regulars.journeys.sweep_files import sweep_files
from regulars.journeys.tell_people import close_days
from regulars.records.choices.actions import follow_the_years
from regulars.records.company.access import company
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.free_texts.texts import sweep_texts
from regulars.records.orders.drafts import forget_drafts
from regulars.records.orders.selling import learn_prices
from regulars.records.staff.sessions import sweep_sessions
from regulars.records.touchpoints.calls import forget_calls

#: What products cost is learnt from orders of so many days.
PRICES_OF = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class NightCheck:
    """How many disagreements the check of the house found."""

    findings: int


def count_anew(*, at: datetime) -> RefreshReport:
    """All figures are right for the end of the last whole day; where time stands still, for that day. The order desk
    knows what products were last sold for."""
    learn_prices(since=at - PRICES_OF, until=at)
    gather_late(at=at)
    return refresh_scores(at=at, as_of=last_whole_day(at))


def draw_new_keys() -> int:
    """Nobody can link two nights of the anonymous view; how many keys were drawn."""
    return renew_anonymous_keys()


def forget_ended_sessions(*, at: datetime) -> None:
    """Of sessions that have run out nothing is kept, though nobody signs in who would sweep them out; nor of orders
    that somebody began and left lying for a week, nor the numbers of calls that are long over."""
    sweep_sessions(at=at)
    forget_drafts(at=at)
    forget_calls(at=at)


def check_by_night(*, at: datetime) -> NightCheck:
    """The house has checked itself, and the result stands in the officer's book. Who came of age is followed first, and
    who was erased stays erased."""
    follow_the_years()
    lock_run_out(by=NIGHT_SHIFT, at=at)
    erase_again(at=at)
    finish_classing()
    while sweep_texts(at=at):
        pass
    close_days(at=at)
    expire_sources(at=at)
    believe_anew(at=at)
    keep_no_longer(at=at)
    sweep_files()
    return NightCheck(len(check_and_keep(asked_by="night shift", at=at).report.findings))


def last_whole_day(at: datetime) -> date:
    """The day before `at` on the company's clock; the fixed business day where the data ended in the past."""
    facts = company()
    return facts.business_on or at.astimezone(ZoneInfo(facts.timezone)).date() - timedelta(days=1)
