"""The privacy office's pages: what Emil sees and does there, and that nobody else comes in."""

import re

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from regulars.connections.postgres.analysts import end_analyst
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.securing import Connection
from regulars.desks.privacy_office.statement_text import statement_in
from regulars.desks.shared.clauses import clauses_of
from regulars.desks.shared.finding_words import SENTENCES, sentence_of
from regulars.journeys.check_house import check_and_keep
from regulars.journeys.write_statement import publish, statement_sources
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.company.access import statement_version
from regulars.records.company.models import Branch
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import Customer
from regulars.records.dictionary import DICTIONARY
from regulars.records.staff.access import token_asker
from regulars.rules.privacy.drift import Finding
from tests.cast import DORA, EMIL, MIA, NOON, ann, bob, said
from tests.desks.visitors import signed_in
from tests.journeys.test_check_house import DRIFT
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
PAGES = (
    "",
    "dictionary/",
    "reach/",
    "reach/standard/",
    "log/",
    "choices/",
    "erasing/",
    "statement/",
    "logins/",
    "checks/",
)


def shown(client: Client, path: str = "", status: int = 200) -> str:
    answer = client.get(f"/privacy/{path}")
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def sent(client: Client, path: str, **words: str) -> str:
    answer = client.post(f"/privacy/{path}", words, follow=True)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return answer.content.decode()


@pytest.fixture
def emil() -> Client:
    """The privacy officer at his desk, in a shop with one invented customer."""
    wanqing(shop())
    renew_anonymous_keys()
    return signed_in("emil")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_in_both_languages(emil: Client, language: str) -> None:
    check_and_keep(asked_by="night shift", at=timezone.now())
    emil.cookies["regulars_language"] = language
    for path in PAGES:
        page = shown(emil, path)
        assert 'lang="zh-Hans"' in page if language == "zh-hans" else 'lang="en"' in page
        assert "%(" not in page


@pytest.mark.parametrize("username", ["dora", "mia"])
def test_nobody_else_comes_in_and_the_attempt_is_logged(username: str) -> None:
    shop()
    other = signed_in(username)
    for path in PAGES:
        shown(other, path, 403)
    for path in ("checks/now/", "checks/back/", "statement/publish/", "logins/sql/", "logins/tokens/"):
        assert other.post(f"/privacy/{path}").status_code == 403
    assert AccessEntry.objects.filter(allowed=False, door__startswith="/privacy/").count() == len(PAGES) + 5


def test_somebody_not_signed_in_is_led_to_the_door() -> None:
    answer = Client().get("/privacy/log/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fprivacy%2Flog%2F")


def test_one_person_through_five_views(emil: Client) -> None:
    page = shown(emil)
    assert page.count("+8613800004187") == 1  # the personal view alone shows her number
    assert "2 Apr 1988" in page
    assert ">1988<" in page
    assert ">1980s<" in page
    assert "wool" in page
    assert "Third-party disclosure: said no" in page  # she is not in that view at all
    assert page.count("The whole row is gone") == 1
    assert AccessEntry.objects.filter(door="compare_views", customer_id__isnull=False).exists()


def test_a_real_person_is_never_laid_out(emil: Client) -> None:
    real = ann()
    shown(emil, f"?who={real.number}", 404)
    Customer.objects.filter(number="C-20418").update(invented=False)
    page = shown(emil)
    assert "No invented customer yet" in page
    assert "Ann Archer" not in page


def test_the_state_of_the_house_is_one_sentence(emil: Client, administrator_connection: Connection) -> None:
    assert "has not been checked yet" in shown(emil)
    assert "Checked: everything agrees." in sent(emil, "checks/now/")
    assert "Everything agrees with the dictionary" in shown(emil)
    administrator_connection.execute("ALTER VIEW marketing.customer SET (security_barrier = false)")
    administrator_connection.execute("ALTER TABLE vault.customer ADD COLUMN faith text")
    try:
        page = sent(emil, "checks/now/")
        assert "Checked: 2 disagreements." in page
        assert "The view marketing.customer is no security barrier" in page
        assert "Nobody has classed the column customer.faith" in page
        assert "customer.faith" in shown(emil)
        assert "1 taken back. 1 stay" in sent(emil, "checks/back/")
        assert ChangeEntry.objects.get(door="take_back_drift").who == "Emil"
    finally:
        administrator_connection.execute("ALTER TABLE vault.customer DROP COLUMN faith")


