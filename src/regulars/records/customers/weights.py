"""The model that recognises customers in this house, live and in a batch: its own, once adopted, else the published.

It lies in the home, beside the keys: figures only, nothing of anybody.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from regulars.records.access_log.actions import note_change, note_denial
from regulars.rules.identity.model import Model
from regulars.rules.identity.model_file import AS_PUBLISHED, KeptModel, ModelFileError, as_text, model_from
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

FOLDER: Final = "identity"
ADOPTING: Final = frozenset({"steward", "officer"})


def weights_in_force() -> KeptModel:
    """What counts now; a file that was adopted counts from the next question on, in every process."""
    try:
        changed = (_place().stat().st_mtime_ns, _place().stat().st_size)
    except FileNotFoundError:
        return AS_PUBLISHED
    return _read(_place(), changed)


def model_in_force() -> Model:
    """Its model."""
    return weights_in_force().model


def adopt_weights(text: str, *, by: Asker) -> KeptModel:
    """These weights count from now on. BadInput `not_a_model` for a text that is none."""
    if by.role not in ADOPTING:
        note_denial(by, door="adopt_weights", because="weights of recognition")
        raise Denied("merging_is_for_stewards")
    try:
        kept = model_from(text)
    except ModelFileError:
        raise BadInput("not_a_model") from None
    before = weights_in_force().version
    with transaction.atomic():
        note_change(
            by, door="adopt_weights", subject="weights", field="version", old=before, new=kept.version, customer_id=None
        )
        settings.HOME.folder(FOLDER)
        fresh = _place().with_suffix(".new")
        fresh.write_text(as_text(kept), encoding="utf-8")
        fresh.replace(_place())
    return kept


def _place() -> Path:
    return Path(settings.HOME.path) / FOLDER / "model.json"


@lru_cache(maxsize=2)
def _read(place: Path, changed: tuple[int, int]) -> KeptModel:
    return model_from(place.read_text(encoding="utf-8"))
