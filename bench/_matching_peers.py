"""Splink and recordlinkage on the same sets, as their makers show them.

For FEBRL 3 and 4 Splink's models are those of its published demos (docs/demos/examples/duckdb/febrl3 and febrl4, the
detailed one); FEBRL 1 and 2 get that of 3. For the Chinese set there is none: its library's own comparisons for names,
birth dates and mail, the rest exact, names with their frequency. recordlinkage is its documentation's comparison with
the unsupervised classifier it has (ECM), on pairs that share any of five fields.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa

from bench._matching import Known, Pair, pairs_of
from regulars.rules.identity.judging import LIKELIER

LISTS: Final = ("first", "second")
Model = Callable[[list[Any]], Any]


def splink(known: Known, model: Model) -> tuple[set[Pair], float, str]:
    """The pairs it ends with, and seconds."""
    import duckdb
    from splink import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    api, began = DuckDBAPI(duckdb.connect()), time.perf_counter()
    rows = [{"id": n, **text} for n, text in enumerate(known.texts, 1)]
    second = known.second_from
    lists = [rows[: second - 1], rows[second - 1 :]] if second else [rows]
    tables = [
        api.register(pa.Table.from_pylist(one), dataset_display_name=name)
        for name, one in zip(LISTS, lists, strict=False)
    ]
    linker = model(tables)
    edges = linker.inference.predict(threshold_match_probability=LIKELIER)
    groups: dict[str, list[int]] = {}
    for row in _clustered(linker, edges, bool(second)).as_record_list():
        groups.setdefault(row["cluster_id"], []).append(row["id"])
    return set(pairs_of(groups.values())), time.perf_counter() - began, ""


def _clustered(linker: Any, edges: Any, two_lists: bool) -> Any:
    if two_lists:
        return linker.clustering.cluster_using_single_best_links(
            edges, duplicate_free_datasets=list(LISTS), threshold_match_probability=LIKELIER
        )
    return linker.clustering.cluster_pairwise_predictions_at_threshold(edges, threshold_match_probability=LIKELIER)


def demo3(tables: list[Any]) -> Any:
    """Splink's demo of FEBRL 3."""
    import splink.comparison_library as cl
    from splink import block_on

    comparisons = [
        cl.NameComparison("given_name"), cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ]  # fmt: skip
    rules = [block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")]
    sure = [
        block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]  # fmt: skip
    return _trained(tables, "dedupe_only", comparisons, rules, sure, 0.9, ("date_of_birth", "postcode"))


def demo4(tables: list[Any]) -> Any:
    """Splink's demo of FEBRL 4, the detailed model."""
    import splink.comparison_library as cl
    from splink import block_on

    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
        ),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("given_name", "surname"), "l.given_name = r.surname and l.surname = r.given_name",
        block_on("date_of_birth"), block_on("soc_sec_id"), block_on("state", "address_1"),
        block_on("street_number", "address_1"), block_on("postcode"),
    ]  # fmt: skip
    sure = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    return _trained(tables, "link_only", comparisons, rules, sure, 0.8, ("date_of_birth", "postcode"))


def as_it_comes(tables: list[Any]) -> Any:
    """Splink's own comparisons on the Chinese set's columns."""
    import splink.comparison_library as cl
    from splink import block_on

    comparisons = [
        cl.ForenameSurnameComparison("given", "family"),
        cl.DateOfBirthComparison("birth_on", input_is_string=True), cl.EmailComparison("email"),
        cl.ExactMatch("phone"), cl.ExactMatch("street"),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True), cl.ExactMatch("sex"),
    ]  # fmt: skip
    rules = [
        block_on("family", "given"), "l.family = r.given and l.given = r.family", block_on("birth_on"),
        block_on("phone"), block_on("email"), block_on("street"),
    ]  # fmt: skip
    sure = [block_on("phone", "birth_on"), block_on("email"), block_on("family", "given", "birth_on")]
    return _trained(tables, "dedupe_only", comparisons, rules, sure, 0.8, ("birth_on", "phone"))


def _trained(
    tables: list[Any], link_type: Any, comparisons: list[Any], rules: list[Any], sure: list[Any], recall: float,
    shared: tuple[str, str],
) -> Any:  # fmt: skip
    from splink import Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        unique_id_column_name="id", link_type=link_type, comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    )  # fmt: skip
    linker = Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for column in shared:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(column), estimate_without_term_frequencies=True
            )
        except ValueError as error:  # now and then a level's m underflows, and Splink gives that pass up
            if "m_probability" not in str(error):
                raise
            print(f"Splink gave up learning from pairs of one {column}; what it learned otherwise holds")
    return linker