def test_the_dictionary_is_searched_and_narrowed(emil: Client) -> None:
    def found(query: str) -> set[str]:
        page = emil.get(f"/privacy/dictionary/?{query}", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in page
        return set(re.findall(r'<span class="code">([a-z_]+\.[a-z0-9_]+)<', page))

    assert "customer.birth_on" in found("q=birth")
    assert found("q=出生日期") == {"customer.birth_on"}
    pages = [found(f"table=&page={page}") for page in range(1, 40)]
    assert len(pages[0]) == 100
    everything = {f"{table.name}.{column.name}" for table in DICTIONARY for column in table.columns}
    assert set().union(*pages) == everything
    assert found("class=sensitive") == {"customer.allergies", "sensitive_text.words", "text_flag.kinds"}
    assert found("table=search_token&view=anonymous") == set()
    assert found("q=contact_point.value&view=personal") == {"contact_point.value"}
    assert found("q=contact_point.value&view=standard") == set()
    assert found("q=no such column at all") == set()


def test_who_reaches_what_names_people_and_columns(emil: Client) -> None:
    page = shown(emil, "reach/")
    assert "the job that sends" in page
    assert "Service agent" in page
    one = shown(emil, "reach/marketing/")
    assert "Mia" in one
    assert "Dora" not in one
    shown(emil, "reach/vault/", 404)


def test_brackets_are_as_wide_as_what_stands_in_them(emil: Client) -> None:
    emil.cookies["regulars_language"] = "zh-hans"
    page = shown(emil, "reach/standard/")
    assert re.search(r"（\w+）", page)
    assert not re.search(r"[\u4e00-\u9fff] ?\([\u4e00-\u9fff]", page)


def test_the_log_is_searched_by_word_person_view_and_outcome(emil: Client) -> None:
    who = bob()
    note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=who.id)
    note_denial(MIA, door="open_contact", because="curious <b>", customer_id=who.id)

    def found(query: str) -> str:
        return emil.get(f"/privacy/log/?{query}", headers={"HX-Request": "true"}).content.decode()

    everything = found("")
    assert "Dora" in everything and "Mia" in everything
    assert "curious &lt;b&gt;" in everything
    assert "Bob Baker" in everything
    assert "Dora" not in found("outcome=denied")
    assert "Mia" not in found("q=serving")
    assert "Dora" in found(f"customer={who.number.lower()}")
    assert "No line fits" in found("customer=C-404")
    assert "Dora" not in found("view=marketing")
    assert "No line fits" in found("since=2031-01-01")
    assert "Dora" in found("until=2031-01-01&since=nonsense")


def test_a_long_log_has_pages(emil: Client) -> None:
    for n in range(120):
        note_access(DORA, door="find_customers", because=f"number {n:03}", rows=0)
    first = shown(emil, "log/?q=number")
    assert "1 to 50 of 120" in first
    third = shown(emil, "log/?q=number&page=3")
    assert "number 000" in third and "number 119" not in third
    for odd in ("0", "-1", "abc", "99999", "²", "1e9"):
        shown(emil, f"log/?page={odd}")


def test_choices_are_counted(emil: Client) -> None:
    who = ann()
    said(who, "sensitive_use", "granted")
    page = shown(emil, "choices/")
    assert "What 2 customers last said" in page
    assert "law: China" in page
    emil.cookies["regulars_language"] = "zh-hans"
    page = shown(emil, "choices/")
    assert "法域：中国" in page
    assert "《个人信息保护法》第二十九条" in page
    assert "PIPL" not in page


def test_the_statement_is_published_in_both_languages_and_remembers_versions(emil: Client) -> None:
    assert "None has been published yet" in shown(emil, "statement/")
    assert "Version 1 is in force" in sent(emil, "statement/publish/")
    assert statement_version() == 1
    page = shown(emil, "statement/?language=zh-hans")
    assert "我们收集什么" in page
    assert "It says what the house does today." in page
    assert 'action="/privacy/statement/publish/"' not in page


