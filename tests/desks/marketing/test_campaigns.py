"""A campaign from draft to result, by its buttons; and who may press them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from regulars.connections.files.complete_journey import RealCampaign
from regulars.connections.mail.post_box import PostBox
from regulars.desks.marketing import campaign_pages
from regulars.desks.night_shift import jobs
from regulars.desks.night_shift.jobs import run_worker
from regulars.journeys.judge_campaign import record_campaign_answers
from regulars.records.campaigns.models import Campaign
from regulars.records.contacts.answers import Answer
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from regulars.records.segments.access import segment
from tests.cast import MIA, NOON, said
from tests.desks.marketing.corner_shop import TODAY, corner_shop
from tests.desks.visitors import signed_in
from tests.shop import refreshed, sell, spring_campaign

pytestmark = pytest.mark.usefixtures("house")
WRITTEN = {
    "segment": "everybody", "name": "Spring", "name_zh": "春天", "reason": "segment", "subject": "Spring, {given_name}",
    "body": "Dear {name},\n\nspring is here.", "subject_zh": "", "body_zh": "", "selling_point": "New coats",
    "test_percent": "50", "holdout_percent": "20", "threshold_percent": "3", "expected_percent": "5",
    "answers_until": "2026-04-30", "budget": "900", "cost_each": "0.12", "cap_30d": "3", "priority": "5",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon: at night the gate would let nobody through."""
    for module in (campaign_pages, jobs):
        monkeypatch.setattr(module, "now", lambda: NOON)


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    with PostBox(settings.HOME.folder("mail")) as box:
        monkeypatch.setattr(settings, "MAIL_PORT", box.port)
        yield box


def drafted(mia: Client, **more: str) -> str:
    answer = mia.post("/campaigns/new/", {**WRITTEN, **more})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"])


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def press(mia: Client, place: str, what: str) -> str:
    assert mia.post(f"{place}{what}/").status_code == 302
    return page_of(mia, place)


