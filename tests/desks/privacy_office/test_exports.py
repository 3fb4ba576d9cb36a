"""Lists that left and customers watched over, in the office, at the terminal and over HTTP: one story, three desks."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regulars.journeys.hand_out_people import people_file
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.serve_customer import give_task
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import Customer
from regulars.records.exports.models import Export
from regulars.records.segments.access import segment
from regulars.records.watched.access import open_touches
from regulars.rules.permission.errors import Denied
from tests.cast import DORA, MIA, NOON, said
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.marketing.corner_shop import TODAY, corner_shop
from tests.desks.visitors import signed_in
from tests.shop import spring_campaign
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")


def leaked() -> tuple[int, str]:
    """Mia's file, and what leaked of it."""
    left = people_file(by=MIA, because="spring", content="Everybody", at=NOON, limit=500)
    return left.export, "\n".join(one.number for one in left.lines)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_office_traces_rechecks_and_ends_a_list(language: str) -> None:
    corner_shop(14)
    export, rows = leaked()
    emil = signed_in("emil", language)
    assert "Everybody" in emil.get("/privacy/exports/").content.decode()
    traced = emil.post("/privacy/exports/trace/", {"text": rows, "because": "found on a stick"}).content.decode()
    assert ("certain" if language == "en" else "确定") in traced
    looked = {"text": rows, "because": "use it again", "export": export}
    assert 'id="rechecked"' in emil.post("/privacy/exports/recheck/", looked).content.decode()
    assert emil.post("/privacy/exports/trace/", {"text": "", "because": "x"}).status_code == 422
    assert emil.post("/privacy/exports/rule/", {"days": "0"}).status_code == 422
    assert emil.post("/privacy/exports/rule/", {"days": "5"}).status_code == 302
    slip = emil.post(f"/privacy/exports/{export}/until/", {"until": "31.31."}, follow=True).content.decode()
    assert ("Enter a valid date" if language == "en" else "有效的日期") in slip
    emil.post(f"/privacy/exports/{export}/until/", {"until": "2026-03-01"})
    assert ("expired" if language == "en" else "已过期") in emil.get("/privacy/exports/").content.decode()
    emil.post(f"/privacy/exports/{export}/end/", {"because": "sent to the wrong people"})
    assert Export.objects.get().ended_by == "Emil"
    assert signed_in("mia").get("/privacy/exports/").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_marketing_asks_before_it_uses_an_old_file_again(language: str) -> None:
    people = corner_shop(14)
    export, rows = leaked()
    said(people[3], "direct_marketing", "denied")
    mia = signed_in("mia", language)
    assert "/people/recheck/" in mia.get("/people/?segment=everybody").content.decode()
    assert mia.get("/people/recheck/").status_code == 200

    def asked(content: str) -> tuple[int, str]:
        file = SimpleUploadedFile("people.csv", content.encode())
        answer = mia.post("/people/recheck/", {"file": file, "because": "calling again", "export": export})
        return answer.status_code, answer.content.decode()

    status, page = asked(rows)
    assert status == 200 and people[3].number in page and people[4].number not in page
    assert asked("a\x00b")[0] == 422
    assert signed_in("dora").get("/people/recheck/").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_office_plants_hears_and_protects(language: str) -> None:
    people = corner_shop(1)
    emil = signed_in("emil", language)
    assert emil.post("/privacy/watching/plant/", {"name": "Nadja Winter"}).status_code == 422
    planted = {"name": "Nadja Winter", "email": "nadja@ours.example", "city": "Basel", "note": "spring"}
    assert emil.post("/privacy/watching/plant/", planted).status_code == 302
    number = Customer.objects.get(name="Nadja Winter").number
    open_customer(number, by=DORA, because="serving")
    page = emil.get("/privacy/watching/").content.decode()
    assert "Dora" in page and number in page
    (alarm,) = open_touches()
    emil.post(f"/privacy/watching/alarms/{alarm.id}/", {"because": "she tried it out"})
    assert open_touches() == []
    assert emil.post("/privacy/watching/protect/", {"number": people[0].number, "because": "tv"}).status_code == 422
    told = {"number": people[0].number, "because": "known from television"}
    assert emil.post("/privacy/watching/protect/", told).status_code == 302
    with pytest.raises(Denied):
        open_customer(people[0].number, by=DORA, because="serving")
    page = emil.get("/privacy/watching/").content.decode()
    assert people[0].name in page
    assert page.index("/watching/protect/") < page.index(people[0].name), "the form stands above the list"
    assert {"en": "opened 0 times · refused 1 time<", "zh-hans": "打开 0 次 · 拒绝 1 次<"}[language] in page
    beyond = emil.get("/privacy/watching/", {"page": "7"}).content.decode()
    assert people[0].name in beyond  # the last page there is
    assert emil.post(f"/privacy/watching/{people[0].number}/unprotect/").status_code == 302
    assert emil.post(f"/privacy/watching/{number}/uproot/").status_code == 302
    assert signed_in("dora").get("/privacy/watching/").status_code == 403


