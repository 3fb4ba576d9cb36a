"""Attackers who go for what a company added of its own, and for what somebody wrote where it does not belong."""

import pytest
from psycopg import errors

from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.explore_segment import explore
from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
)
from regulars.journeys.open_customer import open_card
from regulars.journeys.serve_customer import note_touchpoint
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.free_texts.texts import flagged_texts
from regulars.records.own_attributes.access import own_attribute
from regulars.records.own_attributes.models import OwnShown
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.partners import field_called
from tests.attacks.conftest import Attacker, LogIn
from tests.attacks.looking_for import found_in
from tests.attacks.test_thief import dumped
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
FAITH = OwnAttribute("faith", "text", "Faith", "信仰")
SHOE = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码")
SECRET = Classing(
    "sensitive", "user.demographic.religious_belief", frozenset({"service", "oversight", "sensitive_use"})
)
EVERYDAY = Classing("personal", "user.demographic", frozenset({"service", "analysis"}), coarser="rounded")


def told(what: OwnAttribute, said: Classing | None, *values: tuple[str, str]) -> None:
    add_own_attribute(what, by=STEN, at=NOON)
    if said:
        class_own_attribute(what.key, said, by=EMIL, at=NOON)
    for number, value in values:
        fill_own_attribute(number, what.key, value, by=STEN, because="told us", at=NOON)


def test_30_religion_in_a_free_text_is_flagged_for_review() -> None:
    """A clerk writes a faith into a note: it waits for the officer at once, with the words that were found."""
    her = ann()
    note_touchpoint(
        her.number, kind="note", channel="counter", title="gift", detail="她是穆斯林", branch_id=None, by=DORA, at=NOON
    )
    waiting, (one,) = flagged_texts(by=EMIL, because="review")
    assert (waiting, one.kinds, one.text[one.hits[0].start : one.hits[0].end]) == (1, ("religion",), "穆斯林")


def test_50_an_own_attribute_nobody_classed_is_in_no_view(log_in: LogIn, administrator_connection: Connection) -> None:
    """Values come in before anybody has classed the attribute: no login reads them, the check names it."""
    told(FAITH, None, (ann().number, "quaker"))
    for view in ("standard", "personal", "anonymous", "marketing", "sensitive", "warehouse", "delivery"):
        assert log_in(f"regulars_{view}").execute("SELECT count(*) FROM own_value").fetchone() == (0,)
    assert "attribute_unclassed" in {one.code for one in check_house(administrator_connection).findings}


def test_an_analyst_reads_neither_the_values_beneath_nor_how_they_are_shown(analyst: Attacker) -> None:
    """Own values through the vault, or the table that says what is shown: no right; nor may it be written."""
    told(FAITH, SECRET, (ann().number, "quaker"))
    for attempt in (
        "SELECT * FROM vault.own_value",
        "SELECT * FROM vault.own_shown",
        "INSERT INTO vault.own_shown (attribute_id, view, shape) VALUES (1, 'standard', 'keep')",
    ):
        with pytest.raises((errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)):
            analyst.execute(attempt)
    assert analyst.execute("SELECT count(*) FROM own_value").fetchone() == (0,)


def test_an_anonymous_analyst_sees_a_rounded_value_under_the_nights_key(log_in: LogIn) -> None:
    """What is shown without names is coarse and hangs on a key that is another tomorrow."""
    her = ann()
    told(SHOE, EVERYDAY, (her.number, "42.5"))
    renew_anonymous_keys()
    ((who, amount, number),) = (
        log_in("regulars_anonymous").execute("SELECT customer_id, amount, id FROM own_value").fetchall()
    )
    assert (amount, number) == (43_000, None)
    assert who != her.id


def test_48_a_showing_put_in_by_hand_is_an_alarm(administrator_connection: Connection) -> None:
    """An administrator shows an attribute to a view nobody decided for: named by the check; sealed bytes come out."""
    her = ann()
    told(FAITH, SECRET, (her.number, "quaker"))
    OwnShown.objects.create(attribute_id=own_attribute("faith").id, view="standard", shape="keep")
    found = {(one.code, one.place) for one in check_house(administrator_connection).findings}
    assert ("attribute_shown_extra", "standard faith keep") in found
    card = open_card(her.number, by=DORA, because="test", at=NOON)
    assert [one.plain for one in card.own] == [None]


def test_a_dump_holds_no_sensitive_value_of_an_own_attribute() -> None:
    """pg_dump of everything: neither the value nor what it was before it was changed."""
    her, him = ann(), bob()
    told(FAITH, SECRET, (her.number, "Zoroastrianism"), (him.number, "Zoroastrianism"))
    fill_own_attribute(her.number, "faith", "Pastafarianism", by=STEN, because="told us", at=NOON)
    assert found_in(dumped(), ["Zoroastrianism", "Pastafarianism"]) == []


def test_a_segment_cannot_ask_for_what_its_purpose_may_not_use() -> None:
    """A marketer writes the field of a sensitive attribute into a rule by hand: refused before anything is asked."""
    told(FAITH, SECRET, (ann().number, "quaker"))
    rule = {"all": [{"field": "own.text.faith", "operator": "any_of", "value": ["quaker"]}]}
    with pytest.raises(BadInput, match="field_not_for_purpose"):
        explore(rule, by=MIA, language="en")


@pytest.mark.parametrize("key", ["faith'; DROP TABLE vault.customer --", "own_value", "a" * 41, "Faith", "é"])
def test_a_rule_cannot_smuggle_sql_in_an_attributes_name(key: str) -> None:
    """The key of an own attribute is part of the SQL of a rule: only small letters, digits and _ are read as one."""
    rule = {"all": [{"field": f"own.text.{key}", "operator": "any_of", "value": ["x' OR true --"]}]}
    with pytest.raises(BadInput):
        explore(rule, by=MIA, language="en")


def test_no_contract_names_own_values() -> None:
    """A partner's contract asks for the table of own values: nothing of it may leave."""
    from regulars.records.dictionary import DICTIONARY
    from regulars.rules.privacy.partners import check_fields, releasable

    assert not [column for table, column, _ in releasable(DICTIONARY) if table.name == "own_value"]
    with pytest.raises(BadInput, match="partner_field_never_leaves"):
        check_fields([field_called("own_value.text")], DICTIONARY)


def test_34_html_in_an_own_attribute_is_neutral_on_the_card() -> None:
    """A value and a label that are HTML: the card shows the letters."""
    wanqing(shop())
    told(OwnAttribute("tea", "text", "<i>Tea</i>", "<i>茶</i>"), Classing("personal", "user", frozenset({"service"})),
         ("C-20418", "<script>alert(1)</script>"))  # fmt: skip
    page = signed_in("dora").get("/customers/C-20418/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "<i>Tea</i>" not in page
