"""Lists that left the house: a leaked one is traced to whoever took it, an old one is not used again (40, 51)."""

import csv
import io
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as keys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from regulars.connections.postgres.securing import Connection
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.hand_out_people import note_listed, people_file, people_listed
from regulars.journeys.trace_list import recheck_list, trace_list
from regulars.records.access_log.models import AccessEntry, PrivacyEntry
from regulars.records.customers.models import Customer, SearchToken
from regulars.records.exports.access import export_called, export_rule, exports
from regulars.records.exports.actions import end_export, set_expiry, set_rule
from regulars.records.exports.models import Export, ExportDecoy, ExportedPerson
from regulars.records.scores.access import count_everybody, people_where
from regulars.rules.identity.finding import all_tokens
from regulars.rules.noticing.tracing import agreement, chance_of
from regulars.rules.noticing.watermarks import marked_order
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, MIA, NOON, STEN, asking, reached_by, said
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.marketing.corner_shop import TODAY, corner_shop
from tests.desks.visitors import signed_in
from tests.shop import refreshed, sell

pytestmark = pytest.mark.usefixtures("house")
NINA = asking("Nina", "marketer")
SHOPPERS = 70


def findable_shop(extra: int) -> list[Customer]:
    """The corner shop with its people kept as imports keep them: found by name and address."""
    people = corner_shop(extra)
    make_findable(*people)
    return people


def make_findable(*people: Customer) -> None:
    key = keys.KEYS.read("search")
    for one in people:
        reached = [(channel, value) for channel, value in reached_by(one) if channel != "letter"]
        tokens = all_tokens([one.name], [one.number], reached, key, "CN")
        SearchToken.objects.bulk_create(SearchToken(customer=one, token=token) for token in tokens)


def took(by: Asker = MIA) -> Any:
    """She took the file of everybody."""
    return people_file(by=by, because="spring list", content="Everybody", at=NOON, limit=50_000)


def written(lines: Any, *columns: str) -> bytes:
    """The rows as they leak: these columns only."""
    out = io.StringIO()
    csv.writer(out).writerows([[getattr(one, column) for column in columns] for one in lines])
    return out.getvalue().encode()


def traced(content: bytes) -> list[tuple[int, str]]:
    return [(facts.id, one.verdict) for facts, one in trace_list(content, by=EMIL, because="leak").suspects]


def test_51_a_leaked_file_is_traced_among_files_of_the_same_list() -> None:
    corner_shop(SHOPPERS)
    mine, hers, again = took(), took(NINA), took()
    for left in (mine, hers, again):
        assert traced(written(left.lines, "number", "name"))[0] == (left.export, "certain")


def test_40_the_first_line_of_a_pasted_list_is_answered_like_any_other() -> None:
    """It has no number, and is a person, or a name nobody has; only words that head columns are left out."""
    people = findable_shop(4)
    left = took()
    numbers = [one.number for one in left.lines]
    for first in ("ann@example.com", "Ann Archer", "Zed Nobody", "zed@nowhere.example"):
        pasted = "\n".join([first, *numbers]).encode()
        for rows in (
            trace_list(pasted, by=EMIL, because="leak").rows,
            len(recheck_list(pasted, export=left.export, by=EMIL, because="old list").rows),
        ):
            assert rows == 1 + len(numbers), first
    for headings in ("Number", "客户号", "customer_no,name"):
        pasted = "\n".join([headings, *numbers]).encode()
        assert trace_list(pasted, by=EMIL, because="leak").rows == len(numbers), headings
    alone = "\n".join(["ann@example.com", people[5].number]).encode()
    assert trace_list(alone, by=EMIL, because="leak").recognised == 2


def test_51_also_when_decoys_columns_and_most_rows_are_gone() -> None:
    findable_shop(SHOPPERS)
    mine, hers = took(), took(NINA)
    real = [one for one in hers.lines if one.customer_id]
    assert traced(written(real, "number"))[0] == (hers.export, "certain")
    assert traced(written(real[:52], "name"))[0][0] == hers.export
    invented = [one for one in mine.lines if not one.customer_id]
    assert traced(written(invented, "number")) == [(mine.export, "certain")]


