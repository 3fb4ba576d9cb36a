"""What may be said of a source, and what may not."""

from datetime import date

import pytest

from regulars.rules.intake.sources import demand_sound
from regulars.rules.permission.errors import BadInput

BOUGHT = {
    "kind": "bought_in", "supplier": "Acme Lists", "licence": "A-7", "purposes": ["direct_marketing"],
    "expires_on": date(2026, 12, 31), "lawful_basis": "consent", "trust": 1,
}  # fmt: skip


def test_a_bought_list_with_its_terms_may_come() -> None:
    demand_sound(BOUGHT)


@pytest.mark.parametrize("name", ["supplier", "licence", "purposes", "expires_on"])
def test_a_bought_list_says_from_whom_under_which_licence_for_what_and_until_when(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        demand_sound(BOUGHT | {name: None})
    assert (refused.value.code, refused.value.values) == ("bought_in_needs", {"missing": name})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "borrowed"}, "no_such_source_kind"),
        ({"lawful_basis": "curiosity"}, "no_such_basis"),
        ({"purposes": ["profit"]}, "no_such_purpose"),
        ({"trust": 0}, "no_such_trust"),
        ({"cost_minor": -1}, "cost_unclear"),
        ({"currency": "XXY"}, "currency_unknown"),
    ],
)
def test_what_cannot_be_is_refused(said: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        demand_sound({"kind": "internal"} | said)
    assert refused.value.code == code
