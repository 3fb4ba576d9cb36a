"""Attack 30: religion in a free text. It is flagged, the writer is warned, the officer puts it where it belongs."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from html import unescape
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.test import Client

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.serve_customer import give_task, hear_complaint, note_touchpoint, settle_complaint
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.journeys.tell_us import report_to_officer, suggest_correction
from regulars.journeys.work_at_night import check_by_night
from regulars.records.access_log.models import PrivacyEntry
from regulars.records.customers.models import Customer
from regulars.records.free_texts.models import SensitiveText, TextFlag, TextSweep
from regulars.records.free_texts.texts import WATCHED, decide_text, flagged_texts, sweep_texts, texts_waiting
from regulars.records.touchpoints.models import Touchpoint
from regulars.rules.free_text.sensitive import COVER
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")


def noted(number: str, title: str, detail: str = "") -> int:
    return note_touchpoint(
        number, kind="note", channel="counter", title=title, detail=detail, branch_id=None, by=DORA, at=NOON
    )


def test_religion_in_a_note_is_flagged_for_the_officer() -> None:
    her = ann()
    noted(her.number, "wants the blue scarf")
    assert texts_waiting() == 0
    noted(her.number, "gift", "She is Muslim, call 138 0013 8000")
    waiting, (one,) = flagged_texts(by=EMIL, because="review")
    assert (waiting, one.number, one.table, one.kinds, one.found_by) == (
        1, her.number, "touchpoint", ("religion", "phone"), "Dora",
    )  # fmt: skip


def test_tasks_and_complaints_are_looked_at_too() -> None:
    her = ann()
    give_task(her.number, kind="other", words="她怀孕了，备椅子", due_on=NOON.date(), owner_id=None, by=DORA, at=NOON)
    made = hear_complaint(
        her.number, code="product", detail="allergic to the glue", answer_by=None, owner_id=None, by=DORA, at=NOON
    )
    settle_complaint(her.number, made, outcome="refunded", words="her wheelchair did not fit", by=DORA, at=NOON)
    found = flagged_texts(by=EMIL, because="review")[1]
    assert {(one.table, one.kinds) for one in found} == {
        ("task", ("health",)), ("complaint", ("health",)), ("touchpoint", ("health",)),
    }  # fmt: skip


def test_what_she_writes_herself_is_looked_at_as_well_and_at_once() -> None:
    her = ann()
    herself = Asker(f"customer {her.number}", "customer", "personal", "oversight", reference="link 1")
    report_to_officer(her.number, words="Your clerk said aloud that I am pregnant", by=herself, at=NOON)
    suggest_correction(her.number, field="other", proposal="I am no Quaker", by=herself, at=NOON)
    found = flagged_texts(by=EMIL, because="review")[1]
    assert {(one.table, one.kinds) for one in found} == {("complaint", ("health",)), ("touchpoint", ("religion",))}


def test_only_the_officer_reads_and_decides() -> None:
    noted(ann().number, "votes for the greens")
    for by in (DORA, MIA, STEN):
        with pytest.raises(Denied):
            flagged_texts(by=by, because="curious")
        with pytest.raises(Denied):
            decide_text(TextFlag.objects.get().id, "accept", by=by, at=NOON)


def test_what_is_covered_is_gone_and_what_is_sealed_is_hers_to_read() -> None:
    her = ann()
    first, second, third = (
        noted(her.number, text) for text in ("she is a quaker", "她是回族", "gay couple, two rings")
    )
    flags = dict(TextFlag.objects.values_list("row_id", "id"))
    for row, decision in ((first, "redact"), (second, "move"), (third, "accept")):
        decide_text(flags[row], decision, by=EMIL, at=NOON)
    left = dict(Touchpoint.objects.values_list("id", "title"))
    assert (left[first], left[second], left[third]) == (f"she is a {COVER}", COVER, "gay couple, two rings")
    assert "回族".encode() not in bytes(SensitiveText.objects.get().words)
    assert [one["words"] for one in copy_of_own_data(her.number, by=EMIL, at=NOON)["sensitive_texts"]] == ["她是回族"]
    assert texts_waiting() == 0
    told = [entry.detail for entry in PrivacyEntry.objects.filter(deed="text")]
    assert len(told) == 3
    assert "quaker" not in json.dumps(told, ensure_ascii=False, default=str)
    with pytest.raises(NotThere):
        decide_text(flags[first], "accept", by=EMIL, at=NOON)


def test_old_texts_are_looked_at_once_and_a_second_night_finds_nothing_new() -> None:
    her = ann()
    for n in range(7):
        Touchpoint.objects.create(
            customer=her, at=NOON, kind="note", channel="counter", title=f"note {n}", detail="diabetic"
        )
    assert sweep_texts(at=NOON, at_once=3) == 6  # three titles, three details
    assert texts_waiting() == 3
    while sweep_texts(at=NOON, at_once=3):
        pass
    assert texts_waiting() == 7
    assert check_by_night(at=NOON).findings == 0
    assert (texts_waiting(), TextSweep.objects.count()) == (7, sum(map(len, WATCHED.values())))


def test_a_text_that_is_committed_late_under_an_earlier_number_is_not_passed_by() -> None:
    her = ann()
    late: list[int] = []
    written, goes_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            late.append(unseen(her, "diabetic"))
            written.set()
            goes_on.wait(20)
        connections.close_all()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    written.wait(20)
    early = unseen(her, "she is a quaker")
    while sweep_texts(at=NOON, patience=0.2):
        pass
    goes_on.set()
    slow.join()
    assert late[0] < early
    while sweep_texts(at=NOON):
        pass
    assert set(TextFlag.objects.values_list("row_id", flat=True)) == {late[0], early}


def unseen(her: Customer, words: str) -> int:
    """The number of a note about her that nobody has looked at yet."""
    return Touchpoint.objects.create(customer=her, at=NOON, kind="note", channel="counter", title="x", detail=words).id


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_the_middle_of_a_sweep_the_next_looks_at_what_is_left_and_at_nothing_twice(when: str) -> None:
    her = ann()
    for n in range(7):
        Touchpoint.objects.create(
            customer=her, at=NOON, kind="note", channel="counter", title=f"note {n}", detail="diabetic"
        )
    assert killed_at_the_fifth_text(when) == -signal.SIGKILL
    through = TextSweep.objects.get(table_name="touchpoint", column_name="detail").through_id
    done = set(Touchpoint.objects.filter(id__lte=through).values_list("id", flat=True))
    assert (len(done), set(TextFlag.objects.values_list("row_id", flat=True))) == (3, done)
    while sweep_texts(at=NOON, at_once=3):
        pass
    assert texts_waiting() == TextFlag.objects.count() == 7


def killed_at_the_fifth_text(when: str) -> int:
    """The sweep in a process that kills itself at its fifth sensitive text, before or after that one is flagged."""
    script = f"""
        import os, signal, django
        django.setup()
        from regulars.records.free_texts import texts
        from tests.cast import NOON
        real, looked = texts.look_at_text, []
        def look(customer, table, row, said, **more):
            looked.extend(said if "detail" in said else ())
            if len(looked) == 5 and {when!r} == "before": os.kill(os.getpid(), signal.SIGKILL)
            real(customer, table, row, said, **more)
            if len(looked) == 5: os.kill(os.getpid(), signal.SIGKILL)
        texts.look_at_text = look
        while texts.sweep_texts(at=NOON, at_once=3): pass
    """
    words = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)]
    return subprocess.run(words, cwd=Path(__file__).parents[3], env={**os.environ}, check=False).returncode


def test_erasing_ann_takes_flags_and_sealed_texts_along() -> None:
    her = ann()
    noted(her.number, "she is a quaker")
    decide_text(TextFlag.objects.get().id, "move", by=EMIL, at=NOON)
    noted(her.number, "pregnant")
    erase_customer(her.number, by=EMIL, because="she asked", reference="R-1", at=NOON)
    assert not TextFlag.objects.exists()
    assert not SensitiveText.objects.exists()


@pytest.fixture
def dora() -> Client:
    wanqing(shop())
    return signed_in("dora")


def test_dora_is_warned_at_once_and_emil_finds_it_on_his_page(dora: Client) -> None:
    said = {"kind": "note", "channel": "counter", "title": "She is <b>Muslim</b>", "detail": ""}
    page = unescape(dora.post("/customers/C-20418/notes/new/", said, follow=True).content.decode())
    assert "The text seems to hold religion" in page
    emil = signed_in("emil")
    review = emil.get("/privacy/texts/").content.decode()
    assert "She is &lt;b&gt;<mark>Muslim</mark>&lt;/b&gt;" in review
    flag = TextFlag.objects.get()
    assert emil.post(f"/privacy/texts/{flag.id}/", {"decision": "redact"}, follow=True).status_code == 200
    assert "No text waits" in unescape(emil.get("/privacy/texts/").content.decode())
    assert dora.get("/privacy/texts/").status_code == 403


def test_at_the_terminal_and_over_http() -> None:
    her = ann()
    noted(her.number, "she is a quaker")
    noted(her.number, "pregnant")
    listed = regulars("texts", "list", "--json").json()
    assert (listed["waiting"], listed["texts"][0]["text"]) == (2, "she is a quaker")
    assert regulars("texts", "decide", str(listed["texts"][0]["id"]), "redact").status == 0
    assert "4 texts looked at" in regulars("texts", "sweep").out
    officer = program("officer")
    (one,) = officer.get("/flagged-texts", because="review").told["texts"]
    assert officer.post(f"/flagged-texts/{one['id']}/decision", {"decision": "move"}).status == 204
    assert program("service").get("/flagged-texts", because="review").status == 403