def test_51_sorted_anew_and_without_decoys_it_is_not_pinned_on_anybody() -> None:
    corner_shop(SHOPPERS)
    left = [took(), took(NINA)]
    for real in ([one for one in left[0].lines if one.customer_id],):
        shuffled = sorted(real, key=lambda one: one.number)
        found = traced(written(shuffled, "number"))
        assert {export for export, _ in found} == {one.export for one in left}
        assert {verdict for _, verdict in found} == {"possible"}


def test_51_sorted_anew_and_without_decoys_its_figures_tell_the_day_it_was_made() -> None:
    """Mia took it last week, Nina today; the same people, and a column of figures is left of it."""
    people = corner_shop(SHOPPERS)
    mine = took()
    for one in people[3:9]:
        sell(one, TODAY, 700)
    refreshed(TODAY + timedelta(days=7))
    hers = took(NINA)
    for left, other in ((mine, hers), (hers, mine)):
        real = sorted((one for one in left.lines if one.customer_id), key=lambda one: one.number)
        for columns in ("recency_days", "due_on"), ("recency_days",), ("monetary_minor", "due_on"):
            found = trace_list(written(real, "name", *columns, "number"), by=EMIL, because="leak").suspects
            assert [facts.id for facts, _ in found] == [left.export, other.export]
            assert {one.verdict for _, one in found} == {"possible"}
            assert (found[0][1].overlap.fit, (found[1][1].overlap.fit or 0) < 0.95) == (1.0, True), columns
        without = trace_list(written(real, "number", "name"), by=EMIL, because="leak").suspects
        assert {one.overlap.fit for _, one in without} == {None}


def test_51_figures_of_one_day_speak_for_nobody() -> None:
    """Two took the same list on the same day: its figures are those of both, and the answer stays open."""
    corner_shop(SHOPPERS)
    took(), took(NINA)
    real = sorted((one for one in took().lines if one.customer_id), key=lambda one: one.number)
    found = trace_list(written(real, "number", "recency_days", "due_on"), by=EMIL, because="leak").suspects
    assert {(one.verdict, one.overlap.fit) for _, one in found} == {("possible", 1.0)}


def test_51_who_is_invented_has_no_figure_that_gives_her_away() -> None:
    """In a list by money she does not have the very amount of who stands beside her, unless others have it, too."""
    corner_shop(SHOPPERS)
    lines = list(took().lines)
    amounts = [one.monetary_minor for one in lines if one.customer_id]
    for n, one in enumerate(lines):
        if not one.customer_id and 0 < n < len(lines) - 1:
            beside = {lines[n - 1].monetary_minor, lines[n + 1].monetary_minor}
            assert one.monetary_minor not in beside or amounts.count(one.monetary_minor) > 1


def test_51_what_is_kept_of_figures_says_none(administrator_connection: Connection) -> None:
    """Eight bytes a row under a key outside the database: other bytes for the same figures of another customer."""
    corner_shop(SHOPPERS)
    took()
    rows = administrator_connection.execute("SELECT figures FROM vault.exported_person").fetchall()
    assert {len(bytes(row[0])) for row in rows} == {8}  # type: ignore[call-overload]
    assert len({bytes(row[0])[2:4] for row in rows}) > 20, "how often they bought is one to three, and does not show"  # type: ignore[call-overload]


def test_51_a_work_list_keeps_its_order_which_is_pinned_on_nobody() -> None:
    """Two programs read the same tasks in the same order: neither is taken for the one it leaked from."""
    numbers = [one.number for one in corner_shop(SHOPPERS)]
    for by in (MIA, NINA):
        note_listed(numbers, by=by, because="tasks", door="api_tasks", at=NOON)
    found = traced("\n".join(numbers).encode())
    assert [verdict for _, verdict in found] == ["possible", "possible"]


