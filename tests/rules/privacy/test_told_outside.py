"""The dictionary in fideslang and DPV: every name exists there, nobody's secret is in it."""

import json
from collections.abc import Iterator
from typing import Any

from regulars.records.dictionary import DICTIONARY
from regulars.rules.privacy.categories import CATEGORIES, OURS, SUBJECTS, USES
from regulars.rules.privacy.dictionary import PURPOSES
from regulars.rules.privacy.dpv import CLASS, PURPOSE, TERMS, as_dpv
from regulars.rules.privacy.fides import as_fides
from regulars.rules.privacy.keeping import read_keep
from regulars.rules.privacy.own_attributes import OwnAttribute

SHOE = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码", data_class="personal", category="user.demographic",
                    purposes=frozenset({"service"}), coarser="band", keep="730 days after last_purchase")  # fmt: skip
SECRET = OwnAttribute("faith", "text", "Faith", "信仰")


def fides() -> dict[str, Any]:
    return as_fides(DICTIONARY, [SHOE, SECRET], company="Shop", meanings={})


def words(value: object) -> Iterator[str]:
    """Every text in it, keys too."""
    if isinstance(value, dict):
        yield from (word for pair in value.items() for part in pair for word in words(part))
    elif isinstance(value, list):
        yield from (word for part in value for word in words(part))
    elif isinstance(value, str):
        yield value


def test_every_category_of_the_dictionary_is_one_of_fideslang() -> None:
    assert {column.category for table in DICTIONARY for column in table.columns} <= CATEGORIES


def test_every_keep_of_the_dictionary_is_understood_by_a_machine() -> None:
    for table in DICTIONARY:
        for column in table.columns:
            read_keep(column.keep)


def test_the_dataset_holds_every_table_and_the_classed_attributes() -> None:
    (dataset,) = fides()["dataset"]
    names = [one["name"] for one in dataset["collections"]]
    assert names == [*(table.name for table in DICTIONARY), "own_attributes"]
    assert [field["name"] for field in dataset["collections"][-1]["fields"]] == ["shoe_size"]


def test_every_declaration_uses_words_that_exist() -> None:
    (system,) = fides()["system"]
    for told in system["privacy_declarations"]:
        assert told["data_use"] in USES | OURS
        assert set(told["data_categories"]) <= CATEGORIES
        assert set(told["data_subjects"]) <= SUBJECTS
    assert {one["fides_key"] for one in fides()["data_use"]} == OURS


def test_allergies_serve_no_marketing_in_it() -> None:
    (system,) = fides()["system"]
    used = {told["name"]: told["data_categories"] for told in system["privacy_declarations"]}
    assert "user.health_and_medical" in used["sensitive_use"]
    assert "user.health_and_medical" not in used["direct_marketing"]


def test_dpv_uses_only_terms_of_the_list_and_points_to_nothing_missing() -> None:
    told = as_dpv(DICTIONARY, [SHOE, SECRET])
    assert {word.removeprefix("dpv:") for word in words(told["@graph"]) if word.startswith("dpv:")} <= TERMS
    there = {node["@id"] for node in told["@graph"]}
    pointed = {
        one["@id"]
        for node in told["@graph"]
        for key in ("dpv:hasPersonalData", "dpv:hasData")
        for one in node.get(key, [])
    }
    assert pointed <= there
    assert "#own.shoe_size" in there
    assert "#own.faith" not in there
    assert PURPOSE.keys() == set(PURPOSES)
    assert set(CLASS.values()) | set(PURPOSE.values()) <= TERMS


def test_a_keep_is_a_duration_in_it() -> None:
    node = next(one for one in as_dpv(DICTIONARY, [SHOE])["@graph"] if one["@id"] == "#own.shoe_size")
    assert node["dpv:hasStorageCondition"]["dpv:hasDuration"]["@value"] == "P730D"
    assert json.loads(json.dumps(node)) == node
