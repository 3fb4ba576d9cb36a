"""While two were one their sources went on speaking. Undone, each says what she would say had she never been merged.

Everybody is there twice: one of the two is merged and un-merged, of the other nothing is known but her own sources'
words. Other seeds than these: `REGULARS_SEEDS=285-320`.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa
import pytest

from regulars.journeys.expire_sources import expire_sources
from regulars.journeys.merge_customers import unmerge_customers
from regulars.journeys.where_from import correct_value, take_back_correction
from regulars.records.customers.actions import create_customers, tell_customers
from regulars.records.customers.keys import keys_at_hand
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.customers.saying import FIELDS
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.own_attributes.actions import tell_values
from regulars.records.own_attributes.models import OwnAttribute, OwnValue
from regulars.rules.intake.choosing import words_in
from regulars.rules.intake.meanings import SEALED
from tests.cast import DORA, EMIL, NOON, STEN
from tests.merging import DAY, chosen_by, merge, seeds

pytestmark = pytest.mark.usefixtures("house")
YEAR_AGO: Final = NOON - 365 * DAY
OWN: Final = {"a0": "personal", "a1": "sensitive"}
Word = Mapping[str, Any]


class Twins:
    """A pair for each of the lists of `trusts`, which says how far each of the sources is trusted that know the pair;
    `first` is what the first of them says at the beginning."""

    def __init__(self, dice: random.Random, trusts: Sequence[Sequence[int]], first: Word | None = None) -> None:
        self.dice, self.at = dice, YEAR_AGO
        told = {"made_by": "Sten", "made_at": NOON, "changed_by": "Sten", "changed_at": NOON}
        for key, kind in OWN.items():
            OwnAttribute.objects.create(key=key, kind="text", label="A", label_zh="甲", data_class=kind, **told)
        self.sources = [[_source(f"s{n}{m}", trust) for m, trust in enumerate(own)] for n, own in enumerate(trusts)]
        self.pairs = [self._two(n, first or _word(dice)) for n in range(len(trusts))]
        #: (who went, into whom), and of whom each is made who is or was somebody of her own.
        self.merges: list[tuple[int, int]] = []
        self.parts = {n: [n] for n in range(len(trusts))}

    def tell(self, times: int) -> None:
        """Sources say something, each of whom it knows."""
        for _ in range(times):
            n = self.dice.randrange(len(self.pairs))
            self.hear(n, self.dice.choice(self.sources[n]), _own_word if self.dice.random() < 0.3 else _word)

    def hear(self, n: int, source: int, word: Callable[[random.Random], Word] | Word) -> None:
        """That source says something of that pair."""
        said = word(self.dice) if callable(word) else word
        self.at += timedelta(hours=1)
        for who in (self._shown_by(n), self.pairs[n][1].id):
            if own := said.keys() & OWN.keys():
                for key in own:
                    tell_values(key, [(who, said[key])], source_id=source, by=STEN, at=self.at)
            else:
                told = pa.table({"customer_id": [who]} | {name: [value] for name, value in said.items()})
                tell_customers(told, source_id=source, by=STEN, at=self.at)

    def merge(self, goes: int, into: int, chosen: Mapping[str, str] | None = None) -> None:
        self.at += timedelta(hours=1)
        merge(self.pairs[goes][0], self.pairs[into][0], chosen=chosen, at=self.at)
        self.merges.append((goes, into))
        self.parts[into] += self.parts[goes]

    def unmerge(self, goes: int, into: int) -> None:
        self.at += timedelta(hours=1)
        unmerge_customers(self.pairs[goes][0].number, by=STEN, because="two", at=self.at)
        self.merges.remove((goes, into))
        self.parts[into] = [n for n in self.parts[into] if n not in self.parts[goes]]

    def there(self) -> list[int]:
        """Who is nobody's part."""
        gone = {goes for goes, _ in self.merges}
        return [n for n in self.parts if n not in gone]

    def can_be_undone(self) -> list[tuple[int, int]]:
        return [pair for pair in self.merges if pair[1] in self.there()]

    def differences(self) -> list[tuple[int, str, Any, Any]]:
        """Pair, field, and what the two of it say there, where they do not say the same."""
        both = [(n, record(one), record(other)) for n, (one, other) in enumerate(self.pairs)]
        return [(n, name, mine.get(name), theirs.get(name)) for n, mine, theirs in both for name in (*FIELDS, *OWN)
                if mine.get(name) != theirs.get(name)]  # fmt: skip

    def lost(self) -> list[tuple[int, set[str], set[str]]]:
        """Whoever's record does not name just the allergies that are told of all who are one with her."""
        of = {n: words_in(record(other).get("allergies") or "") for n, (_, other) in enumerate(self.pairs)}
        both = [(n, words_in(record(self.pairs[n][0]).get("allergies") or "")) for n in self.there()]
        told = {n: set[str]().union(*(of[part] for part in self.parts[n])) for n, _ in both}
        return [(n, shown, told[n]) for n, shown in both if shown != told[n]]

    def _shown_by(self, n: int) -> int:
        return next(int(self.pairs[who][0].id) for who in self.there() if n in self.parts[who])

    def _two(self, n: int, word: Word) -> tuple[Customer, Customer]:
        self.at += DAY
        word = {"first_seen_on": self.at.date(), **word}
        return self._one(n, {"ref": f"r{n}", **word}), self._one(n, {"ref": f"twin {n}", **word})

    def _one(self, n: int, word: Word) -> Customer:
        first, *others = self.sources[n]
        row = pa.table({name: [value] for name, value in word.items()})
        (who,) = create_customers(row, source_id=first, stage="customer", by=STEN, at=self.at)
        CustomerRef.objects.bulk_create(CustomerRef(source_id=one, ref=word["ref"], customer_id=who) for one in others)
        return Customer.objects.get(id=who)


