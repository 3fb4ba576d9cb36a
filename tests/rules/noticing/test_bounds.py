"""What is learned moves the bounds between floor and ceiling, and one wild hour moves nothing."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.noticing.normal import OTHERS, ROLES, Amount, bounds_of
from regulars.rules.noticing.slowing import FIRST_DELAY, LONGEST_DELAY, delay_of

AMOUNTS = st.lists(st.builds(Amount, st.integers(0, 10**6), st.integers(0, 10**7)), max_size=12)
ANY_ROLE = st.sampled_from([*ROLES, "somebody new"])


@given(ANY_ROLE, AMOUNTS, AMOUNTS)
def test_bounds_stay_between_floor_and_ceiling_whatever_was_read(
    role: str, same: list[Amount], every: list[Amount]
) -> None:
    known, bounds = ROLES.get(role, OTHERS), bounds_of(role, same, every)
    assert known.floor.files <= bounds.slow.files <= known.ceiling.files
    assert known.floor.rows <= bounds.slow.rows <= known.ceiling.rows
    assert bounds.stop == Amount(2 * bounds.slow.files, 2 * bounds.slow.rows)


def test_nobody_at_the_counter_opens_five_hundred_files_an_hour_however_slowly_she_got_there() -> None:
    weeks = [Amount(n, 0) for n in range(100, 500, 10)]
    assert bounds_of("service", weeks, weeks).stop.files == 300


def test_one_wild_hour_does_not_make_wild_hours_normal() -> None:
    calm = [Amount(55 + n % 5, 0) for n in range(20)]
    assert bounds_of("service", calm, calm) == bounds_of("service", [*calm, Amount(9_000, 0)], calm)


def test_four_of_the_same_hour_go_before_all_others() -> None:
    busy, calm = [Amount(40, 0)] * 4, [Amount(5, 0)] * 50
    assert bounds_of("service", busy, busy + calm).slow.files == 100
    assert bounds_of("service", busy[:3], busy + calm).slow.files == 60


@given(st.integers(0, 400), st.integers(0, 4000))
def test_the_delay_only_grows_and_is_bounded(files: int, rows: int) -> None:
    bounds = bounds_of("service", [], [])
    now, more = delay_of(Amount(files, rows), bounds), delay_of(Amount(files + 1, rows + 1), bounds)
    assert 0 <= now <= more <= LONGEST_DELAY + 1e-9
    assert now == 0 or now >= FIRST_DELAY
