"""What silence means rests on a law, and the law is named in the reader's language."""

import re

import pytest
from django.utils import translation

from regulars.desks.shared import laws
from regulars.rules.permission.choices import ALLOWS, DEFAULTS, JURISDICTIONS, default_for

UNKNOWN = "a country nobody knows"


@pytest.mark.parametrize("jurisdiction", [*JURISDICTIONS, UNKNOWN])
def test_every_reason_is_told_in_both_languages(jurisdiction: str) -> None:
    for where in ALLOWS.values():
        source = default_for(jurisdiction, *where).source
        with translation.override("en"):
            assert laws.law_in_words(source) == source
        with translation.override("zh-hans"):
            assert re.search("[\u4e00-\u9fff]", laws.law_in_words(source)), source


def test_no_law_is_named_that_no_default_rests_on() -> None:
    assert set(laws.LAWS) == {one.source for one in DEFAULTS} | {default_for(UNKNOWN, "sensitive_use").source}
    assert set(laws.JURISDICTIONS) == set(JURISDICTIONS)