def test_51_a_name_made_up_proves_nothing_in_a_list_of_strangers() -> None:
    """Somebody outside may bear the name that was made up; her number is nobody else's."""
    findable_shop(20)
    left = took()
    decoy = ExportDecoy.objects.get()
    strangers = [f"Stranger Number{n}" for n in range(30)]
    assert traced("\n".join([decoy.name, *strangers]).encode()) == []
    assert traced("\n".join([decoy.number, *strangers]).encode()) == [(left.export, "certain")]
    names = [one.name or "" for one in sorted(left.lines, key=lambda one: one.number)]
    assert traced("\n".join(names).encode()) == [(left.export, "certain")]


def test_51_addresses_without_names_lead_to_the_file_and_to_who_opened_them() -> None:
    people = findable_shop(20)
    left = took()
    AccessEntry.objects.create(
        at=NOON, who="Dora", role="service", view="personal", purpose="service", door="open_contact", because="task",
        customer_id=people[3].id, rows=1, allowed=True,
    )  # fmt: skip
    found = trace_list(b"extra0@example.com\nextra4@example.com\nstranger@example.org", by=EMIL, because="leak")
    assert (found.rows, found.recognised) == (3, 2)
    assert [(facts.id, one.verdict) for facts, one in found.suspects] == [(left.export, "possible")]
    assert list(found.openers) == [("Dora", 1)]


def test_51_a_decoy_counts_nowhere_and_is_nobody() -> None:
    corner_shop(20)
    before = count_everybody()
    left = took()
    decoy = ExportDecoy.objects.get()
    assert not Customer.objects.filter(number=decoy.number).exists()
    assert count_everybody() == before
    assert Export.objects.get().rows == len(left.lines) - 1 == people_where(by=MIA, because="spring", limit=500)[0]
    assert decoy.name not in set(Customer.objects.values_list("name", flat=True))


def test_51_what_a_program_reads_page_by_page_is_one_export_a_day() -> None:
    corner_shop(30)
    numbers = []
    for offset in (0, 10, 20):
        page = people_listed(by=MIA, because="active", door="api", at=NOON, offset=offset, limit=10)
        numbers += [one.number for one in page.lines]
    kept = ExportedPerson.objects.order_by("place").values_list("customer__number", flat=True)
    assert Export.objects.get().id == page.export
    assert list(kept) == numbers
    assert sorted(numbers) == sorted({*numbers})


def test_40_an_old_file_is_refused_row_by_row_after_an_opt_out() -> None:
    people = corner_shop(20)
    left = took()
    content = b"Number,Name\n" + written(left.lines, "number", "name")
    assert not recheck_list(content, export=left.export, by=MIA, because="call them").must_go
    said(people[3], "direct_marketing", "denied", at=NOON)
    for named in (left.export, None):
        must_go = recheck_list(content, export=named, by=MIA, because="call them").must_go
        assert [(row.known_by, row.answer) for row in must_go] == [(people[3].number, "person_closed")]


def test_40_an_old_file_is_refused_as_a_whole_when_it_has_expired_or_was_ended() -> None:
    corner_shop(20)
    left, other = took(), took(NINA)
    content = written(left.lines, "number")
    set_expiry(left.export, TODAY - timedelta(days=1), by=EMIL, at=NOON)
    found = recheck_list(content, by=MIA, because="call them")
    assert (found.export, found.why) == (left.export, "export_expired")
    assert len(found.must_go) == len(left.lines)
    end_export(other.export, because="sent to the wrong people", by=EMIL, at=NOON)
    assert recheck_list(written(other.lines, "number"), export=other.export, by=NINA, because="x").why == "export_ended"