def _source(ref: str, trust: int) -> int:
    number = int(ensure_source(ref, by=STEN, at=NOON, name=ref).id)
    describe_source(number, by=STEN, trust=trust)
    return number


def some_trusts(dice: random.Random, people: int) -> list[list[int]]:
    return [[dice.choice([2, 3, 4]) for _ in range(dice.choice([1, 2]))] for _ in range(people)]


def _word(dice: random.Random) -> Word:
    """A few fields, as files tell them: a name with its parts, a country with its law."""
    given, family = dice.choice(["Ann", "Anne", "Anna"]), dice.choice(["Archer", "Baker"])
    country, law = dice.choice([("FR", "EU"), ("CN", "CN"), ("US", "US-CA")])
    parts: list[Word] = [
        {"sex": dice.choice(["female", "male"])},
        {"allergies": dice.choice(["wool", "nuts"])},
        {"birth_on": date(1980 + dice.randrange(3), 4, 2)},
        {"city": dice.choice(["Lyon", "Graz", "Paris"])},
        {"postcode": dice.choice(["1000", "2000"])},
        {"marital_status": dice.choice(["married", "single"])},
        {"country": country, "jurisdiction": law},
        {"name": f"{given} {family}", "given_name": given, "family_name": family, "name_sort": family.lower()},
    ]
    return {name: value for part in dice.sample(parts, dice.randrange(1, 5)) for name, value in part.items()}


def _own_word(dice: random.Random) -> Word:
    return {dice.choice(list(OWN)): dice.choice("xyz")}


def record(who: Customer) -> dict[str, Any]:
    """What her record says, and the company's own attributes of her, opened."""
    row = Customer.objects.values(*FIELDS).get(id=who.id)
    key = keys_at_hand([who.id]).get(who.id)
    cells = {name: (f"customer.{name}", row.pop(name)) for name in SEALED}
    for name, text, cell in OwnValue.objects.filter(customer=who).values_list("attribute__key", "text", "sealed"):
        row |= {name: text}
        cells |= {name: (f"customer.own.{name}", cell)} if cell else {}
    return row | {name: key.open(place, bytes(cell)) for name, (place, cell) in cells.items() if key and cell}


