"""The whole way over HTTP alone: a file comes in, figures are computed, a segment kept, a campaign sent and judged."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from regulars.connections.mail.post_box import PostBox
from regulars.desks.night_shift.jobs import run_worker
from regulars.records.company.access import CompanyFacts
from regulars.records.company.actions import set_up_company
from tests.cast import NOON
from tests.desks.api.programs import Program, program

pytestmark = pytest.mark.usefixtures("house")
PEOPLE = 60
CAMPAIGN = {
    "key": "spring", "name": "Spring", "segment": "regulars", "reason": "segment", "subject": "Spring, {given_name}",
    "body": "Dear {name},\n\nspring is here.", "threshold": 0.03, "expected_response": 0.1, "test_share": 0.5,
    "holdout_share": 0.2, "cost_each_minor": 5,
}  # fmt: skip


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon on 12 March, so nobody's quiet hours decide how the test ends."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    set_up_company(CompanyFacts("Corner Shop", "街角小店", None, "CN", "CNY", "UTC", False))


def customers_file() -> bytes:
    """Sixty people; every tenth does not want marketing."""
    rows = [
        f"M{n:03},Ann{n},Archer,ann{n}@example.com,{'no' if n % 10 == 0 else 'yes'},2024-05-18" for n in range(PEOPLE)
    ]
    heading = "member_no,given_name,family_name,email,consent_direct_marketing,first_seen"
    return "\n".join([heading, *rows]).encode()


def orders_file() -> bytes:
    """Each bought in January and February; one row has no amount."""
    rows = [
        f"R{n:03}-{month},M{n:03},2026-0{month}-{1 + n % 28:02} 12:00,{100 + n}.50"
        for n in range(PEOPLE)
        for month in (1, 2)
    ]
    return "\n".join(["order_no,member_no,order_date,amount", *rows, "R999,M001,2026-02-03 12:00,"]).encode()


def brought_in(steward: Program, content: bytes, kind: str) -> dict[str, object]:
    """The file is in the house; its report."""
    run = steward.bring(content, f"{kind}.csv", source="till", kind=kind, key=f"{kind}-1")
    assert run.status == 201, run.told
    number = run.told["id"]
    look = steward.get(f"/imports/{number}/look").told
    settled = steward.put(f"/imports/{number}/settings", {"columns": look["columns"], "answers": {}})
    assert settled.status == 200, settled.told
    tried = steward.post(f"/imports/{number}/trial", {}).told
    assert tried["whole"]
    assert steward.post(f"/imports/{number}/start").status == 202
    run_worker(until_empty=True, signals=False)
    report: dict[str, object] = steward.get(f"/imports/{number}").told
    assert report["state"] == "finished", report
    return report


def moment(days: int) -> str:
    at: datetime = NOON + timedelta(days=days)
    return at.isoformat()


def test_from_a_file_to_a_judged_campaign(post_box: PostBox) -> None:
    sten, mia = program("steward"), program("marketer")
    assert brought_in(sten, customers_file(), "customers")["customers_new"] == PEOPLE
    report = brought_in(sten, orders_file(), "orders")
    assert (report["rows_new"], report["rows_refused"]) == (2 * PEOPLE, 1)
    assert "R999" in sten.get(f"/imports/{report['id']}/set-aside.csv").told

    assert sten.post("/refreshes", {}).told == {"as_of": "2026-03-12", "asked": True}
    assert sten.post("/refreshes", {}).told["asked"] is False
    run_worker(until_empty=True, signals=False)
    assert sten.get("/refreshes/latest").told["refresh"]["customers"] == PEOPLE
    assert mia.get("/rfm").told["customers"] == PEOPLE

    rule = {"all": [{"field": "frequency", "operator": "at_least", "value": 2}]}
    tried = mia.post("/segment-rules/trial", {"rule": rule}).told
    assert (tried["count"], tried["visible"]) == (PEOPLE, 54)
    assert mia.post("/segments", {"key": "regulars", "name": "Regulars", "rule": rule}).status == 201
    assert mia.get("/segments/regulars/people", limit=5).told["total"] == 54

    funnel = mia.post("/campaign-funnel", {"segment": "regulars"}).told
    assert (funnel["everyone"], funnel["left"]) == (PEOPLE, 54)
    assert mia.post("/campaigns", CAMPAIGN, key="draft-1").status == 201
    assert mia.post("/campaigns", CAMPAIGN, key="draft-1").status == 201
    arms = mia.post("/campaigns/spring/prepare").told["arms"]
    assert sum(arms.values()) == 54

    assert mia.post("/campaigns/spring/test").told == {"state": "testing", "asked": True}
    run_worker(until_empty=True, signals=False)
    assert len(post_box.arrivals()) == arms["test"]

    written_to = {str(post_box.message(one)["To"]).split("ann")[1].split("@")[0] for one in post_box.arrivals()}
    answers = [{"customer": f"M{int(n):03}", "at": moment(1), "ref": "coupon"} for n in sorted(written_to)[:10]]
    unknown = {"customer": "M999", "at": moment(1), "ref": "coupon"}
    told = sten.post("/campaigns/spring/answers", {"source": "till", "answers": [*answers, unknown]}).told
    assert told == {"new": 10, "known": 0, "unknown": 1}
    again = sten.post("/campaigns/spring/answers", {"source": "till", "answers": answers}).told
    assert again == {"new": 0, "known": 10, "unknown": 0}

    assert mia.post("/campaigns/spring/judge").told["verdict"] == "passed"
    assert mia.post("/campaigns/spring/roll-out").status == 202
    run_worker(until_empty=True, signals=False)
    assert len(post_box.arrivals()) == arms["test"] + arms["rollout"]
    assert set(post_box.arrivals().values()) == {1}

    result = mia.post("/campaigns/spring/finish").told
    assert result["test"]["value"] == pytest.approx(10 / arms["test"])
    assert mia.get("/campaigns/spring/result").told["effect"] == result["effect"]
    assert mia.get("/campaigns/spring").told["state"] == "finished"
    contact = mia.get("/campaigns/spring/contacts", arm="test", limit=1).told[0]
    why = program("service").get(f"/customers/{contact['number']}/contacts", because="call", before=moment(1)).told
    assert [rule["sentence"] for rule in why[0]["rules"]][1] == "agreed to direct marketing"


def test_the_same_file_with_the_same_key_is_one_import() -> None:
    sten = program("steward")
    first, again = (sten.bring(orders_file(), source="till", key="a") for _ in range(2))
    assert first.told == again.told
    assert sten.get("/imports").told["total"] == 1
    other = sten.bring(orders_file() + b"\nR1000,M001,2026-02-03 12:00,1", source="till", key="a")
    assert other.code() == "idempotency_key_reused"


def test_a_file_that_is_no_table_is_told_so_in_both_languages() -> None:
    answer = program("steward").bring(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "shop.csv", source="till")
    assert (answer.status, answer.code()) == (400, "picture")
    assert "shop.csv" in program("steward", "zh").bring(b"%PDF-1.7", "shop.csv", source="till").told["sentence"]


def test_an_import_goes_step_by_step() -> None:
    sten = program("steward")
    number = sten.bring(orders_file(), source="till").told["id"]
    assert sten.post(f"/imports/{number}/stop").code() == "import_not_under_way"
    wrong = {"columns": {"amount": "nowhere"}, "answers": {}}
    assert sten.put(f"/imports/{number}/settings", wrong).code() == "no_such_column"
    assert sten.delete(f"/imports/{number}").status == 204
    assert sten.get(f"/imports/{number}").status == 404


def test_looking_at_a_file_hands_out_no_cell_of_it() -> None:
    sten = program("steward")
    number = sten.bring(customers_file(), source="till", kind="customers").told["id"]
    assert "ann1@example.com" not in str(sten.get(f"/imports/{number}/look").told)


def test_rows_set_aside_are_not_for_everybody() -> None:
    sten = program("steward")
    number = sten.bring(orders_file(), source="till").told["id"]
    assert program("marketer").get(f"/imports/{number}/set-aside.csv").status == 403