def test_the_terminal_does_the_same(tmp_path: Path) -> None:
    people = corner_shop(14)
    export, rows = leaked()
    file = tmp_path / "found.csv"
    file.write_text(rows)
    found = regulars("trace", str(file), "--because", "found on a stick", "--json").json()
    assert [(one["id"], one["verdict"]) for one in found["suspects"]] == [(export, "certain")]
    assert "Where it comes from" in regulars("trace", str(file), "--because", "found").out
    assert "Every row may be used" in regulars("recheck", str(file), "--because", "again").out
    assert regulars("exports", "rule", "--days", "7").status == 0
    assert regulars("exports", "end", str(export), "--because", "wrong people").status == 0
    told = regulars("recheck", str(file), "--because", "again", "--export", str(export), "--json").json()
    assert (told["why"], len(told["must_go"])) == ("export_ended", told["rows"])
    assert regulars("exports", "list", "--json").json()["total"] == 1
    assert "Everybody" in regulars("exports", "list").out
    number = regulars("canary", "plant", "Nadja Winter", "--email", "nadja@ours.example").out.split()[0]
    open_customer(number, by=DORA, because="serving")
    touched = regulars("canary", "list", "--json").json()["alarms"]
    assert [one["name"] for one in touched] == ["Dora"]
    answer = ("canary", "answer", str(touched[0]["id"]), "--because", "she tried it out")
    assert "without a name" in regulars(*answer).err
    assert regulars("sign-in", "emil", given=f"{PASSWORD}\n").status == 0
    assert regulars(*answer).status == 0
    assert regulars("sign-out").status == 0
    assert regulars("canary", "uproot", number).status == 0
    assert "Nadja" not in regulars("canary", "list").out
    assert people[0].number in regulars("protect", people[0].number, "--because", "works here").out
    assert regulars("customer", "show", people[0].number, "--because", "serving").status == 1
    assert regulars("protect", people[0].number, "--no-longer", "--json").json() == []
    assert regulars("customer", "show", people[0].number, "--because", "serving").status == 0


def test_work_lists_and_contacts_at_the_terminal_are_on_record_too() -> None:
    for one in corner_shop(14)[3:7]:
        give_task(one.number, kind="call_back", words="", due_on=TODAY, owner_id=None, by=DORA, at=NOON)
    tasks = regulars("tasks", "list", "--json").json()["tasks"]
    key = spring_campaign(segment("everybody").id)
    prepare_campaign(key, by=MIA, at=NOON, as_of=TODAY)
    contacts = regulars("campaign", "contacts", key, "--json").json()
    kept = {one.door: one.rows for one in Export.objects.all()}
    assert kept == {"terminal_tasks": len(tasks), "terminal": len(contacts)}
    assert len(tasks) == 4 and contacts
    assert "work list, at the terminal" in signed_in("emil").get("/privacy/exports/").content.decode()


def test_a_search_at_the_terminal_is_no_list() -> None:
    """Who wants more than a hundred by typing a letter takes a list, which is on record."""
    corner_shop(2)
    assert regulars("customer", "find", "e", "--limit", "100", "--because", "serving").status == 0
    assert regulars("customer", "find", "e", "--limit", "101", "--because", "serving").status == 2


def test_programs_do_the_same() -> None:
    people = corner_shop(14)
    officer, marketer = program("officer"), program("marketer")
    first = marketer.get("/segments/everybody/people", limit=10).told["items"]
    again = marketer.get("/segments/everybody/people", limit=10).told["items"]
    assert first == again
    (export,) = officer.get("/exports").told["items"]
    assert (export["door"], export["rows"], export["state"]) == ("api", 10, "")
    rows = {"rows": [one["number"] for one in first], "because": "found on a stick"}
    traced = officer.post("/found-lists/trace", rows).told
    assert [one["export"]["id"] for one in traced["suspects"]] == [export["id"]]
    assert marketer.post("/found-lists/trace", rows).status == 403
    asked = rows | {"export": export["id"]}
    assert marketer.post("/found-lists/recheck", asked).told["may"] == 10
    changed = officer.put(f"/exports/{export['id']}", {"expires_on": "2026-03-01"})
    assert changed.told["state"] == "export_expired"
    assert marketer.post("/found-lists/recheck", asked).told["may"] == 0
    assert officer.post(f"/exports/{export['id']}/end", {"because": "no longer needed"}).told["state"] == "export_ended"
    guarded = f"/customers/{people[0].number}"
    assert officer.put(f"{guarded}/protection", {"because": "works here"}).status == 204
    assert program("service").get(guarded, because="serving").code() == "case_needed"
    assert officer.delete(f"{guarded}/protection").status == 204
    assert program("service").get(guarded, because="serving").status == 200