@pytest.mark.parametrize("seed", seeds(range(8)))
def test_each_of_two_says_what_her_own_sources_said(seed: int) -> None:
    dice = random.Random(seed)
    twins = Twins(dice, some_trusts(dice, 2))
    twins.tell(dice.randrange(6))
    goes, into = dice.sample(range(2), 2)
    twins.merge(goes, into, chosen_by(dice))
    twins.tell(dice.randrange(8))
    assert twins.lost() == []
    twins.unmerge(goes, into)
    assert twins.differences() == []


@pytest.mark.parametrize("seed", seeds([*range(4), 17, 19, 20, 25, 42, 322]))
def test_in_whatever_order_several_were_merged_and_undone(seed: int) -> None:
    dice = random.Random(seed)
    twins = Twins(dice, some_trusts(dice, people := dice.choice([2, 3, 4])))
    twins.tell(dice.randrange(3 * people))
    for _ in range(people + 2):
        there, free = twins.there(), twins.can_be_undone()
        if len(there) > 1 and (not free or dice.random() < 0.6):
            twins.merge(*dice.sample(there, 2), chosen_by(dice))
        else:
            twins.unmerge(*dice.choice(free))
        assert twins.lost() == []
        twins.tell(dice.randrange(4))
        assert twins.lost() == []
    while free := twins.can_be_undone():
        twins.unmerge(*dice.choice(free))
        twins.tell(dice.randrange(3))
        assert twins.lost() == []
    assert twins.differences() == []


@pytest.fixture
def ann_and_anne() -> Twins:
    """The till tells of Ann; of Anne a shop that is trusted less, and a register that is trusted more."""
    return Twins(random.Random(1), [[3], [2, 4]], {"language": "fr"})


ANN: Final = {"name": "Ann Archer", "given_name": "Ann", "family_name": "Archer", "name_sort": "archer"}
ANNE: Final = {"name": "Anne Baker", "given_name": "Anne", "family_name": "Baker", "name_sort": "baker"}


def test_a_name_that_both_told_again_is_each_ones_own_again(ann_and_anne: Twins) -> None:
    twins, (till, _, register) = ann_and_anne, (one for own in ann_and_anne.sources for one in own)
    twins.hear(0, till, ANN), twins.hear(1, register, ANNE)
    twins.merge(1, 0)
    assert name_of(twins, 0) == "Ann Archer"
    twins.hear(1, register, ANNE), twins.hear(0, till, ANN)
    assert name_of(twins, 0) == "Anne Baker"
    twins.unmerge(1, 0)
    assert (name_of(twins, 0), name_of(twins, 1)) == ("Ann Archer", "Anne Baker") and twins.differences() == []


def name_of(twins: Twins, n: int) -> str:
    return str(Customer.objects.get(id=twins.pairs[n][0].id).name)


def test_what_was_said_of_the_other_alone_is_not_hers_afterwards(ann_and_anne: Twins) -> None:
    twins, shop = ann_and_anne, ann_and_anne.sources[1][0]
    was = record(twins.pairs[0][0])
    twins.merge(1, 0)
    twins.hear(1, shop, {"marital_status": "married", "country": "FR", "jurisdiction": "EU"})
    assert record(twins.pairs[0][0])["marital_status"] == "married"
    twins.unmerge(1, 0)
    assert record(twins.pairs[0][0]) == was and record(twins.pairs[1][0])["jurisdiction"] == "EU"


def test_a_postcode_that_gave_way_to_a_place_comes_back_though_others_spoke_of_it(ann_and_anne: Twins) -> None:
    twins, (till, shop, _) = ann_and_anne, (one for own in ann_and_anne.sources for one in own)
    twins.hear(0, till, {"postcode": "1000"}), twins.hear(1, shop, {"city": "Graz"})
    twins.merge(1, 0, {"address": "from"})
    twins.hear(1, shop, {"postcode": "2000"})
    twins.unmerge(1, 0)
    assert record(twins.pairs[0][0])["postcode"] == "1000" and twins.differences() == []


