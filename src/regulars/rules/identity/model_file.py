"""A model as a file: version, day, on how many customers it was learned, and its figures; to compare, keep and adopt.

No name, date or contact is in it: how often levels hold, that is all.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from regulars.rules.identity.model import MODEL, Level, Model

FORMAT: Final = 1
PUBLISHED: Final = "published"


class ModelFileError(ValueError):
    """The text is no model, or one of another make."""


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model with what is to be known of it; `customers` 0 for the published one."""

    version: str
    made_on: date | None
    customers: int
    model: Model


AS_PUBLISHED: Final = KeptModel(PUBLISHED, None, 0, MODEL)


def as_text(kept: KeptModel) -> str:
    """The file's text.

    >>> kept = KeptModel("2026-11-30", date(2026, 11, 30), 4_021, MODEL)
    >>> model_from(as_text(kept)) == kept
    True
    """
    told = {
        "format": FORMAT, "version": kept.version, "made_on": str(kept.made_on), "customers": kept.customers,
        "others_of_own": kept.model.others_of_own, "others_at_home": kept.model.others_at_home,
        "figures": {name: {one.name: [one.m, one.u] for one in levels.values()}
                    for name, levels in kept.model.comparisons.items()},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def model_from(text: str) -> KeptModel:
    """The model of such a text; ModelFileError for any other, and where a level of ours is missing or impossible.

    >>> model_from("{}")
    Traceback (most recent call last):
        ...
    regulars.rules.identity.model_file.ModelFileError
    """
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ModelFileError
        comparisons = {name: _levels(levels, told["figures"][name]) for name, levels in MODEL.comparisons.items()}
        model = replace(
            MODEL, comparisons=comparisons, others_of_own=_likely(told["others_of_own"], most=1e9),
            others_at_home=_likely(told["others_at_home"], most=1e9),
        )  # fmt: skip
        return KeptModel(str(told["version"]), date.fromisoformat(told["made_on"]), int(told["customers"]), model)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileError from error


def _levels(ours: Any, told: Any) -> dict[str, Level]:
    return {name: replace(level, m=_likely(told[name][0]), u=_likely(told[name][1])) for name, level in ours.items()}


def _likely(figure: Any, most: float = 1.0) -> float:
    if not 0 < float(figure) <= most:
        raise ModelFileError
    return float(figure)
