"""What is handed out: lists page by page, figures with their currency, the log, the dictionary, metrics."""

from datetime import date

import pytest

from regulars.records.segments.models import Segment
from regulars.records.staff.actions import hire
from tests.cast import ann, bob, cleo, said
from tests.desks.api.programs import program, program_for
from tests.desks.cli.terminal import regulars
from tests.shop import everybody_segment, open_shop, refreshed, sell
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)


@pytest.fixture
def figures() -> None:
    """Ann, Bob and Cleo bought once each, Ann twice; the figures are fresh."""
    open_shop(TODAY)
    for one in (a := ann(), bob(), cleo()):
        sell(one, date(2026, 2, 1), 10_000)
    sell(a, date(2026, 3, 1), 5_000)
    refreshed(TODAY)


@pytest.mark.usefixtures("figures")
def test_lists_come_page_by_page_with_their_total() -> None:
    everybody_segment()
    mia = program("marketer")
    told = mia.post(
        "/segment-rules/trial", {"rule": {"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}}
    ).told
    assert (told["count"], told["visible"]) == (3, 2)
    for which in ("due", "bought", "within_grace", "lapsed"):
        page = mia.get(f"/lists/2026-03/{which}", limit=1, offset=0).told
        assert page["limit"] == 1
        assert len(page["items"]) <= 1 <= page["total"] + 1


@pytest.mark.usefixtures("figures")
def test_money_has_its_currency() -> None:
    bucket = program_for("anonymous").get("/bucket").told
    assert bucket[-1]["gained"]["amount"]["currency"] == "CNY"
    cells = program("marketer").get("/rfm").told["cells"]
    assert sum(cell["amount"]["minor"] for cell in cells) == 35_000


@pytest.mark.usefixtures("figures")
def test_the_people_of_a_cell_are_those_the_view_shows() -> None:
    mia, emil = program("marketer"), program("officer")
    cells = [(cell["recency_band"], cell["frequency_band"]) for cell in mia.get("/rfm").told["cells"]]
    asked = [[who.get("/rfm/people", r=r, f=f).told["total"] for r, f in cells] for who in (mia, emil)]
    assert [sum(totals) for totals in asked] == [2, 3]


def test_cut_points_are_all_three_or_none() -> None:
    answer = program("marketer").get("/rfm", recency=[1, 2, 3, 4])
    assert (answer.status, answer.code()) == (400, "cuts_not_readable")


def test_before_the_first_figures_one_is_told_what_to_do() -> None:
    answer = program("marketer", "zh").get("/rfm")
    assert (answer.status, answer.code()) == (400, "no_figures_yet")
    assert "刷新" in answer.told["sentence"]


@pytest.mark.usefixtures("figures")
def test_a_segment_set_aside_says_why_in_the_language_asked_for() -> None:
    everybody_segment()
    gone = {"all": [{"field": "shoe_size", "operator": "at_least", "value": 42}]}
    Segment.objects.filter(key="everybody").update(rule=gone)
    told = program("marketer", "zh").get("/segments/everybody").told
    assert (told["aloud"], told["rule"], told["set_aside"]["code"]) == ("", gone, "field_unknown")
    assert "shoe_size" in told["set_aside"]["sentence"]
    assert "没有" in told["set_aside"]["sentence"]
    assert program("marketer").get("/segments").told["items"][0]["set_aside"]["code"] == "field_unknown"
    for words in (("segment", "list"), ("segment", "show", "everybody"), ("refresh", "--as-of", "2026-03-12")):
        said = regulars(*words)
        assert said.status == 0
        assert "everybody" in said.err
        assert "no longer be read" in said.err
    assert "shoe_size" in regulars("segment", "list", "--json").json()[0]["set_aside"]


def test_a_segment_lives_and_retires() -> None:
    mia = program("marketer")
    rule = {"all": [{"field": "city", "operator": "any_of", "value": ["杭州"]}]}
    assert mia.post("/segments", {"key": "lake", "name": "Lake", "rule": rule}).status == 201
    assert mia.post("/segments", {"key": "lake", "name": "Lake", "rule": rule}).code() == "segment_key_taken"
    assert "杭州" in mia.get("/segments/lake").told["aloud"]
    changed = {"any": [{"field": "city", "operator": "any_of", "value": ["苏州"]}]}
    assert mia.put("/segments/lake", {"rule": changed}).told["version"] == 2
    assert mia.delete("/segments/lake").status == 204
    assert mia.get("/segments").told["total"] == 0
    assert mia.get("/segments/nowhere").code() == "no_such_segment"


def test_a_segment_is_found_by_whatever_key_it_was_given() -> None:
    mia, rule = program("marketer"), {"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}
    for key in ("fields", "trial", "v1.2"):
        assert mia.post("/segments", {"key": key, "name": key, "rule": rule}).status == 201
        assert mia.get(f"/segments/{key}").told["key"] == key
    assert mia.post("/segments", {"key": "new", "name": "New", "rule": rule}).code() == "key_not_possible"


def test_a_rule_may_not_ask_what_the_purpose_does_not_allow() -> None:
    allowed = {field["key"] for field in program("marketer").get("/segment-rules/fields").told}
    assert "allergies" not in allowed


def test_wrong_rules_say_where() -> None:
    rule = {"all": [{"any": [{"field": "frequency", "operator": "at_least", "value": "many"}]}]}
    answer = program("marketer").post("/segment-rules/aloud", {"rule": rule})
    assert (answer.status, answer.code(), answer.told["values"]["path"]) == (400, "value_not_a_number", [0, 0])


def test_orders_go_back_page_by_page() -> None:
    wanqing(shop())
    dora = program("service")
    first = dora.get("/customers/C-20418/orders", because="call", limit=2).told
    then = dora.get("/customers/C-20418/orders", because="call", limit=2, before=first["earlier"]).told
    assert len({order["ref"] for order in first["items"] + then["items"]}) == 4
    assert first["items"][0]["amount"] == {"minor": 368_000, "currency": "CNY"}


def test_the_card_holds_what_the_page_shows() -> None:
    wanqing(shop())
    card = program("service").get("/customers/C-20418/card", because="call").told
    assert card["customer"]["number"] == "C-20418"
    assert card["contacts"]
    assert card["complaints"]


def test_found_by_pinyin_and_not_by_a_piece_of_sql() -> None:
    wanqing(shop())
    dora = program("service")
    assert [one["number"] for one in dora.get("/customers", text="chen wanqing", because="call").told] == ["C-20418"]
    assert dora.get("/customers", text="' OR 1=1 --", because="call").told == []


def test_a_link_is_given_once_and_taken_back() -> None:
    wanqing(shop())
    dora = program("service")
    link = dora.post("/customers/C-20418/portal-links", {"because": "asked for it"})
    assert link.status == 201
    path = link.told["url"].partition("/me/")[2]
    assert dora.client.get(f"/me/{path}").status_code == 302
    assert dora.delete("/customers/C-20418/portal-links", because="lost her phone").told == {"ended": 1}
    assert program("marketer").post("/customers/C-20418/portal-links", {"because": "x"}).status == 403


def test_the_officer_reads_who_looked_and_nobody_else_does() -> None:
    a = ann()
    program("service").get(f"/customers/{a.number}", because="a call about shoes")
    emil = program("officer")
    log = emil.get("/access-log", customer=a.number, text="shoes").told
    assert (log["total"], log["items"][0]["because"]) == (1, "a call about shoes")
    assert program("steward").get("/access-log").status == 403


def test_the_log_is_cut_where_one_asks() -> None:
    a = ann()
    dora = program("service")
    for number in range(7):
        dora.get(f"/customers/{a.number}", because=f"call {number}")
    emil = program("officer")
    cut = [one["because"] for one in emil.get("/access-log", text="call", limit=3, offset=2).told["items"]]
    assert cut == ["call 4", "call 3", "call 2"]


def test_the_house_is_checked_and_the_check_is_kept() -> None:
    emil = program("officer")
    assert emil.get("/checks/latest").told == {"check": None}
    made = emil.post("/checks")
    assert made.status == 201
    assert made.told["agrees"], made.told["disagreements"]
    assert emil.get("/checks/latest").told["check"]["compared"] == made.told["compared"]


def test_the_dictionary_says_how_each_view_shows_a_column() -> None:
    tables = {table["name"]: table for table in program("steward").get("/dictionary").told}
    columns = {column["name"]: column for column in tables["contact_point"]["columns"]}
    assert columns["value"]["shown"]["standard"] == "gone"
    assert columns["value"]["shown"]["personal"] == "keep"


def test_metrics_are_for_the_officer_and_in_prometheus_format() -> None:
    emil = program("officer")
    told = emil.get("/metrics")
    assert told.headers["Content-Type"].startswith("text/plain")
    assert "# TYPE regulars_reads_denied_1d gauge\nregulars_reads_denied_1d 0\n" in told.told
    assert program("service").get("/metrics").status == 403


@pytest.mark.usefixtures("figures")
def test_tasks_are_opened_handed_on_and_closed() -> None:
    hire("dora", "Dora", roles=["service"], password="a long enough password")
    dora = program("service")
    number = dora.get("/customers", text="Ann", because="call").told
    assert number == []  # nobody is found by a name that was never made findable
    made = dora.post("/customers/C-20001/tasks", {"kind": "call_back", "due_on": "2026-03-14", "owner": "dora"})
    assert made.status == 201
    assert (
        dora.post("/customers/C-20001/tasks", {"kind": "call_back", "due_on": "2026-03-14"}).code()
        == "task_open_already"
    )
    task = dora.get("/tasks").told["items"][0]
    assert (task["owner"], task["number"]) == ("Dora", "C-20001")
    assert dora.post(f"/tasks/{task['id']}/hand-on", {"owner": "nobody-of-that-name"}).code() == "no_such_staff"
    assert dora.post(f"/tasks/{task['id']}/hand-on", {"owner": None}).told == {"number": "C-20001"}
    assert dora.post(f"/tasks/{task['id']}/close", {"outcome": "reached"}).status == 200
    assert dora.post(f"/tasks/{task['id']}/close", {"outcome": "reached"}).code() == "task_not_open"


@pytest.mark.usefixtures("figures")
def test_the_lapse_list_becomes_work() -> None:
    said_no = cleo()
    said(said_no, "direct_marketing", "denied")
    told = program("marketer").post("/tasks/from-lapse-list", {"limit": 10}).told
    assert told["opened"] <= told["on_list"]