def test_own_attributes_that_both_told_are_each_ones_own(ann_and_anne: Twins) -> None:
    twins, (till, shop, _) = ann_and_anne, (one for own in ann_and_anne.sources for one in own)
    twins.hear(1, shop, {"a0": "x"}), twins.hear(1, shop, {"a1": "x"})
    twins.merge(1, 0)
    twins.hear(0, till, {"a0": "y"}), twins.hear(0, till, {"a1": "y"}), twins.hear(1, shop, {"a1": "z"})
    twins.unmerge(1, 0)
    told = [{key: record(one)[key] for key in OWN} for one, _ in twins.pairs]
    assert told == [{"a0": "y", "a1": "y"}, {"a0": "x", "a1": "z"}]


def test_what_only_another_part_says_stands_once_who_said_it_first_has_left() -> None:
    twins = Twins(random.Random(1), [[3], [3], [3]], {"language": "fr"})
    for n in (1, 2):
        twins.hear(n, twins.sources[n][0], {"marital_status": "married"})
    ann = twins.pairs[0][0]
    twins.merge(1, 0), twins.merge(2, 0)
    twins.unmerge(1, 0)
    assert record(ann)["marital_status"] == "married"
    twins.unmerge(2, 0)
    assert record(ann)["marital_status"] == "" and twins.differences() == []


def test_what_she_took_back_meanwhile_does_not_come_back(ann_and_anne: Twins) -> None:
    twins, shop = ann_and_anne, ann_and_anne.sources[1][0]
    ann, anne = (pair[0] for pair in twins.pairs)
    twins.hear(1, shop, {"sex": "female"})
    correct_value(anne.number, "sex", "other", by=DORA, because="she said", at=twins.at)
    twins.merge(1, 0)
    assert record(ann)["sex"] == "other"
    twins.at += DAY
    take_back_correction(ann.number, "sex", by=DORA, because="a slip", at=twins.at)
    twins.unmerge(1, 0)
    assert (record(ann)["sex"], record(anne)["sex"]) == ("", "female")


def test_what_was_believed_because_a_source_expired_goes_with_whose_it_is(ann_and_anne: Twins) -> None:
    twins, (till, _, register) = ann_and_anne, (one for own in ann_and_anne.sources for one in own)
    bought = _source("bought", 2)
    twins.hear(0, till, {"sex": "female"}), twins.hear(1, register, {"sex": "male"})
    ann = twins.pairs[0][0]
    tell_customers(pa.table({"customer_id": [ann.id], "sex": ["other"]}), source_id=bought, by=STEN, at=twins.at)
    twins.merge(1, 0)
    assert record(ann)["sex"] == "female"
    twins.at += 2 * DAY
    describe_source(bought, by=STEN, expires_on=(twins.at - DAY).date())
    assert expire_sources(at=twins.at) == {"bought": 1} and record(ann)["sex"] == "male"
    twins.unmerge(1, 0)
    assert twins.differences() == []


def allergies(who: Customer) -> str:
    return str(record(who).get("allergies") or "")


def test_two_allergies_are_both_there_whatever_either_source_says_next(ann_and_anne: Twins) -> None:
    twins, (till, shop, register) = ann_and_anne, (one for own in ann_and_anne.sources for one in own)
    ann, anne = (pair[0] for pair in twins.pairs)
    twins.hear(0, till, {"allergies": "wool"}), twins.hear(1, shop, {"allergies": "nuts"})
    twins.merge(1, 0)
    assert words_in(allergies(ann)) == {"wool", "nuts"}
    twins.hear(1, register, {"allergies": "milk"})
    assert words_in(allergies(ann)) == {"wool", "nuts", "milk"}
    twins.hear(0, till, {"allergies": "wool; down"})
    assert words_in(allergies(ann)) == {"wool", "down", "nuts", "milk"}
    twins.unmerge(1, 0)
    assert (words_in(allergies(ann)), words_in(allergies(anne))) == ({"wool", "down"}, {"milk", "nuts"})
    assert twins.differences() == []


