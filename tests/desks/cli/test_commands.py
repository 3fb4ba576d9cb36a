"""Every command says and does what the pages do: the whole way from a file to a result at the terminal."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from regulars.connections.mail.post_box import PostBox
from regulars.records.access_log.models import AccessEntry
from regulars.records.company.access import CompanyFacts, forget_company
from regulars.records.company.actions import set_up_company
from regulars.records.company.models import Company
from regulars.records.staff.access import token_asker
from tests.cast import NOON, ann, bob
from tests.desks.cli.terminal import regulars
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
PEOPLE = 40


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


@pytest.fixture
def corner_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop at noon, so that nobody's quiet hours decide how a test ends."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    set_up_company(CompanyFacts("Corner Shop", "街角小店", None, "CN", "CNY", "UTC", False))


def customers_file(folder: Path) -> str:
    rows = [f"M{n:03},Ann{n},Archer,ann{n}@example.com,{'no' if n % 10 == 0 else 'yes'}" for n in range(PEOPLE)]
    path = folder / "customers.csv"
    path.write_text("\n".join(["member_no,given_name,family_name,email,consent_direct_marketing", *rows]))
    return str(path)


def orders_file(folder: Path) -> str:
    rows = [f"R{n}-{m},M{n:03},2026-0{m}-{1 + n % 28:02},{100 + n}.50" for n in range(PEOPLE) for m in (1, 2)]
    path = folder / "orders.csv"
    path.write_text("\n".join(["order_no,member_no,order_date,amount", *rows, "R999,M001,2026-02-03,"]))
    return str(path)


@pytest.mark.usefixtures("corner_shop")
def test_from_a_file_to_a_result(tmp_path: Path, post_box: PostBox) -> None:
    assert regulars("import", customers_file(tmp_path), "--source", "till", "--json").json()["customers_new"] == PEOPLE
    orders = orders_file(tmp_path)
    tried = regulars("import", orders, "--source", "till", "--dry-run")
    assert "tried without writing: 81 rows read, 80 would be new" in tried.out
    told = regulars("import", orders, "--source", "till")
    assert (told.status, "No amount" in told.out) == (0, True)
    assert "nothing has changed" in regulars("import", orders, "--source", "till").out
    aside = regulars("set-aside", str(regulars("imports", "--json").json()["files"][0]["id"]))
    assert "R999" in aside.out

    assert regulars("refresh", "--json").json()["customers"] == PEOPLE
    assert regulars("rfm", "--json").json()["customers"] == PEOPLE
    assert "¥" in regulars("bucket").out
    rule = '{"all": [{"field": "frequency", "operator": "at_least", "value": 2}]}'
    assert "40 of 40 customers" in regulars("segment", "try", rule).out
    assert regulars("segment", "keep", "regulars", rule, "--name", "Regulars").status == 0
    assert regulars("segment", "people", "regulars", "--json").json()["total"] == 36
    assert regulars("campaign", "funnel", "regulars", "--json").json()["left"] == 36

    drafted = regulars(
        "campaign", "draft", "spring", "--name", "Spring", "--segment", "regulars", "--reason", "segment", "--subject",
        "Spring", "--body", "Dear {name}", "--threshold", "0.03", "--expected", "0.1", "--test-share", "0.5",
    )  # fmt: skip
    assert drafted.status == 0, drafted
    arms = regulars("campaign", "prepare", "spring", "--json").json()["arms"]
    assert regulars("campaign", "test", "spring", "--json").json()["states"] == {"sent": arms["test"]}
    people = [str(post_box.message(one)["To"]).split("ann")[1].split("@")[0] for one in post_box.arrivals()]
    at = (NOON + timedelta(days=1)).isoformat()
    answers = tmp_path / "answers.csv"
    answers.write_text("\n".join(["customer,at,ref", *(f"M{int(n):03},{at},coupon" for n in people[:8])]))
    assert regulars("campaign", "answers", "spring", str(answers), "--source", "till", "--json").json()["new"] == 8
    assert "The test passed" in regulars("campaign", "judge", "spring").out
    assert regulars("campaign", "roll-out", "spring").status == 0
    assert len(post_box.arrivals()) == arms["test"] + arms["rollout"]
    finished = regulars("campaign", "finish", "spring")
    assert "Against the hold-out" in finished.out
    assert "Finished" in regulars("campaign", "show", "spring").out


def test_a_mistake_is_a_sentence_on_standard_error_and_status_one() -> None:
    said = regulars("campaign", "show", "nowhere")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("There is no campaign called nowhere.")


def test_a_wrong_command_is_status_two() -> None:
    assert regulars("customer", "show", "C-1").status == 2
    assert regulars("campaign", "answers", "x").status == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rfm", "--cuts", "1"), "cannot be read"),
        (("rfm",), "There are no figures yet"),
        (("tasks", "close", "12x", "reached"), "12x is no task"),
        (("segment", "try", "@/nowhere"), "There is no file /nowhere"),
        (("segment", "try", "{"), "The rule is not JSON"),
        (("token", "revoke", "nobody"), "has ended already"),
        (("staff", "password", "nobody", "--password", "a long one, this"), "Nobody signs in as nobody"),
    ],
)
def test_mistakes_say_what_to_do(words: tuple[str, ...], sentence: str) -> None:
    said = regulars(*words)
    assert said.status == 1
    assert sentence in said.err


def test_a_role_sees_through_its_view() -> None:
    b = bob()
    assert regulars("customer", "show", b.number, "--because", "call").status == 0
    hidden = regulars("customer", "show", b.number, "--because", "call", "--role", "marketer")
    assert (hidden.status, hidden.out) == (1, "")
    assert AccessEntry.objects.filter(who__endswith="(terminal)", because="call").count() == 2


def test_what_is_masked_is_named_not_shown() -> None:
    wanqing(shop())
    said = regulars("customer", "show", "C-20418", "--because", "call")
    assert "wool" not in said.out
    assert "Allergies" in said.out


def test_a_choice_written_down_holds_at_once() -> None:
    a = ann()
    said = regulars("choice", "set", a.number, "direct_marketing", "denied", "--because", "call")
    assert "yes → no" in said.out
    assert regulars("customer", "show", a.number, "--because", "x", "--role", "marketer").status == 1


def test_a_link_is_made_and_taken_back() -> None:
    a = ann()
    assert "/me/enter/" in regulars("portal-link", a.number, "--because", "asked").out
    assert "1 link ended" in regulars("portal-link", a.number, "--because", "lost", "--take-back").out


def test_a_token_opens_until_it_is_taken_back() -> None:
    secret = regulars("token", "issue", "till", "--role", "steward").out.strip()
    found = token_asker(secret, at=timezone.now())
    assert found is not None
    assert found.view == "standard"
    assert secret not in regulars("token", "list", "--json").out
    assert "1 token ended" in regulars("token", "revoke", "till").out
    assert token_asker(secret, at=timezone.now()) is None


def test_staff_are_hired_with_a_password_that_is_asked_for() -> None:
    said = regulars("staff", "hire", "dora", "--name", "Dora", "--role", "service", given="a long one, this\n" * 2)
    assert "dora can sign in now." in said.out
    assert [one["username"] for one in regulars("staff", "list", "--json").json()] == ["dora"]


def test_tasks_are_opened_handed_on_and_closed() -> None:
    a = ann()
    regulars("staff", "hire", "dora", "--name", "Dora", "--role", "service", "--password", "a long one, this")
    task = regulars(
        "tasks", "open", a.number, "--kind", "call_back", "--due", "2026-03-14", "--owner", "dora"
    ).out.strip()
    assert "Dora" in regulars("tasks", "list").out
    assert "handed on" in regulars("tasks", "hand-on", task).out
    assert "closed" in regulars("tasks", "close", task, "reached").out


def test_the_company_is_said_and_shown() -> None:
    regulars("company", "--name", "Corner Shop", "--currency", "EUR", "--timezone", "Europe/Berlin")
    assert regulars("company", "--json").json()["currency"] == "EUR"
    assert "No currency is called XXQ" in regulars("company", "--currency", "XXQ").err


def test_the_log_is_searched() -> None:
    a = ann()
    regulars("customer", "show", a.number, "--because", "a call about shoes")
    found = regulars("log", "shoes", "--json").json()
    assert (found["total"], found["lines"][0]["because"]) == (1, "a call about shoes")


def test_the_dictionary_is_shown() -> None:
    assert "contact_point" in regulars("dictionary", "contact_point").out


def test_the_house_agrees_or_the_check_ends_with_one() -> None:
    assert regulars("check", "--dictionary-only").status == 0
    assert "Everything agrees" in regulars("check").out


def test_status_tells_where_everything_is() -> None:
    told = regulars("status", "--json").json()
    assert told["state"] == "running"
    assert told["home"] == str(settings.HOME.path)


def test_a_company_without_a_chinese_name_has_none() -> None:
    Company.objects.all().delete()
    forget_company()
    told = regulars("company", "--name", "Corner Shop", "--currency", "EUR", "--json").json()
    assert (told["name"], told["name_zh"], told["currency"]) == ("Corner Shop", "", "EUR")


def test_a_token_for_longer_than_the_calendar_is_not_understood() -> None:
    said = regulars("token", "issue", "till", "--role", "officer", "--days", "4000000")
    assert (said.status, "3650" in said.err) == (2, True)
