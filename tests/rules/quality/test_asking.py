"""What somebody is asked for again when she is here: little, the most pressing first, nothing she never told."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from regulars.rules.quality.asking import BROKEN, MOST, NOTHING, OLD, Ask, Way, is_old, to_ask
from regulars.rules.quality.fields import BY_KEY, WAYS
from regulars.rules.quality.shares import Counted, doubled_share, shares_of, together

TODAY = date(2026, 3, 12)
OLD_DAY = date(2020, 1, 1)
ways = some.lists(
    some.builds(Way, some.sampled_from(["phone", "sms", "email", "letter"]), some.booleans(),
                some.dates(date(2018, 1, 1), TODAY)), max_size=8,
)  # fmt: skip


def test_a_new_number_takes_the_place_of_one_that_does_not_work() -> None:
    assert to_ask([Way("phone", False, OLD_DAY), Way("sms", True, TODAY)], on=TODAY) == []


def test_what_does_not_work_comes_before_what_is_old() -> None:
    told = [Way("phone", True, OLD_DAY), Way("email", True, date(2019, 1, 1)), Way("letter", False, TODAY)]
    assert to_ask(told, on=TODAY) == [Ask("letter", BROKEN, TODAY), Ask("email", OLD, date(2019, 1, 1))]


@settings(deadline=None)
@given(ways)
def test_little_is_asked_and_only_what_was_told(told: list[Way]) -> None:
    asks = to_ask(told, on=TODAY)
    fields = {"phone" if one.channel == "sms" else one.channel for one in told}
    assert len(asks) <= MOST
    if not told:
        assert asks == [Ask("phone", NOTHING)]
        return
    for ask in asks:
        mine = [one for one in told if ask.field == ("phone" if one.channel == "sms" else one.channel)]
        working = [one for one in mine if one.works]
        assert ask.field in fields
        assert (ask.why == BROKEN) == (not working)
        if working:
            assert is_old(ask.field, max(one.noted_on for one in working), on=TODAY)


def test_each_field_is_believed_for_its_time() -> None:
    for way in WAYS:
        last = TODAY - timedelta(days=BY_KEY[way].fresh_days)
        assert not is_old(way, last, on=TODAY)
        assert is_old(way, last - timedelta(days=1), on=TODAY)


def test_sources_are_added_up_before_shares_are_taken() -> None:
    counts = [Counted(TODAY, 1, "phone", 10, 10, 10, 0), Counted(TODAY, 2, "phone", 90, 0, 0, 0)]
    [whole] = together(counts)
    assert shares_of(whole).complete == 0.1
    assert doubled_share([Counted(TODAY, 1, "doubled", 10, 2, 0, 0), Counted(TODAY, 2, "doubled", 10, 0, 0, 0)]) == 0.1
    assert doubled_share([]) is None
