"""Ann at her own page, and everybody who is not Ann."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.journeys.demo.statement import publish_once
from regulars.journeys.give_portal_link import take_links_back
from regulars.journeys.unsubscribe import unsubscribe_token
from regulars.records.access_log.models import AccessEntry
from regulars.records.choices.models import ChoiceEntry
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer, FieldSaid
from regulars.records.intake.models import Source
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint, Touchpoint
from tests.cast import DORA, NOON, ann
from tests.desks.visitors import at_home, portal_path, signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
PAGES = (
    "/me/",
    "/me/data/",
    "/me/contacts/",
    "/me/seen/",
    "/me/hours/",
    "/me/data/correct/city/",
    "/me/data/delete/",
    "/me/seen/odd/",
)


def shown(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_in_both_languages(language: str) -> None:
    wanqing(shop())
    herself = at_home("C-20418", language)
    for path in PAGES:
        page = shown(herself, path)
        assert "%(" not in page
        assert ("选择" in page) == (language == "zh-hans")


@pytest.mark.parametrize(("language", "place"), [("en", "浙江杭州, China"), ("zh-hans", "中国浙江杭州")])
def test_where_she_lives_names_the_country(language: str, place: str) -> None:
    wanqing(shop())
    assert place in shown(at_home("C-20418", language), "/me/data/")


def test_where_sources_disagree_she_reads_who_says_what() -> None:
    at = shop()
    who = wanqing(at)
    site = Source.objects.create(ref="site", name="Web site", created_at=NOON).id
    herself = at_home("C-20418")
    assert "Web site" not in shown(herself, "/me/data/")
    for source, city in ((at.source, "杭州"), (site, "上海")):
        FieldSaid.objects.create(customer=who, field="city", source_id=source, value=city, said_at=NOON)
    assert "Web site says: 上海" in shown(herself, "/me/data/")
    FieldSaid.objects.filter(source_id=site).update(confirmed_at=NOON, confirmed_by="Dora")
    page = shown(herself, "/me/data/")
    assert "confirmed, 12 Mar" in page and "Till receipts says: 杭州" in page
    assert "Dora" not in page.partition("How we can reach you")[0]


def test_the_secret_does_not_stay_in_the_address() -> None:
    wanqing(shop())
    path = portal_path("C-20418")
    answer = Client().get(path)
    assert answer["Location"] == "/me/"
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "private, no-store")
    cookie = answer.cookies["regulars_portal"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/me/", True, "Lax")
    assert path.split("/")[3] not in cookie.value


def test_taking_the_link_back_ends_the_visit_at_once() -> None:
    who = wanqing(shop())
    herself = at_home(who.number)
    shown(herself, "/me/")
    take_links_back(who.number, by=DORA, because="portal_link", at=timezone.now())
    shown(herself, "/me/", 404)


def test_a_forged_cookie_opens_nothing() -> None:
    wanqing(shop())
    herself = at_home("C-20418")
    for forged in ("1", "MQ:1:x", herself.cookies["regulars_portal"].value[:-1] + "x", ""):
        stranger = Client()
        stranger.cookies["regulars_portal"] = forged
        shown(stranger, "/me/data/", 404)


def test_staff_are_not_customers_and_customers_not_staff() -> None:
    wanqing(shop())
    shown(signed_in("emil"), "/me/", 404)
    assert at_home("C-20418").get("/customers/C-20418/").status_code == 302


def test_a_switch_holds_from_this_moment_and_says_so() -> None:
    who = wanqing(shop())
    herself = at_home(who.number)
    waiting = Contact.objects.get(state="waiting")
    answer = herself.post("/me/choose/", {"allows": "allows_direct_marketing", "value": "denied"}, follow=True)
    page = answer.content.decode()
    assert "“Tell me about news and offers” is off, from this moment:" in page
    assert "2 planned messages were called off." in page
    who.refresh_from_db()
    waiting.refresh_from_db()
    assert (who.allows_direct_marketing, who.allows_sms, waiting.state) == (False, False, "cancelled")
    entry = ChoiceEntry.objects.latest("id")
    assert (entry.source, entry.wording, entry.by) == ("portal", "Tell me about news and offers", "customer C-20418")
    herself.post("/me/choose/", {"allows": "allows_direct_marketing", "value": "granted"})
    who.refresh_from_db()
    assert who.allows_direct_marketing


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"allows": "allows_email"},
        {"allows": "name", "value": "denied"},
        {"allows": "allows_email", "value": "unset"},
    ],
)
def test_half_a_choice_is_none(said: dict[str, str]) -> None:
    wanqing(shop())
    assert at_home("C-20418").post("/me/choose/", said).status_code == 400
    assert not ChoiceEntry.objects.filter(source="portal", by="customer C-20418").exists()


def test_asking_never_chooses() -> None:
    wanqing(shop())
    herself = at_home("C-20418")
    contact = Contact.objects.get(state="sent")
    for path in ("/me/choose/?allows=allows_email&value=denied", f"/me/contacts/{contact.id}/stop/", "/me/leave/"):
        assert herself.get(path).status_code == 405


def test_no_more_of_this_closes_its_channel() -> None:
    who = wanqing(shop())
    herself = at_home(who.number)
    sms = Contact.objects.get(channel="sms")
    assert herself.post(f"/me/contacts/{sms.id}/stop/").status_code == 302
    who.refresh_from_db()
    assert (who.allows_sms, who.allows_email) == (False, True)


def test_everything_held_is_shown_and_nothing_of_others() -> None:
    wanqing(shop())
    other = ann()
    page = shown(at_home("C-20418"), "/me/data/")
    for held in (
        "wanqing@example.com",
        "+8613800004187",
        "湖滨路 8 号",
        "wool",
        "150-199K",
        "Till receipts",
        "羊绒大衣",
    ):
        assert held in page
    assert other.name not in page


def test_the_copy_is_a_file_of_everything() -> None:
    wanqing(shop())
    answer = at_home("C-20418").get("/me/data/copy/")
    assert answer["Content-Disposition"] == 'attachment; filename="C-20418.json"'
    assert json.loads(answer.content)["customer"]["number"] == "C-20418"


def test_corrections_wishes_and_doubts_reach_somebody() -> None:
    wanqing(shop())
    herself = at_home("C-20418")
    assert herself.post("/me/data/correct/city/", {"words": "上海"}).status_code == 302
    assert herself.post("/me/data/correct/city/", {"words": "  "}).status_code == 422
    assert herself.post("/me/data/correct/allows_email/", {"words": "x"}).status_code == 404
    assert herself.post("/me/data/delete/", {"words": ""}).status_code == 302
    assert herself.post("/me/seen/odd/", {"words": "Who is that?"}).status_code == 302
    assert Touchpoint.objects.filter(kind="correction").count() == 2
    assert set(Task.objects.values_list("kind", flat=True)) == {"correction", "erasure"}
    assert Complaint.objects.filter(code="privacy").exists()
    assert Customer.objects.get(number="C-20418").city == "杭州"


def test_hours_are_kept_or_refused_in_words() -> None:
    who = wanqing(shop())
    herself = at_home(who.number)
    assert herself.post("/me/hours/", {"from": "9", "until": "21", "channel": "email"}).status_code == 302
    who.refresh_from_db()
    assert (who.quiet_until, who.quiet_from, who.preferred_channel) == (9, 21, "email")
    for wrong in (
        {"from": "9", "until": ""},
        {"from": "99", "until": "1"},
        {"from": "x", "until": "1"},
        {"channel": "pigeon"},
    ):
        assert herself.post("/me/hours/", wrong).status_code == 400


def test_who_looked_is_there_with_reason_and_refusals() -> None:
    who = wanqing(shop())
    dora = signed_in("dora")
    dora.get(f"/customers/{who.number}/")
    dora.post(f"/customers/{who.number}/open/", {"because": "order|B-1000", "channel": "phone"})
    signed_in("mia").post(f"/customers/{who.number}/open/", {"because": "order|B-1000", "channel": "phone"})
    page = shown(at_home(who.number), "/me/seen/")
    assert "Service agent opened how to reach you" in page
    assert "your order · B-1000 · Opening view" in page
    assert "serving you" in page
    assert "Dora" not in page


def test_a_portal_visit_is_logged_as_hers() -> None:
    who = wanqing(shop())
    shown(at_home(who.number), "/me/data/")
    entry = AccessEntry.objects.filter(customer_id=who.id).latest("id")
    assert (entry.role, entry.because, entry.who) == ("customer", "own_record", "customer C-20418")
    assert entry.reference.startswith("link ")


def test_one_click_unsubscribe_works_without_cookies_or_csrf_token() -> None:
    who = wanqing(shop())
    token = unsubscribe_token(Contact.objects.get(channel="email", state="waiting").id)
    mail_program = Client(enforce_csrf_checks=True)
    answer = mail_program.post(
        f"/u/{token}/", "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    who.refresh_from_db()
    assert not who.allows_email
    assert ChoiceEntry.objects.latest("id").source == "unsubscribe"
    assert "set-cookie" not in {name.lower() for name in answer.headers}


def test_looking_at_the_address_never_unsubscribes() -> None:
    who = wanqing(shop())
    token = unsubscribe_token(Contact.objects.get(channel="email", state="waiting").id)
    scanner = Client()
    for _ in range(3):
        assert "Yes, no more" in scanner.get(f"/u/{token}/").content.decode()
        assert scanner.head(f"/u/{token}/").status_code == 200
    assert scanner.options(f"/u/{token}/").status_code == 405
    who.refresh_from_db()
    assert who.allows_email


@pytest.mark.parametrize("token", ["x", "A" * 43, "é", "..%2F..", "0"])
def test_a_forged_token_meets_the_closed_door_and_tells_nothing(token: str) -> None:
    wanqing(shop())
    answers = [Client().get(f"/u/{token}/"), Client().post(f"/u/{token}/")]
    assert {answer.status_code for answer in answers} == {404}
    assert not ChoiceEntry.objects.filter(source="unsubscribe").exists()


def test_leaving_ends_the_visit_on_this_device() -> None:
    wanqing(shop())
    herself = at_home("C-20418")
    herself.post("/me/leave/")
    shown(herself, "/me/", 404)


def test_choices_made_in_the_past_of_the_business_day_still_hold() -> None:
    """Where the business day is fixed, tomorrow morning's clock is earlier than tonight's: the later word wins."""
    who = wanqing(shop())
    ChoiceEntry.objects.create(
        customer=who, purpose="direct_marketing", channel="email", value="granted", at=NOON + timedelta(hours=11),
        by="x", source="portal",
    )  # fmt: skip
    at_home(who.number).post("/me/choose/", {"allows": "allows_email", "value": "denied"})
    who.refresh_from_db()
    assert not who.allows_email


def test_she_reads_the_statement_and_her_choices_remember_it() -> None:
    wanqing(shop())
    herself = at_home("C-20418", "en")
    assert "/me/statement/" not in shown(herself, "/me/")
    nothing = shown(herself, "/me/statement/", status=404)
    assert "To your own page" in nothing and 'href="/"' not in nothing, "the desks' front page is not hers"
    publish_once()
    page = shown(herself, "/me/")
    assert "version 1, in force since 1 Jan 2017" in page
    statement = shown(herself, "/me/statement/")
    assert "Millbrook Market" in statement
    assert statement.count("<h2>") == 6
    herself.post("/me/choose/", {"allows": "allows_disclosure", "value": "granted"})
    assert "under statement 1." in shown(herself, "/me/")
    chinese = at_home("C-20418", "zh-hans")
    assert "依据声明第 1 版" in shown(chinese, "/me/")
    assert "我们保存什么" in shown(chinese, "/me/statement/")
