"""The walk of docs/walks/extract-for-a-partner.md, step by step."""

from collections import Counter
from dataclasses import dataclass, field

import pytest

from regulars.journeys.disclose import NewContract, sign_contract, stop_contract
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.release_extract import preview_extract
from regulars.records.customers.models import Customer
from regulars.records.disclosures.access import contracts, partner_called
from regulars.records.scores.models import Score
from regulars.records.statistics.extract_access import files_kept
from regulars.records.statistics.models import CountedPerson
from regulars.rules.permission.errors import BadInput
from tests.cast import EMIL, NOON
from tests.extracts import (
    BORN,
    CITY,
    GROUP,
    SEX,
    Got,
    Row,
    allow,
    extracts_for,
    hands_out,
    households_move_in,
    public_list,
)
from tests.figures import TODAY, counts, lets_figures_leave, open_house, withdraws
from tests.walks.steps import Steps, walk_through

pytestmark = pytest.mark.usefixtures("house")


@dataclass
class Story:
    """What the steps hand to each other."""

    people: list[Customer] = field(default_factory=list)
    ann: Customer = field(init=False)
    first: Got = field(init=False)
    held: dict[int, Row] = field(default_factory=dict)
    second: Got = field(init=False)
    number: int = 0


walk = Steps()


@walk.says("The households of the demonstration are customers; some said no to disclosure.")
def customers(story: Story) -> None:
    open_house()
    story.people = households_move_in()
    assert 0 < Customer.objects.filter(allows_disclosure=False).count() < len(story.people)


@walk.says("Emil writes a contract with Acme that names no column.")
def contract(story: Story) -> None:
    lets_figures_leave()
    assert [list(one.fields) for one in contracts(by=EMIL)] == [[]]


@walk.says("He declares the extract: decade of birth, city and sex may be known outside; the group is confidential.")
def declares(story: Story) -> None:
    extracts_for(BORN, CITY, SEX, confidential=GROUP)


@walk.says(
    "What somebody spends cannot stand among what is known outside, nor a second thing among what is confidential."
)
def refuses(story: Story) -> None:
    with pytest.raises(BadInput, match="extract_known_to_nobody"):
        extracts_for(CITY, "score.monetary_minor")
    with pytest.raises(BadInput, match="cube_never_counts_by"):
        extracts_for(CITY, confidential=f"{GROUP},score.state")


@walk.says(
    "Before anything leaves he reads the risk: the smallest class, the average one, the rows left out, what is lost by "
    "being coarse."
)
def risk(story: Story) -> None:
    seen = preview_extract("acme", by=EMIL, at=NOON).risk
    assert seen.people == Customer.objects.filter(allows_disclosure=True).count()
    assert seen.smallest >= 10
    assert seen.average > 10
    assert seen.left_out <= seen.people * 2 // 100
    assert seen.values >= 2
    assert 0 < seen.loss < 1


@walk.says("He releases it. Each row is shared by ten people or more, and no class is all of one group.")
def releases(story: Story) -> None:
    story.first = hands_out()
    assert min(values.total() for values in story.first.classes.values()) >= 10
    assert min(map(len, story.first.classes.values())) >= 2


@walk.says("Acme buys the register of voters and joins it: nobody is found among fewer than ten rows.")
def joins(story: Story) -> None:
    found = {who.id: says for who, says in public_list(story.first) if says in story.first.classes}
    assert len(found) > 1_000
    granted = set(Customer.objects.filter(allows_disclosure=True).values_list("id", flat=True))
    story.held = {who: says for who, says in found.items() if who in granted}
    assert Counter(story.held.values()) == {says: one.total() for says, one in story.first.classes.items()}
    story.ann = next(one for one in story.people if one.id in story.held)


@walk.says("Ann closes disclosure. Acme asks for a new file: there is none, for nobody but her has moved.")
def closes(story: Story) -> None:
    story.number = CountedPerson.objects.get(customer=story.ann).number
    withdraws(story.ann)
    with pytest.raises(BadInput, match="extract_moved_by_too_few"):
        hands_out()


@walk.says(
    "A seventh of the people close disclosure. The new file holds the classes they left, and none of the others."
)
def leave(story: Story) -> None:
    allow((one, "denied") for one in story.people[::7])
    story.second = hands_out()
    assert 0 < len(story.second.classes) < len(story.first.classes)


@walk.says(
    "Acme lays both files side by side: what has gone, what has stayed and what has come are ten people or more, who "
    "differ."
)
def side_by_side(story: Story) -> None:
    granted = Customer.objects.filter(allows_disclosure=True)
    now = {who.id: says for who, says in public_list(story.second, granted) if says in story.second.classes}
    group = dict(Score.objects.values_list("customer_id", "rfm_group"))
    for says in story.second.classes:
        before, after = ({who for who, one in held.items() if one == says} for held in (story.held, now))
        for part in (before - after, before & after, after - before):
            assert not part or len(part) >= 10
            assert not part or len({group.get(who, "") for who in part}) >= 2


@walk.says("Ann is erased. Nothing in the ledger leads to her any more, and the files that left stay what they were.")
def erased(story: Story) -> None:
    erase_customer(story.ann.number, because="her wish", reference="T-1", by=EMIL, at=NOON)
    assert not CountedPerson.objects.filter(number=story.number).exists()
    kept = files_kept(partner_called("acme", by=EMIL).id)
    assert [len(one.who) for one in kept] == [len(story.first.rows), len(story.second.rows)]


@walk.says("Acme asks for figures, too, and for rows: both are refused, for an extract has left.")
def rows(story: Story) -> None:
    with pytest.raises(BadInput, match="extract_left_already"):
        counts(CITY)
    stop_contract("acme", because="a new one", by=EMIL, at=NOON)
    new = NewContract("DPA-10", "study", ["customer.city"], "deleted after use", TODAY, TODAY)
    with pytest.raises(BadInput, match="extract_left_already"):
        sign_contract("acme", new, by=EMIL, at=NOON)


@pytest.mark.slow
def test_the_walk() -> None:
    walk_through("extract-for-a-partner", walk, Story())