def test_a_statement_in_the_companys_own_words_is_not_held_against_the_houses(emil: Client) -> None:
    publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON, by_hand=True)
    page = shown(emil, "statement/?language=en")
    assert "We keep little." in page
    assert "own words" in page
    assert 'action="/privacy/statement/publish/"' not in page
    draft = shown(emil, "statement/?language=en&show=draft")
    assert 'action="/privacy/statement/publish/"' in draft
    sent(emil, "statement/publish/")
    assert "own words" not in shown(emil, "statement/?language=en")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_statement_has_six_clauses_and_names_what_is_held(language: str) -> None:
    shop()
    text = statement_in(language, statement_sources())
    clauses = clauses_of(text)
    assert [clause.title[:2] for clause in clauses] == ["", "1.", "2.", "3.", "4.", "5.", "6."]
    assert all(clause.paragraphs for clause in clauses)
    assert ("过敏" if language == "zh-hans" else "allergies") in text
    assert ("第二十三条" if language == "zh-hans" else "PIPL Art. 23") in text


def test_a_sql_login_is_given_shown_once_and_ended(emil: Client, administrator_connection: Connection) -> None:
    try:
        page = sent(emil, "logins/sql/", name="lin", view="standard")
        password = re.search(r'class="secret" type="text" value="([^"]+)"', page)
        assert password
        words = Server(settings.HOME).connection_parameters("bi_lin")
        psycopg.connect(**words, password=password[1]).close()
        assert password[1] not in shown(emil, "logins/")
        assert "There is a login for lin already." in sent(emil, "logins/sql/", name="lin", view="standard")
        assert "can no longer log in" in sent(emil, "logins/sql/bi_lin/end/")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**words, password=password[1])
    finally:
        end_analyst(administrator_connection, "bi_lin")


def test_a_sql_login_may_be_limited_to_a_branch(emil: Client, administrator_connection: Connection) -> None:
    lake = Branch.objects.get(ref="lake").id
    try:
        assert "works from now on" in sent(emil, "logins/sql/", name="lea", view="standard", branches=str(lake))
        assert "Hubin shop" in shown(emil, "logins/")
        assert "can no longer log in" in sent(emil, "logins/sql/bi_lea/end/")
    finally:
        end_analyst(administrator_connection, "bi_lea")


@pytest.mark.parametrize("words", [{"name": "Lin", "view": "standard"}, {"name": "lin", "view": "personal"}, {}])
def test_a_login_that_cannot_be_given_is_told_in_the_form(emil: Client, words: dict[str, str]) -> None:
    page = sent(emil, "logins/sql/", **words)
    assert 'class="heed"' in page
    assert "works from now on" not in page


def test_a_token_is_issued_shown_once_and_ended(emil: Client) -> None:
    page = sent(emil, "logins/tokens/", name="till", asks_as="view:anonymous", days="30")
    secret = re.search(r'value="(rg_[^"]+)"', page)
    assert secret
    asker = token_asker(secret[1], at=timezone.now())
    assert asker is not None
    assert (asker.view, asker.purpose) == ("anonymous", "analysis")
    page = shown(emil, "logins/")
    assert secret[1] not in page
    token = re.search(r"logins/tokens/(\d+)/end/", page)
    assert token
    assert "opens nothing any more" in sent(emil, f"logins/tokens/{token[1]}/end/")
    assert token_asker(secret[1], at=timezone.now()) is None
    assert emil.post(f"/privacy/logins/tokens/{token[1]}/end/").status_code == 404


def test_every_finding_has_a_sentence() -> None:
    codes = {code for code, _, _ in DRIFT} | {"choice_disagrees", "order_orphan", "column_twice", "connection_limit"}
    assert codes <= SENTENCES.keys()
    assert sentence_of(Finding("view_missing", "standard.customer")) == "The view standard.customer is not there."
    assert sentence_of(Finding("something new", "here")) == "something new: here"
    late = Finding("log_unclosed", "privacy log", found="65 min")
    assert sentence_of(late) == "The privacy log has lines that nobody has closed for 65 minutes."
    with translation.override("zh-hans"):
        assert sentence_of(late) == "隐私日志里有些行已等了 65 分钟，还没有封存。"


def test_the_side_bar_tells_the_officer_how_many_disagree(emil: Client, administrator_connection: Connection) -> None:
    administrator_connection.execute("ALTER VIEW standard.task SET (security_barrier = false)")
    check_and_keep(asked_by="night shift", at=NOON)
    beside = re.compile(r'href="/privacy/"(?:(?!</a>).)*class="n heed">1<', re.DOTALL)
    assert beside.search(shown(emil, "log/"))
    sent(emil, "checks/back/")
    assert "Everything agrees with the dictionary" in shown(emil)
    assert not beside.search(shown(emil, "log/"))