def test_an_allergy_is_there_still_when_one_source_knows_both(ann_and_anne: Twins) -> None:
    """Her row of that source has no room beside the other's; what it says counts all the same."""
    twins, till = ann_and_anne, ann_and_anne.sources[0][0]
    ann, anne = (pair[0] for pair in twins.pairs)
    twins.hear(0, till, {"allergies": "wool"}), twins.hear(1, till, {"allergies": "nuts"})
    twins.merge(1, 0)
    twins.hear(0, till, {"allergies": "milk"})
    assert words_in(allergies(ann)) == {"milk", "nuts"}
    twins.unmerge(1, 0)
    assert (allergies(ann), allergies(anne)) == ("milk", "nuts")


def test_what_another_part_says_too_is_said_still_when_the_first_has_left() -> None:
    twins = Twins(random.Random(1), [[3], [3], [3]], {"language": "fr"})
    ann = twins.pairs[0][0]
    for n, told in enumerate(("wool", "nuts", "nuts; milk")):
        twins.hear(n, twins.sources[n][0], {"allergies": told})
    twins.merge(1, 0), twins.merge(2, 0)
    twins.unmerge(1, 0)
    assert words_in(allergies(ann)) == {"wool", "nuts", "milk"}
    twins.unmerge(2, 0)
    assert allergies(ann) == "wool" and twins.differences() == []


def test_what_was_confirmed_of_one_unsays_nothing_of_the_other(ann_and_anne: Twins) -> None:
    """Ann had said that it is wool, not nuts; Anne cannot bear nuts. Asked when they are one, her word stands alone."""
    twins, (till, shop, register) = ann_and_anne, (one for own in ann_and_anne.sources for one in own)
    ann = twins.pairs[0][0]
    twins.hear(0, till, {"allergies": "nuts"})
    officer = {"by": EMIL, "because": "she said"}
    correct_value(ann.number, "allergies", "wool", at=twins.at + timedelta(minutes=1), **officer)
    twins.hear(0, till, {"allergies": "nuts"})
    assert allergies(ann) == "wool"
    twins.hear(1, shop, {"allergies": "nuts"})
    twins.merge(1, 0)
    twins.hear(1, register, {"allergies": "milk"})
    assert words_in(allergies(ann)) == {"wool", "nuts", "milk"}
    correct_value(ann.number, "allergies", "milk", at=twins.at + timedelta(minutes=1), **officer)
    assert allergies(ann) == "milk"
    twins.hear(1, shop, {"allergies": "down"})
    assert words_in(allergies(ann)) == {"milk", "down"}
    take_back_correction(ann.number, "allergies", at=twins.at + timedelta(minutes=2), **officer)
    assert words_in(allergies(ann)) >= {"nuts", "milk", "down"}


def test_an_allergy_out_of_sight_goes_with_its_source(ann_and_anne: Twins) -> None:
    twins, till = ann_and_anne, ann_and_anne.sources[0][0]
    bought = _source("bought", 2)
    ann, anne = (pair[0] for pair in twins.pairs)
    twins.hear(0, till, {"allergies": "wool"})
    for who, told in ((ann, "milk"), (anne, "nuts")):
        said_of = pa.table({"customer_id": [who.id], "allergies": [told]})
        tell_customers(said_of, source_id=bought, by=STEN, at=twins.at)
    twins.merge(1, 0)
    assert words_in(allergies(ann)) == {"wool", "milk", "nuts"}
    twins.at += 2 * DAY
    describe_source(bought, by=STEN, expires_on=(twins.at - DAY).date())
    expire_sources(at=twins.at)
    assert allergies(ann) == "wool"
    twins.unmerge(1, 0)
    assert (allergies(ann), allergies(anne)) == ("wool", "")