def test_40_what_is_not_certain_is_a_no() -> None:
    corner_shop(20)
    left = took()
    stranger = recheck_list(b"C-99999999\nC-88888888", by=MIA, because="call them")
    assert (stranger.why, len(stranger.must_go)) == ("export_unknown", 2)
    with_a_row_more = written(left.lines, "number") + b"C-99999999\r\n"
    must_go = recheck_list(with_a_row_more, export=left.export, by=MIA, because="call them").must_go
    assert [row.answer for row in must_go] == ["not_in_export"]
    of_another_view = Export.objects.filter(id=left.export)
    of_another_view.update(view="automated")
    assert recheck_list(written(left.lines, "number"), export=left.export, by=MIA, because="x").why == "export_unknown"


def _of_one_name() -> tuple[list[Customer], Any, dict[str, Any]]:
    """Two of one name in an export, and how it is asked about again."""
    twins = findable_shop(20)[5:7]
    for one in twins:
        one.name = "Fang Wang"
        Customer.objects.filter(id=one.id).update(name=one.name)
    make_findable(*twins)
    left = took()
    return twins, left, {"export": left.export, "by": MIA, "because": "call them"}


@pytest.mark.parametrize("closed", [0, 1])
def test_40_of_two_namesakes_neither_may_be_used_when_one_said_no(closed: int) -> None:
    twins, _, again = _of_one_name()
    assert not recheck_list(b"Fang Wang\nFang Wang", **again).must_go
    said(twins[closed], "direct_marketing", "denied", at=NOON)
    assert [row.answer for row in recheck_list(b"Fang Wang\nFang Wang", **again).rows] == ["person_closed"] * 2


def test_40_no_row_without_a_number_is_used_once_somebody_of_its_list_was_erased() -> None:
    """Two of one name, one of them erased: nobody can tell any more whose row says the name alone. Numbers still do."""
    twins, left, again = _of_one_name()
    erase_customer(twins[0].number, by=EMIL, because="her wish", reference="T-1", at=NOON)
    for content in (b"Fang Wang", b"Fang Wang\nFang Wang"):
        assert {row.answer for row in recheck_list(content, **again).rows} == {"not_certain"}
    assert {row.answer for row in recheck_list(b"Fang Wang", **(again | {"by": NINA})).rows} == {"must_go"}
    by_number = recheck_list(f"{twins[0].number},Fang Wang\n{twins[1].number},Fang Wang".encode(), **again)
    assert [row.answer for row in by_number.rows] == ["not_in_export", "may"]
    whole = recheck_list(written(left.lines, "number", "name"), **again)
    assert [row.known_by for row in whole.must_go] == [twins[0].number]


def test_40_a_recheck_confirms_nobodys_address() -> None:
    """Her view shows no addresses: neither does the answer to a list of guessed ones."""
    findable_shop(20)
    left = took()
    guessed = b"extra4@example.com\nextra5@example.com"
    for by, answers in ((MIA, {"not_in_export"}), (EMIL, {"may"})):
        found = recheck_list(guessed, export=left.export, by=by, because="call them")
        assert {row.answer for row in found.rows} == answers
    assert recheck_list(b"Extra Person4", export=left.export, by=MIA, because="call them").rows[0].answer == "may"


def test_40_a_recheck_of_somebody_elses_list_does_not_tell_who_said_no() -> None:
    """Numbers counted up against a list she never had: said no, and was never in it, are one answer."""
    people = corner_shop(20)
    left = took()
    said(people[3], "direct_marketing", "denied", at=NOON)
    counted = f"{people[3].number}\nC-99999999".encode()
    for by, answers in ((MIA, ["person_closed", "not_in_export"]), (NINA, ["must_go", "must_go"])):
        found = recheck_list(counted, export=left.export, by=by, because="call them")
        assert [row.answer for row in found.rows] == answers


def test_40_a_recheck_does_not_tell_who_is_invented() -> None:
    corner_shop(20)
    left = took()
    answers = recheck_list(written(left.lines, "number"), export=left.export, by=MIA, because="call them").rows
    assert {row.answer for row in answers} == {"may"}


