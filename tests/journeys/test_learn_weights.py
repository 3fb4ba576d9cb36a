"""Weights are learned, compared and adopted; then they count, live as in a batch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings

from regulars.desks.cli.matching import weights_command
from regulars.records.access_log.models import ChangeEntry
from regulars.records.customers.weights import FOLDER, adopt_weights, model_in_force, weights_in_force
from regulars.rules.identity.model import MODEL, Model
from regulars.rules.identity.model_file import PUBLISHED, KeptModel, as_text
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, STEN

pytestmark = pytest.mark.usefixtures("house")
DAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Weights of a test are no other test's."""
    yield
    (Path(settings.HOME.path) / FOLDER / "model.json").unlink(missing_ok=True)


def other_weights() -> Model:
    phone = MODEL.comparisons["phone"]
    moved = {**phone, "same": replace(phone["same"], m=0.5), "other": replace(phone["other"], m=0.45)}
    return replace(MODEL, comparisons={**MODEL.comparisons, "phone": moved})


def text(model: Model) -> str:
    return as_text(KeptModel("2026-11-30", DAY, 4_021, model))


def test_the_published_weights_count_until_others_are_adopted() -> None:
    assert (weights_in_force().version, model_in_force()) == (PUBLISHED, MODEL)
    adopt_weights(text(other_weights()), by=STEN)
    assert (weights_in_force().version, weights_in_force().customers) == ("2026-11-30", 4_021)
    assert model_in_force().comparisons["phone"]["same"].m == 0.5
    assert ChangeEntry.objects.filter(subject="weights", old=PUBLISHED, new="2026-11-30", who="Sten").exists()


WRONG = (
    "", "{}", "[1]", "null", '{"format": 2}', text(MODEL).replace("0.72", "7.2"),
    text(MODEL).replace('"phone"', '"fax"'), text(MODEL).replace("0.72", '"x"'),
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_model_is_refused_and_changes_nothing(wrong: str) -> None:
    with pytest.raises(BadInput, match="not_a_model"):
        adopt_weights(wrong, by=STEN)
    assert weights_in_force().version == PUBLISHED


def test_a_clerk_adopts_nothing() -> None:
    with pytest.raises(Denied):
        adopt_weights(text(MODEL), by=DORA)


def test_the_command_shows_and_adopts(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    file.write_text(text(other_weights()))
    shown = CliRunner().invoke(weights_command, ["show"])
    assert shown.exit_code == 0 and "same phone" in shown.output
    done = CliRunner().invoke(weights_command, ["adopt", str(file)])
    assert done.exit_code == 0 and "2026-11-30" in done.output
    assert '"customers": 4021' in CliRunner().invoke(weights_command, ["show", "--json"]).output
    few = CliRunner().invoke(weights_command, ["learn", str(tmp_path / "own.json"), "--because", "x"])
    assert isinstance(few.exception, BadInput)
