"""One chunk of customer rows: found or created, told what is new, with their contacts, keys and choices."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings as house
from django.db import transaction

from regulars.connections.files import ROW_NUMBER, Chunk
from regulars.connections.key_map import UNKNOWN, KeyMap
from regulars.journeys.follow_merges import FollowMerges, WayTold
from regulars.journeys.sift_bought_list import sift
from regulars.records.choices.brought_along import add_brought_choices
from regulars.records.company.access import branches, company
from regulars.records.company.actions import ensure_branches
from regulars.records.customers import actions as customers
from regulars.records.customers.erased_refs import erased_since
from regulars.records.customers.marking import mark_customers
from regulars.records.customers.originals import keep_as_it_came
from regulars.records.groups.contacts import ContactOf, belong_to_companies
from regulars.records.intake.access import source_of
from regulars.records.intake.actions import Counts
from regulars.records.own_attributes.access import own_attributes
from regulars.records.own_attributes.actions import tell_values
from regulars.rules.cleaning.cleaned import Came
from regulars.rules.identity.finding import contact_token, name_tokens
from regulars.rules.identity.time_zones import zone_where
from regulars.rules.intake.checking_customers import AS_IT_CAME, CheckedCustomers, check_customers, sealed_headings
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.line_keys import SeenLines
from regulars.rules.intake.meanings import CHANNELS, OWN, PURPOSES, own_attribute_of
from regulars.rules.intake.money import digits_of
from regulars.rules.intake.references import with_references
from regulars.rules.intake.sources import BOUGHT_IN, serves
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.jurisdictions import jurisdiction_of

Ids = np.ndarray[Any, np.dtype[np.int64]]
POINTS: Final = {"email": "email", "phone": "phone", "street": "letter"}
#: A column of the file → purpose and channel it speaks about.
CONSENTS: Final = {f"consent_{purpose}": (purpose, "") for purpose in PURPOSES} | {
    f"consent_{channel}": ("direct_marketing", channel) for channel in CHANNELS
}
#: Columns about the company somebody is a contact of.
COMPANY: Final = ("company_country", "company_code", "company_name")
#: The own attribute under which a company keeps number plates: by them a customer is recognised.
PLATE: Final = "plate"
#: A list of rows that stay out, with nobody on it.
NOTHING_OUT: Final = pa.Table.from_batches([], pa.schema([(ROW_NUMBER, pa.int64()), ("reason", pa.string())]))
_SAID: Final = pa.schema(
    {"customer_id": pa.int64(), "purpose": pa.string(), "channel": pa.string(), "value": pa.string()}
)
_TOLD: Final = (
    "name", "given_name", "family_name", "name_sort", "honorific", "sex", "birth_on", "language", "city", "region",
    "country", "postcode", "household_size", "marital_status", "income_band", "allergies", "id_document",
)  # fmt: skip


class CheckCustomers:
    """Checks chunk after chunk of one file, beside the database and in its own thread."""

    def __init__(
        self, settings: ImportSettings, engine: duckdb.DuckDBPyConnection, *, delimiter: str, at: datetime
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.delimiter = delimiter or ","
        self.at = at
        self.seen = SeenLines()
        self.key: bytes = house.KEYS.read("search")
        self.own = {OWN + one.what.key: one.what for one in own_attributes()}
        self.sealed = sealed_headings(settings, self.own)
        self.own_digits = digits_of(company().currency)

    def __call__(self, chunk: Chunk) -> CheckedCustomers:
        """The chunk's rows, accepted or refused."""
        rows = with_references(chunk.rows, self.settings, self.key)
        checked = check_customers(
            rows, self.settings, at=self.at, seen=self.seen, delimiter=self.delimiter, engine=self.engine,
            own=self.own, own_digits=self.own_digits,
        )  # fmt: skip
        self.seen = checked.seen
        return checked


