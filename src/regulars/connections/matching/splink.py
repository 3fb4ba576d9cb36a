"""Splink, for training: u from pairs at random, m by expectation and maximisation (see rules/identity/training).

It is an extra (`regulars[matching]`): only who trains needs it, and comparing goes without.
"""

import copy
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from regulars.connections.matching.room import MatchingRoom


class SplinkMissingError(Exception):
    """Splink is not installed here."""


def train(
    room: MatchingRoom, settings: Mapping[str, Any], rules: Sequence[str], *, at_random: int, of_a_kind: int, seed: int
) -> dict[str, Any]:
    """The settings with what Splink learned from the table `people`; a rule by which no two records are of a kind
    (nobody told a birth date), or that makes a likelihood too small for a float, teaches nothing. SplinkMissingError
    where it is missing."""
    try:
        from splink import DuckDBAPI, Linker
        from splink.internals.exceptions import EMTrainingException
    except ImportError as missing:
        raise SplinkMissingError from missing
    logging.getLogger("splink").setLevel(logging.ERROR)
    wanted = copy.deepcopy(dict(settings))
    linker = Linker(DuckDBAPI(room.connection).register("people"), wanted, log_level=logging.ERROR,
                    validate_settings=False)  # fmt: skip
    linker.training.estimate_u_using_random_sampling(max_pairs=at_random, seed=seed)
    for rule in rules:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=of_a_kind
            )
        except (EMTrainingException, ValueError):
            # the rule has taken what it blocks by from the linker, which would be missing: a new one goes without it
            others = [one for one in rules if one != rule]
            return train(room, settings, others, at_random=at_random, of_a_kind=of_a_kind, seed=seed)
    learned: dict[str, Any] = linker.misc.save_model_to_json()
    return learned
