"""Who answered against who did not: the figures are scipy's, chance is not mistaken for a trait, few stay hidden."""

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import relative_risk

from regulars.rules.experiments.effect import Arm
from regulars.rules.experiments.profile import (
    SMALLEST,
    Band,
    Trait,
    cramers_v,
    fisher,
    lift,
    q_values,
    responder_profile,
    traits_for,
)
from regulars.rules.segments.profile import PROFILE

arms = st.integers(1, 60).flatmap(lambda n: st.builds(Arm, st.just(n), st.integers(0, n)))


@given(arms, arms)
def test_fishers_test_is_scipys(inside: Arm, outside: Arm) -> None:
    table = [
        [inside.responses, inside.people - inside.responses],
        [outside.responses, outside.people - outside.responses],
    ]
    assert fisher(inside, outside) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6, abs=1e-12)


@given(arms, arms)
def test_katzs_interval_is_scipys(inside: Arm, outside: Arm) -> None:
    ours = lift(inside, outside)
    if inside.responses and outside.responses:
        theirs = relative_risk(inside.responses, inside.people, outside.responses, outside.people)
        low, high = theirs.confidence_interval(0.95)
        assert ours.value == pytest.approx(theirs.relative_risk)
        assert (ours.low, ours.high) == (pytest.approx(low), pytest.approx(high))
    else:
        assert ours.value is None or ours.low <= ours.value <= ours.high


@given(st.lists(st.floats(0, 1), max_size=30))
def test_q_values_are_scipys_and_never_below_p(p_values: list[float]) -> None:
    ours = q_values(p_values)
    if p_values:
        assert ours == pytest.approx(stats.false_discovery_control(p_values).tolist())
    assert all(q >= p for q, p in zip(ours, p_values, strict=True))


@given(st.lists(arms, min_size=2, max_size=6))
def test_cramers_v_is_scipys(cells: list[Arm]) -> None:
    table = np.array([[cell.responses, cell.people - cell.responses] for cell in cells])
    ours = cramers_v((cell.people, cell.responses) for cell in cells)
    if (table.sum(axis=0) > 0).all():
        assert ours == pytest.approx(stats.contingency.association(table, method="cramer"), abs=1e-9)
    else:
        assert ours == 0


def contacted(rows: str) -> duckdb.DuckDBPyRelation:
    return duckdb.connect().sql(rows)


def test_a_trait_that_matters_is_found_and_one_that_does_not_is_left_alone() -> None:
    people = contacted(
        """SELECT CASE WHEN i % 4 = 0 THEN 'champions' ELSE 'new' END AS rfm_group,
                  CASE WHEN i % 3 = 0 THEN 'zh' ELSE 'en' END AS language,
                  (i % 4 = 0 AND i % 5 < 2) OR i % 40 = 1 AS responded
           FROM range(1200) t(i)"""
    )
    found = responder_profile(people, [Trait("language", "language"), Trait("rfm_group", "rfm_group")])
    assert [compared.trait.key for compared in found.traits] == ["rfm_group", "language"]
    assert found.traits[0].strength > 0.4 > found.traits[1].strength
    assert {cell.value for _, cell in found.telling} == {"champions", "new"}
    champions = next(cell for cell in found.traits[0].cells if cell.value == "champions")
    assert champions.lift.value is not None and champions.lift.value > 5 and champions.lift.low > 1


def test_among_many_traits_that_mean_nothing_chance_is_not_believed() -> None:
    columns = ", ".join(f"hash(i * 1000 + {n}) % 4 AS t{n}" for n in range(40))
    people = contacted(f"SELECT hash(i) % 10 = 0 AS responded, {columns} FROM range(3000) t(i)")
    traits = [Trait(f"t{n}", f"t{n}") for n in range(40)]
    found = responder_profile(people, traits)
    cells = [cell for compared in found.traits for cell in compared.cells]
    assert len(cells) == 160 and sum(cell.p_value < 0.05 for cell in cells) > 0
    assert found.telling == ()


def test_three_people_in_a_village_are_not_shown_nor_given_away_by_subtraction() -> None:
    people = contacted(
        """SELECT CASE WHEN i < 3 THEN 'village' WHEN i < 40 THEN 'town' ELSE 'city' END AS city, i % 2 = 0 AS responded
           FROM range(100) t(i)"""
    )
    compared = responder_profile(people, [Trait("city", "city")]).traits[0]
    assert [cell.value for cell in compared.cells] == ["city"]
    assert compared.hidden_people == 40


def test_those_of_whom_nobody_knows_are_a_cell_of_their_own() -> None:
    people = contacted("SELECT CASE WHEN i < 10 THEN 'f' END AS sex, i < 8 AS responded FROM range(20) t(i)")
    values = {cell.value: cell.people for cell in responder_profile(people, [Trait("sex", "sex")]).traits[0].cells}
    assert values == {"f": 10, None: 10}


def test_numbers_are_compared_by_fifths() -> None:
    people = contacted("SELECT i AS recency_days, i < 200 AS responded FROM range(1000) t(i)")
    compared = responder_profile(people, [Trait("recency_days", "recency_days", is_banded=True)]).traits[0]
    assert sum(cell.people for cell in compared.cells) == 1000 and len(compared.cells) == 5
    best = max(compared.cells, key=lambda cell: cell.responders)
    assert best.value == Band(None, 199) and best.tells and best.responders == 200


def test_a_number_that_is_always_the_same_has_nothing_to_tell() -> None:
    people = contacted("SELECT 1 AS frequency, NULL::INTEGER AS m, i < 5 AS responded FROM range(50) t(i)")
    found = responder_profile(people, [Trait("frequency", "frequency", True), Trait("m", "m", True)])
    assert found.telling == () and all(compared.strength == 0 for compared in found.traits)


def test_a_campaign_nobody_was_contacted_in_has_an_empty_profile() -> None:
    people = contacted("SELECT 'f' AS sex, true AS responded FROM range(0)")
    found = responder_profile(people, [Trait("sex", "sex")])
    assert (found.people, found.responders, found.traits[0].cells) == (0, 0, ())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.booleans()), max_size=60))
def test_no_cell_shown_and_no_rest_hidden_is_smaller_than_five(rows: list[tuple[str | None, bool]]) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE people (value VARCHAR, responded BOOLEAN)")
    if rows:
        con.executemany("INSERT INTO people VALUES (?, ?)", rows)
    compared = responder_profile(con.table("people"), [Trait("value", "value")]).traits[0]
    assert all(cell.people >= SMALLEST for cell in compared.cells)
    assert compared.hidden_people + sum(cell.people for cell in compared.cells) == len(rows)
    if compared.cells:
        assert compared.hidden_people == 0 or compared.hidden_people >= SMALLEST


def test_the_traits_are_columns_of_the_profile_that_marketing_may_see() -> None:
    traits = traits_for("direct_marketing")
    assert {trait.column for trait in traits} <= set(PROFILE.names())
    assert {"income_band"} <= {trait.key for trait in traits} - {trait.key for trait in traits_for("service")}