class PeopleToldOf:
    """What a file says about persons goes into the vault: facts, ways to reach them, keys to find them, their
    choices.
    """

    def __init__(
        self, source_id: int, settings: ImportSettings, *, merges: FollowMerges | None = None, by: Asker, at: datetime
    ) -> None:
        self.source_id = source_id
        self.settings = settings
        self.merges = merges or FollowMerges(source_id)
        self.by, self.at = by, at
        self.home = company().jurisdiction
        self.branches = {branch.ref: branch.id for branch in branches()}
        self.key: bytes = house.KEYS.read("search")
        self.own = {meaning: key for meaning in settings.columns if (key := own_attribute_of(meaning))}
        self.source = source_of(source_id, by=replace(by, view="default"))

    def create(self, people: pa.Table, *, stage: str, first_seen_on: pa.Array | None = None) -> Ids:
        """The numbers of new customers, one per row."""
        seen = pa.repeat(pa.scalar(self.at.date()), people.num_rows) if first_seen_on is None else first_seen_on
        told = self._told(people).append_column("ref", people["customer_ref"]).append_column("first_seen_on", seen)
        homes = pc.fill_null(told["jurisdiction"], self.home)
        told = told.set_column(told.column_names.index("jurisdiction"), "jurisdiction", homes)
        ids = customers.create_customers(told, source_id=self.source_id, stage=stage, by=self.by, at=self.at)
        self._add_rest(people, ids)
        self.close_what_terms_exclude(ids)
        return ids

    def close_what_terms_exclude(self, ids: Ids) -> None:
        """Whom only this source knows may be used for what it permits and nothing else, until she says so herself."""
        permitted = self.source.purposes if self.source else ()
        excluded = [purpose for purpose in PURPOSES if not serves(permitted, purpose)]
        if not excluded:
            return
        rows = [(int(who), purpose, "", "denied") for who in ids for purpose in excluded]
        told = pa.table(list(zip(*rows, strict=True)) or [()] * 4, schema=_SAID)
        add_brought_choices(told, by=self.by, at=self.at, wording="not among the permitted purposes of the source")

    def tell(self, people: pa.Table, ids: Ids) -> int:
        """How many of these known customers were told something new about themselves."""
        changed = frozenset[int]()
        for rows, whose in once_each(people, ids):
            told = self._told(rows).append_column("customer_id", pa.array(whose))
            changed |= customers.tell_customers(told, source_id=self.source_id, by=self.by, at=self.at)
            changed |= self._add_rest(rows, whose)
        return len(changed)

    def tell_own(self, people: pa.Table, ids: Ids) -> frozenset[int]:
        """Customers told something new under the company's own attributes; a retired one has no column any more."""
        changed = frozenset[int]()
        for meaning, key in ((meaning, key) for meaning, key in self.own.items() if meaning in people.column_names):
            said = zip(ids.tolist(), people[meaning].to_pylist(), strict=True)
            told = [(who, plain) for who, plain in said if plain is not None]
            changed |= tell_values(key, told, source_id=self.source_id, by=self.by, at=self.at)
        return changed

    def _told(self, people: pa.Table) -> pa.Table:
        columns = {name: people[name] for name in _TOLD}
        columns["household_size"] = pc.cast(people["household_size"], pa.int16())
        columns["jurisdiction"] = _jurisdictions(people)
        columns["timezone"] = _time_zones(people)
        columns["home_branch_id"] = self._branch_ids(people["branch_ref"].to_pylist())
        return pa.table(columns)

    def _branch_ids(self, refs: list[str | None]) -> pa.Array:
        if missing := {ref for ref in refs if ref} - set(self.branches):
            self.branches |= ensure_branches(sorted(missing))
        return pa.array([self.branches[ref] if ref else None for ref in refs], pa.int64())

    def _add_rest(self, people: pa.Table, ids: Ids) -> frozenset[int]:
        """Everything beside the record itself; customers of whom their company, or something under the company's own
        attributes, is new."""
        keep_as_it_came(_came(people, ids), source_id=self.source_id, at=self.at)
        points = pa.concat_tables([_points(people[name], channel, ids) for name, channel in POINTS.items()])
        before = self.merges.ways_before(ids.tolist())
        customers.add_contact_points(points, source_id=self.source_id, at=self.at)
        self.merges.note_ways(before, _ways(people, ids))
        customers.add_search_tokens(self._tokens(people, points, ids))
        mark_customers(ids.tolist(), _reached(points), self._plates(people, ids))
        choices = [_choices(people[name], *about, ids) for name, about in CONSENTS.items()]
        add_brought_choices(pa.concat_tables(choices), by=self.by, at=self.at, wording=self._wording())
        joined = belong_to_companies(_contacts(people, ids), source_id=self.source_id, by=self.by, at=self.at)
        return joined | self.tell_own(people, ids)

    def _plates(self, people: pa.Table, ids: Ids) -> dict[int, list[str]]:
        """Number plates, where the company keeps them under an attribute of its own."""
        told = [meaning for meaning, key in self.own.items() if key == PLATE and meaning in people.column_names]
        said = (
            (who, plain) for name in told for who, plain in zip(ids.tolist(), people[name].to_pylist(), strict=True)
        )
        return {who: [str(plain)] for who, plain in said if plain is not None}

    def _wording(self) -> str:
        """Under which headings the file said so."""
        said = {name: header for name, header in self.settings.columns.items() if name in CONSENTS}
        return ", ".join(dict.fromkeys(said.values()))

    def _tokens(self, people: pa.Table, points: pa.Table, ids: Ids) -> pa.Table:
        """Keys by name in clear, by contact as keyed digests."""
        names = zip(
            people["name"].to_pylist(), people["given_name"].to_pylist(), people["family_name"].to_pylist(), strict=True
        )
        found = [(customer, token) for customer, told in zip(ids, names, strict=True) for token in _name_tokens(told)]
        rows = zip(*(points[name].to_pylist() for name in ("customer_id", "channel", "value")), strict=True)
        secret = ((customer, contact_token(channel, value, self.key)) for customer, channel, value in rows)
        found += [(customer, token) for customer, token in secret if token]
        columns = list(zip(*found, strict=True)) or [(), ()]
        return pa.table(columns, schema=pa.schema({"customer_id": pa.int64(), "token": pa.string()}))


