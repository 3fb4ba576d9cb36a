"""A source changes its columns: what is called almost so is found, however many headings there are."""

from regulars.rules.intake.changed_columns import MOST_COMPARED, changed_columns
from regulars.rules.intake.import_settings import ImportSettings


def test_of_a_wide_file_what_meant_something_is_looked_for_first() -> None:
    before = [f"old {place}" for place in range(20 * MOST_COMPARED)] + ["Town"]
    now = ["town_name"] + [f"neu {place}" for place in range(20 * MOST_COMPARED)]
    found = changed_columns(ImportSettings("customers", "till", {"city": "Town"}, headers=tuple(before)), now)
    assert found is not None
    assert (len(found.gone), len(found.new), found.lost) == (len(before), len(now), {"city": "Town"})
    assert found.alike["Town"] == "town_name"


def test_the_likest_is_taken_first_and_each_once() -> None:
    columns = {"city": "City of birth", "region": "City of death"}
    settings = ImportSettings("customers", "till", columns, headers=("City of birth", "City of death"))
    found = changed_columns(settings, ["city-of-deaths", "city-of-births"])
    assert found is not None
    assert found.alike == {"City of birth": "city-of-births", "City of death": "city-of-deaths"}
    nothing = changed_columns(settings, ["", "amount"])
    assert nothing is not None and nothing.alike == {}
