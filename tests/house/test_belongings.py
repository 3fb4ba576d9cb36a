"""Every table with a customer in it says what a merge does with it; nothing says so of a table that is not there."""

from regulars.records.belongings import BELONGINGS, STAYS
from regulars.records.dictionary import DICTIONARY

#: Tables that name two customers, under other names.
OF_TWO = {"merge", "review_pair", "different_pair", "household_pair"}


def with_a_customer() -> set[str]:
    return {table.name for table in DICTIONARY if any(column.name == "customer_id" for column in table.columns)}


def test_nothing_of_a_customer_is_forgotten_in_a_merge() -> None:
    told = {one.table for one in BELONGINGS} | set(STAYS)
    assert with_a_customer() - told == set()
    assert told - with_a_customer() - OF_TWO == set()


def test_nothing_both_goes_and_stays() -> None:
    assert {one.table for one in BELONGINGS} & set(STAYS) == set()


def test_what_is_sealed_of_a_customer_is_sealed_again() -> None:
    sealed = {(table.name, column.name) for table in DICTIONARY for column in table.columns if column.sealed}
    told = {(one.table, one.sealed.column) for one in BELONGINGS if one.sealed}
    assert {one for one in sealed if one[0] in {belonging.table for belonging in BELONGINGS}} == told


def test_what_knows_its_source_goes_back_by_it() -> None:
    knows = {table.name for table in DICTIONARY if any(column.name == "source_id" for column in table.columns)}
    assert {one.table for one in BELONGINGS if one.source} == knows & {one.table for one in BELONGINGS} - {
        "customer_ref"
    }


def test_what_may_stay_with_who_goes_is_out_of_sight() -> None:
    """Where two have the same only one row goes over; the other stays, and no view shows it."""
    once = {one.table for one in BELONGINGS if one.once is not None}
    for table in (table for table in DICTIONARY if table.person and table.views):
        assert table.merged_stay == (table.name in once | {"choice_exception", "quality_case"}), table.name