def test_from_draft_to_result(post_box: PostBox) -> None:
    people = corner_shop(40)
    mia = signed_in("mia")
    place = drafted(mia)
    assert "Nobody has been chosen yet" in page_of(mia, place)
    assert "42</a>" in press(mia, place, "prepare")
    press(mia, place, "test")
    run_worker(until_empty=True, signals=False)
    tested = list(Contact.objects.filter(arm="test", state="sent").values_list("customer_id", flat=True))
    assert len(tested) == len(post_box.arrivals()) > 0
    for person in tested[: len(tested) // 2]:
        sell(Customer.objects.get(id=person), TODAY, 9_900)
    refreshed(TODAY)
    press(mia, place, "answers")
    page = press(mia, place, "judge")
    assert "Test passed" in page
    assert "The lower bound" in page
    assert "first look" in page
    assert 'class="countdown"' in page and "everybody contacted, " not in page
    press(mia, place, "roll-out")
    run_worker(until_empty=True, signals=False)
    page = press(mia, place, "finish")
    assert "Finished" in page and "everybody contacted, " in page
    shown = r'<td class="num">[\d.]+% <small class="around">[\d.]+–[\d.]+</small></td>'
    assert re.search(shown, page_of(mia, "/campaigns/")), "the interval stands without brackets"
    assert not Contact.objects.filter(customer=people[1]).exclude(state="refused").exists()
    assert Contact.objects.filter(arm="holdout", state="holdout").count() > 0
    assert "Who answered" in page_of(mia, f"{place}profile/")


def test_a_page_opened_often_says_how_often_the_test_was_looked_at(post_box: PostBox) -> None:
    corner_shop(40)
    mia = signed_in("mia")
    place = drafted(mia)
    for what in ("prepare", "test"):
        page = press(mia, place, what)
    assert "look at the test" not in page, "without an answer there was nothing to see"
    tested = list(Contact.objects.filter(arm="test").values_list("customer_id", flat=True))
    key = Campaign.objects.get().key
    for person, words in zip(tested, ("the first look at the test", "look number 2 at the test"), strict=False):
        record_campaign_answers(key, [Answer(person, "redemption", NOON, "coupon")], by=MIA)
        assert words in page_of(mia, place)
        assert words in page_of(mia, place), "the same figures are no other look"
    assert "98.33%" in page_of(mia, place)
    mia.cookies["regulars_language"] = "zh-hans"
    assert "第 2 次看这项测试" in page_of(mia, place)


def test_bob_is_a_number_and_never_a_name() -> None:
    corner_shop(10)
    mia = signed_in("mia")
    place = drafted(mia)
    page = press(mia, place, "prepare")
    assert "Bob" not in page
    assert re.search(r"want no direct marketing.*?−1", page, re.DOTALL)
    assert "1 person" in page
    assert "Bob" not in page_of(mia, f"{place}people/")
    assert mia.get(f"{place}people/?rule=direct_marketing").status_code == 404


def test_who_wants_no_e_mail_is_a_number_too() -> None:
    people = corner_shop(10)
    said(people[2], "direct_marketing", "denied", "email", at=NOON - timedelta(days=1))
    mia = signed_in("mia")
    place = drafted(mia)
    page = press(mia, place, "prepare")
    assert "2 people" in page
    assert "Cleo" not in page + page_of(mia, f"{place}people/")
    assert "wants no e-mail" in page_of(signed_in("emil"), f"{place}people/")


def test_emil_sees_bob_with_the_reason_and_no_button() -> None:
    corner_shop(3)
    place = drafted(signed_in("mia"))
    press(signed_in("mia"), place, "prepare")
    emil = signed_in("emil")
    page = page_of(emil, place)
    assert "wants no direct marketing" in page_of(emil, f"{place}people/")
    assert f"{place}test/" not in page
    for what in ("prepare", "test", "send", "answers", "judge", "roll-out", "finish", "stop"):
        assert emil.post(f"{place}{what}/").status_code == 403
    assert Campaign.objects.get().state == "ready"


def test_dora_has_no_campaigns() -> None:
    corner_shop(1)
    for path in ("/campaigns/", "/campaigns/new/", "/campaigns/spring/"):
        assert signed_in("dora").get(path).status_code == 403


def test_a_step_out_of_turn_is_told_and_changes_nothing() -> None:
    corner_shop(1)
    mia = signed_in("mia")
    place = drafted(mia)
    for what in ("test", "roll-out", "finish", "send", "answers"):
        page = press(mia, place, what)
        assert 'class="note heed"' in page, what
    assert Campaign.objects.get().state == "draft"
    assert not Contact.objects.exists()


def test_stopped_nothing_more_leaves(post_box: PostBox) -> None:
    corner_shop(10)
    mia = signed_in("mia")
    place = drafted(mia)
    press(mia, place, "prepare")
    press(mia, place, "test")
    press(mia, place, "stop")
    run_worker(until_empty=True, signals=False)
    assert not post_box.arrivals()
    assert not Contact.objects.filter(state__in=["waiting", "reserved"]).exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "", "name_zh": ""}, "Give it a name"),
        ({"subject": "", "body": ""}, "Write a subject"),
        ({"test_percent": "90", "holdout_percent": "20"}, "more than everybody"),
        ({"answers_until": "2020-01-01"}, "That day is over"),
        ({"threshold_percent": "none"}, "Enter a number"),
        ({"segment": "nonsense"}, "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_at_its_field(wrong: dict[str, str], told: str) -> None:
    corner_shop(1)
    answer = signed_in("mia").post("/campaigns/new/", {**WRITTEN, **wrong})
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Campaign.objects.exists()


def test_the_funnel_is_shown_before_anything_is_kept() -> None:
    corner_shop(10)
    page = signed_in("mia").post("/campaigns/funnel/", {**WRITTEN, "test_percent": "rubbish"}).content.decode()
    assert "Who would be left" in page
    assert "are needed to tell" in page
    assert not Contact.objects.exists()


def test_a_test_that_is_too_small_says_so() -> None:
    corner_shop(2)
    page = signed_in("mia").post("/campaigns/funnel/", WRITTEN).content.decode()
    assert "is small" in page
    same = signed_in("mia").post("/campaigns/funnel/", {**WRITTEN, "expected_percent": "3"}).content.decode()
    assert "no test can tell" in same


def test_who_opts_out_after_planning_is_refused_at_the_second_gate(post_box: PostBox) -> None:
    people = corner_shop(6)
    mia = signed_in("mia")
    place = drafted(mia, test_percent="100", holdout_percent="0")
    press(mia, place, "prepare")
    said(people[0], "direct_marketing", "denied", at=people[0].changed_at + timedelta(minutes=5))
    press(mia, place, "test")
    run_worker(until_empty=True, signals=False)
    assert Contact.objects.get(customer=people[0]).state == "refused"
    assert not any("ann@" in str(post_box.message(one)["To"]) for one in post_box.arrivals())


def test_progress_is_a_fragment_of_its_own() -> None:
    corner_shop(6)
    mia = signed_in("mia")
    place = drafted(mia)
    press(mia, place, "prepare")
    press(mia, place, "test")
    fragment = page_of(mia, f"{place}progress/")
    assert "<html" not in fragment
    assert "messages have left" in fragment


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_open_in_both_languages(language: str) -> None:
    corner_shop(3)
    place = drafted(signed_in("mia"))
    press(signed_in("mia"), place, "prepare")
    for path in (
        "/campaigns/",
        "/campaigns/new/",
        place,
        f"{place}people/",
        f"{place}people/?arm=test",
        f"{place}profile/",
    ):
        page = page_of(signed_in("mia", language), path)
        assert "%(" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_replay_says_of_what_in_words_of_any_language(language: str) -> None:
    corner_shop(1)
    real = RealCampaign(18, "Type A", date(2017, 10, 30), date(2017, 12, 24))
    spring_campaign(segment("everybody").id, replay_of=real.known_as)
    page = page_of(signed_in("mia", language), "/campaigns/spring/")
    note = re.search(r'class="note.*?Complete Journey #18.*?</div>', page, re.DOTALL)
    assert note and not re.search(r"Type|2017-|campaign 18", note[0])


def test_a_message_that_is_markup_stays_text() -> None:
    corner_shop(1)
    mia = signed_in("mia")
    place = drafted(mia, name="<b>Bold</b>", body="<script>alert(1)</script>")
    page = page_of(mia, place)
    assert "<script>alert" not in page
    assert "<b>Bold</b>" not in page