@dataclass(slots=True)
class WriteCustomers:
    """What a source calls its customers, while a file about them is written."""

    source_id: int
    run_id: int
    settings: ImportSettings
    by: Asker
    at: datetime
    known: KeyMap = field(init=False)
    people: PeopleToldOf = field(init=False)
    merges: FollowMerges = field(init=False)

    def __post_init__(self) -> None:
        self.merges = FollowMerges(self.source_id)
        self.known = KeyMap(customers.refs_of_source(self.source_id))
        self.people = PeopleToldOf(self.source_id, self.settings, merges=self.merges, by=self.by, at=self.at)

    def resume(self) -> None:
        """Everything there is to remember stands in the vault."""

    def make_room(self, checked: CheckedCustomers) -> None:
        """Customers need no place prepared."""

    def sift(self, checked: CheckedCustomers) -> tuple[CheckedCustomers, pa.Table]:
        """What may come in of a chunk, and row number and reason of what may not: of a list that was bought, whoever is
        ours already or wants no contact."""
        source, accepted = self.people.source, checked.accepted
        if source is None or source.kind != BOUGHT_IN or not accepted.num_rows:
            return checked, NOTHING_OUT
        new = pa.array(self.known.look_up(accepted["customer_ref"].combine_chunks()) == UNKNOWN)
        out = sift(accepted.filter(new), self.people.key)
        stays = pc.invert(pc.is_in(accepted[ROW_NUMBER], value_set=out[ROW_NUMBER]))
        return replace(checked, accepted=accepted.filter(stays)), out

    def write(self, checked: CheckedCustomers) -> Counts:
        """The accepted customers are known; what became of the rows."""
        accepted = checked.accepted
        if not accepted.num_rows:
            return Counts()
        refs = accepted["customer_ref"].combine_chunks()
        self.merges.follow(self.known)
        pass_by_erased(self.known, refs, self.source_id, self.run_id)
        ids = self.known.look_up(refs)
        unknown = pa.array(ids == UNKNOWN)
        new, known = accepted.filter(unknown), accepted.filter(pc.invert(unknown))
        self.known.learn(new["customer_ref"], self.people.create(new, stage="prospect"))
        changed = self.people.tell(known, ids[ids != UNKNOWN])
        return _counted(new.num_rows, changed, known.num_rows)

    def weigh(self, checked: CheckedCustomers) -> Counts:
        """What `write` would do; whatever it lays out is taken back."""
        accepted = checked.accepted
        ids = self.known.look_up(accepted["customer_ref"].combine_chunks())
        known, people = accepted.filter(pa.array(ids != UNKNOWN)), ids[ids != UNKNOWN]
        changed = frozenset[int]()
        with transaction.atomic():
            for rows, whose in once_each(known, people):
                told = _told_for_weighing(self.people, rows, whose)
                changed |= customers.tell_customers(told, source_id=self.source_id, by=self.by, at=self.at)
                changed |= self.people.tell_own(rows, whose)
            transaction.set_rollback(True)
        return _counted(accepted.num_rows - known.num_rows, len(changed), known.num_rows)

    def settle_totals(self) -> int:
        """A file about customers moves no totals."""
        return 0

    def close(self) -> None:
        """Let go of what was held in memory."""
        self.known.close()