def test_only_the_officer_traces_and_the_counter_rechecks_nothing() -> None:
    corner_shop(1)
    for by in (MIA, DORA):
        with pytest.raises(Denied, match="tracing_is_the_officers"):
            trace_list(b"C-20001", by=by, because="curious")
    with pytest.raises(Denied, match="recheck_not_for_this_role"):
        recheck_list(b"C-20001", by=DORA, because="curious")
    assert AccessEntry.objects.filter(allowed=False, door__in=("trace_list", "recheck_list")).count() == 3


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"a\x00b", b"\xff\xfe\xff\xff\x81"])
def test_what_is_no_list_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(BadInput, match="list_is_no_text"):
        trace_list(content, by=EMIL, because="leak")


def test_the_officer_says_how_long_and_with_whom_invented() -> None:
    corner_shop(20)
    set_rule(days=7, decoys=False, by=EMIL, at=NOON)
    left = took()
    assert left.expires_on == TODAY + timedelta(days=7)
    assert all(one.customer_id for one in left.lines)
    assert (export_rule().days, export_rule().decoys) == (7, False)
    with pytest.raises(BadInput, match="export_days_unclear"):
        set_rule(days=0, decoys=True, by=EMIL, at=NOON)


def test_no_export_may_be_used_longer_than_a_year_whoever_asks() -> None:
    corner_shop(20)
    left = took()
    longest = NOON.date() + timedelta(days=365)
    with pytest.raises(BadInput, match="export_days_unclear"):
        set_expiry(left.export, longest + timedelta(days=1), by=EMIL, at=NOON)
    set_expiry(left.export, longest, by=EMIL, at=NOON)
    assert export_called(left.export).expires_on == longest
    far = {"until": "9999-12-31"}
    page = signed_in("emil").post(f"/privacy/exports/{left.export}/until/", far, follow=True).content.decode()
    assert "1 to 365 days" in page
    assert program("officer").put(f"/exports/{left.export}", {"expires_on": "9999-12-31"}).status == 422
    assert regulars("exports", "until", str(left.export), "9999-12-31").status
    assert export_called(left.export).expires_on == longest


def test_how_long_exports_last_is_the_officers_at_the_door_itself() -> None:
    corner_shop(20)
    left = took()
    before = export_called(left.export)
    acts: list[Callable[[Asker], None]] = [
        lambda by: end_export(left.export, because="not needed", by=by, at=NOON),
        lambda by: set_expiry(left.export, TODAY + timedelta(days=300), by=by, at=NOON),
        lambda by: set_rule(days=365, decoys=False, by=by, at=NOON),
    ]
    for act in acts:
        for by in (MIA, DORA, STEN):
            with pytest.raises(Denied, match="exports_end_by_the_officer"):
                act(by)
    assert (export_called(left.export), export_rule().decoys) == (before, True)
    assert PrivacyEntry.objects.filter(deed="export", allowed=False).count() == 9


def test_what_left_stays_on_record_with_who_took_it() -> None:
    corner_shop(20)
    signed_in("mia").get("/people/?segment=everybody&csv=1")
    total, (facts,) = exports(by=EMIL)
    assert (total, facts.made_by, facts.role, facts.view, facts.door) == (
        1,
        "Mia",
        "marketer",
        "marketing",
        "people_file",
    )
    assert facts.because == "file of people of segment everybody"
    with pytest.raises(Denied):
        exports(by=MIA)


@given(some.integers(2, 400), some.integers(0, 10**6), some.integers(0, 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_order_is_whole_and_proves_only_its_own_export(count: int, export: int, first: int) -> None:
    order = marked_order(count, b"k" * 32, export, first)
    assert sorted(order) == list(range(count))
    places = {row: place for place, row in enumerate(order)}
    pairs, agreeing = agreement([places[row] for row in order])
    assert pairs == agreeing == count // 2


def test_lists_that_have_nothing_to_do_with_an_export_are_not_taken_for_it() -> None:
    chance = random.Random(7)
    for export in range(200):
        places = list(range(300))
        chance.shuffle(places)
        pairs, agreeing = agreement(places)
        assert chance_of(agreeing, pairs) > 1e-6, export
