"""The service desk's pages: what Dora sees and does, what others see of it, and what nobody gets."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.journeys.open_contact import OPEN_FOR
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.models import Customer
from regulars.records.tasks.models import Task
from regulars.records.touchpoints.models import Complaint
from tests.cast import NOON, ann, said
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
CARD = "/customers/C-20418/"
PAGES = (
    "/customers/", "/customers/?q=chen", "/tasks/", "/tasks/?whose=all", "/complaints/", CARD, f"{CARD}?show=contact",
    f"{CARD}choices/", f"{CARD}link/", f"{CARD}notes/new/", f"{CARD}tasks/new/", f"{CARD}complaints/new/",
)  # fmt: skip


def shown(client: Client, path: str, status: int = 200, **more: str) -> str:
    answer = client.get(path, **more)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_in_both_languages(language: str) -> None:
    wanqing(shop())
    dora = signed_in("dora", language)
    complaint = f"{CARD}complaints/{Complaint.objects.get().id}/"
    for path in (*PAGES, complaint):
        page = shown(dora, path)
        assert 'lang="zh-Hans"' in page if language == "zh-hans" else 'lang="en"' in page
        assert "%(" not in page


def test_the_card_shows_do_not_disturb_before_anything_else() -> None:
    wanqing(shop())
    page = shown(signed_in("dora"), CARD)
    assert page.index('class="dnd"') < page.index("Facts") < page.index("Timeline")
    assert "陈婉清" in page
    assert "invented" in page


def test_in_chinese_colleagues_have_their_names_and_colons_their_width() -> None:
    wanqing(shop())
    dora = signed_in("dora", "zh-hans")
    assert re.search(r"A dark coat below the knee</span><small>[^<]{,30}· 朵拉\s*</small>", shown(dora, CARD))
    assert "陈婉清：修理" in shown(dora, "/complaints/")


def test_masked_values_are_not_in_the_page_at_all() -> None:
    wanqing(shop())
    page = shown(signed_in("dora"), CARD)
    for hidden in ("wanqing@example.com", "13800004187", "湖滨路", "wool", "150-199K", "1988-04"):
        assert hidden not in page
    assert "Who could open it: 1 service agent, 1 privacy officer." in page


def test_why_and_why_not_stand_beside_each_contact() -> None:
    wanqing(shop())
    page = shown(signed_in("dora"), f"{CARD}?show=contact")
    for sentence in (
        "takes no calls",
        "already contacted 3 times in 30 days, at most 3",
        "Kept back on purpose, to compare",
    ):
        assert sentence in page


def test_dora_opens_the_number_for_a_case_and_after_ten_minutes_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    wanqing(shop())
    dora, case = signed_in("dora"), f"complaint|K-{Complaint.objects.get().id}"
    answer = dora.post(f"{CARD}open/", {"because": case, "channel": "phone"})
    assert (answer.status_code, answer["Location"]) == (302, f"{CARD}#reach")
    page = shown(dora, CARD)
    assert "+8613800004187" in page
    assert "wanqing@example.com" not in page
    later = timezone.now() + OPEN_FOR
    monkeypatch.setattr("regulars.desks.service.opened_lately.timezone.now", lambda: later)
    assert "+8613800004187" not in shown(dora, CARD)


def test_what_was_opened_is_in_no_session_and_in_nobody_elses() -> None:
    wanqing(shop())
    dora = signed_in("dora")
    dora.post(f"{CARD}open/", {"because": "order|B-1000", "channel": "phone"})
    assert "8613800004187" not in str(dict(dora.session))
    assert "+8613800004187" not in shown(signed_in("dora"), CARD)


def test_search_as_one_types_sends_the_list_alone_and_plain_get_the_page() -> None:
    wanqing(shop())
    dora = signed_in("dora")
    page, fragment = (
        shown(dora, "/customers/?q=chen"),
        shown(dora, "/customers/?q=chen", headers={"HX-Target": "found"}),
    )
    assert "<html" in page
    assert "<html" not in fragment
    for text in (page, fragment):
        assert "陈婉清" in text
        assert "complaint open" in text
    assert "Nobody found" in shown(dora, "/customers/?q=zzz")


@pytest.mark.parametrize(
    "path", [f"{CARD}choices/", f"{CARD}link/", f"{CARD}notes/new/", f"{CARD}complaints/new/", "/complaints/"]
)
def test_mia_does_not_serve(path: str) -> None:
    wanqing(shop())
    shown(signed_in("mia"), path, 403)


def test_strangers_are_led_to_the_door() -> None:
    answer = Client().get(CARD)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fcustomers%2FC-20418%2F")


def test_dora_writes_down_what_she_hears() -> None:
    wanqing(shop())
    dora = signed_in("dora")
    said = {"allows": "allows_sensitive_use", "value": "granted", "source": "phone", "words": "Use my sizes"}
    assert dora.post(f"{CARD}choices/", said).status_code == 302
    entry = ChoiceEntry.objects.latest("id")
    assert (entry.purpose, entry.value, entry.source, entry.by, entry.wording) == (
        "sensitive_use", "granted", "phone", "Dora", "Use my sizes",
    )  # fmt: skip
    page = shown(dora, f"{CARD}choices/")
    assert "in force from this moment" in page
    for wrong in ({"allows": "allows_everything"}, {"value": "maybe"}, {"source": "gossip"}):
        assert dora.post(f"{CARD}choices/", said | wrong).status_code == 400


def test_a_note_a_task_and_a_complaint() -> None:
    wanqing(shop())
    dora = signed_in("dora")
    note = {"kind": "wish", "channel": "counter", "title": "No fake fur", "detail": ""}
    assert dora.post(f"{CARD}notes/new/", note).status_code == 302
    assert dora.post(f"{CARD}notes/new/", note | {"title": ""}).status_code == 422
    task = {"kind": "call_back", "words": "Coat", "due_on": "2026-03-14", "owner": ""}
    assert dora.post(f"{CARD}tasks/new/", task).status_code == 302
    again = dora.post(f"{CARD}tasks/new/", task)
    assert again.status_code == 422
    assert "Such a task is open about this customer already." in again.content.decode()
    heard = dora.post(
        f"{CARD}complaints/new/", {"code": "other", "detail": "Loud", "answer_by": "2026-03-14", "owner": ""}
    )
    assert heard.status_code == 302
    assert "Loud" in shown(dora, heard["Location"])
    assert dora.post(heard["Location"], {"outcome": "explained", "words": ""}).status_code == 302
    assert "No fake fur" in shown(dora, CARD)


def test_tasks_are_taken_handed_on_and_closed() -> None:
    at = shop()
    who = wanqing(at)
    task = Task.objects.create(customer=who, kind="lapse", due_on=NOON.date(), opened_at=NOON, worth_minor=386_000)
    dora = signed_in("dora")
    assert "陈婉清" in shown(dora, "/tasks/?whose=nobody")
    dora.post(f"/tasks/{task.id}/take/", {"next": "/tasks/?whose=nobody"})
    assert "陈婉清" not in shown(dora, "/tasks/?whose=nobody")
    assert "陈婉清" in shown(dora, "/tasks/")
    dora.post(f"/tasks/{task.id}/hand/", {"owner": str(at.mia)})
    task.refresh_from_db()
    assert task.owner_id == at.mia
    away = dora.post(f"/tasks/{task.id}/close/", {"outcome": "reached", "words": "", "next": "https://evil.example/"})
    assert away["Location"] == "/tasks/"
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("closed", "reached")
    assert dora.post(f"/tasks/{task.id}/close/", {"outcome": "reached"}).status_code == 404


def test_the_timeline_and_an_orders_lines_come_as_fragments_and_as_pages() -> None:
    who = wanqing(shop())
    dora = signed_in("dora")
    page = shown(dora, CARD)
    parts = [part.split('"')[0] for part in page.split('hx-get="')]
    earlier = next(part for part in parts if "/earlier/" in part).replace("&amp;", "&")
    assert "<html" not in shown(dora, earlier, headers={"HX-Request": "true"})
    assert "<html" in shown(dora, earlier)
    order = next(part for part in page.split('href="') if part.startswith(f"/customers/{who.number}/orders/"))
    address = order.split('"')[0].replace("&amp;", "&")
    assert "羊绒大衣" in shown(dora, address)
    for broken in (f"{CARD}orders/1/?at=then", f"{CARD}earlier/?before=&show=x"):
        shown(dora, broken, 400)
    for absent in (f"{CARD}orders/1/?at=2026-01-01T00:00:00%2B00:00", f"{CARD}orders/{'9' * 30}/?at=2026-01-01"):
        shown(dora, absent, 404)


def test_a_link_to_her_own_page_is_shown_once() -> None:
    wanqing(shop())
    dora = signed_in("dora")
    page = dora.post(f"{CARD}link/").content.decode()
    assert "/me/enter/" in page
    assert "/me/enter/" not in shown(dora, f"{CARD}link/")


def test_pages_about_somebody_are_never_kept_by_a_browser() -> None:
    wanqing(shop())
    dora = signed_in("dora")
    for path in PAGES:
        assert "no-store" in dora.get(path)["Cache-Control"]


def test_somebody_without_anything_has_a_card_too() -> None:
    at = shop()
    who = ann()
    Customer.objects.filter(id=who.id).update(home_branch_id=at.lake, stage="prospect")
    assert "Nothing bought yet." in shown(signed_in("dora"), f"/customers/{who.number}/")


def test_the_card_tells_a_no_from_nothing_said() -> None:
    who = wanqing(shop())
    dora = signed_in("dora")
    said(who, "direct_marketing", "denied", at=NOON)
    assert "they closed it" in dora.get("/customers/C-20418/").content.decode()
    said(who, "direct_marketing", "unset", at=NOON + timedelta(minutes=1))
    page = dora.get("/customers/C-20418/").content.decode()
    assert "they have not said yes" in page and "they closed it" not in page