def once_each(people: pa.Table, ids: Ids) -> Iterator[tuple[pa.Table, Ids]]:
    """The rows in their order, in as many parts as it takes that nobody is twice in one: of two who are one, a source
    may tell under each of her references."""
    left = np.arange(len(ids))
    while len(left):
        first = np.sort(np.unique(ids[left], return_index=True)[1])
        yield (people, ids) if len(first) == len(ids) else (people.take(pa.array(left[first])), ids[left[first]])
        left = np.delete(left, first)


def pass_by_erased(known: KeyMap, refs: pa.Array, source_id: int, run_id: int) -> None:
    """Whoever was erased since the run was there is known as the tombstone she left: nothing is told to it."""
    unknown = refs.filter(pa.array(known.look_up(refs) == UNKNOWN))
    if gone := erased_since(source_id, run_id, unknown.to_pylist()):
        known.learn(pa.array(list(gone), pa.string()), pa.array(list(gone.values()), pa.int64()))


def _counted(new: int, changed: int, known: int) -> Counts:
    return Counts(new=new, changed=changed, same=known - changed, customers_new=new, customers_matched=known)


def _told_for_weighing(people: PeopleToldOf, known: pa.Table, ids: Ids) -> pa.Table:
    """What would be told, without opening branches."""
    plain = {name: known[name] for name in _TOLD if name != "household_size"}
    plain["jurisdiction"] = _jurisdictions(known)
    plain["timezone"] = _time_zones(known)
    return pa.table(plain | {"customer_id": pa.array(ids)})


def _jurisdictions(people: pa.Table) -> pa.Array:
    """By where they live; nothing where the file does not say."""
    places = zip(people["country"].to_pylist(), people["region"].to_pylist(), strict=True)
    return pa.array(
        [jurisdiction_of(country, region or "") if country else None for country, region in places], pa.string()
    )


def _time_zones(people: pa.Table) -> pa.Array:
    """By country or phone; nothing where neither tells."""
    told = zip(people["country"].to_pylist(), people["phone"].to_pylist(), strict=True)
    return pa.array([zone_where(country or "", phone or "") for country, phone in told], pa.string())


def _points(values: pa.ChunkedArray, channel: str, ids: Ids) -> pa.Table:
    there = pc.is_valid(values)
    customer = pa.array(ids, pa.int64()).filter(there.combine_chunks())
    channels = pa.repeat(pa.scalar(channel), len(customer))
    return pa.table({"customer_id": customer, "channel": channels, "value": values.filter(there).combine_chunks()})


def _ways(people: pa.Table, ids: Ids) -> Iterator[WayTold]:
    """Every way that a row tells, by whom it is told."""
    refs = people["customer_ref"].to_pylist()
    for name, channel in POINTS.items():
        said = zip(ids.tolist(), refs, people[name].to_pylist(), strict=True)
        yield from ((who, ref, channel, value) for who, ref, value in said if value is not None)


def _reached(points: pa.Table) -> dict[int, list[tuple[str, str]]]:
    """Customer id → channel and value of every way the file tells to reach her."""
    found: dict[int, list[tuple[str, str]]] = {}
    for who, *reached in zip(*(points[name].to_pylist() for name in ("customer_id", "channel", "value")), strict=True):
        found.setdefault(who, []).append((reached[0], reached[1]))
    return found


def _came(people: pa.Table, ids: Ids) -> Iterator[tuple[int, list[Came]]]:
    """Customer id → what cleaning changed in her row."""
    for who, said in zip(ids.tolist(), people[AS_IT_CAME].to_pylist(), strict=True):
        if said:
            yield who, [(name, before, after, tuple(why)) for name, before, after, why in json.loads(said)]


def _contacts(people: pa.Table, ids: Ids) -> list[ContactOf]:
    """Whose contact each is, where the row tells a company's code."""
    said = zip(ids.tolist(), *(people[name].to_pylist() for name in COMPANY), strict=True)
    return [ContactOf(who, country, code, name or "") for who, country, code, name in said if code]


def _choices(values: pa.ChunkedArray, purpose: str, channel: str, ids: Ids) -> pa.Table:
    said = _points(values, channel, ids)
    purposes = pa.repeat(pa.scalar(purpose), said.num_rows)
    return said.append_column("purpose", purposes).select(["customer_id", "purpose", "channel", "value"])


def _name_tokens(names: tuple[str | None, ...]) -> Iterator[str]:
    yield from name_tokens(*(name for name in names if name))
