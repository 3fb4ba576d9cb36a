"""The phone rings: the agent sees who it may be, nobody else does, and the number goes when the call is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.journeys.recognise_likely import recognise_typed
from regulars.journeys.take_call import call_comes, call_is_over, note_call, put_call_away, ringing_for, who_calls
from regulars.records.access_log.models import AccessEntry
from regulars.records.company.access import forget_company, now
from regulars.records.company.models import Company
from regulars.records.customers.access import find_customers
from regulars.records.touchpoints.calls import forget_calls
from regulars.records.touchpoints.models import PhoneCall, Touchpoint
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import MIA, asking, customer
from tests.story import Shop, findable, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
TELEPHONY = asking("Switchboard", "service")


def dora(at: Shop) -> Asker:
    return asking("Dora", "service", staff_id=at.dora, branches=frozenset({at.lake}))


def test_dora_sees_who_calls_and_writes_down_what_was_said() -> None:
    at = shop()
    wanqing(at)
    made = call_comes("138 0000 4187", "c-1", agent="dora", line="3", by=TELEPHONY)
    assert call_comes("138 0000 4187", "c-1", agent="dora", by=TELEPHONY) == made
    [call] = ringing_for(by=dora(at))
    assert (call.id, call.phone, call.line) == (made, "", "3")
    told = who_calls(made, by=dora(at))
    assert [one.customer.name for one in told.likely] == ["陈婉清"]
    assert told.likely[0].complaint_open
    assert "4187" not in str(PhoneCall.objects.values_list()[0])
    note_call(made, "C-20418", title="Asked about the coat", detail="", code="enquiry", branch_id=at.lake,
              by=dora(at), at=now())  # fmt: skip
    noted = Touchpoint.objects.get(kind="call")
    assert (noted.title, noted.code, noted.channel) == ("Asked about the coat", "enquiry", "phone")
    assert PhoneCall.objects.get().phone is None
    assert ringing_for(by=dora(at)) == []
    assert AccessEntry.objects.filter(door="recognise_customers", because="call", who="Dora").exists()


def test_several_people_on_one_number_are_all_there_and_a_new_number_is_nobodys() -> None:
    at = shop()
    for name in ("Ann Archer", "Abe Archer"):
        findable(customer(name, phone="+15550100009", home_branch_id=at.lake))
    made = call_comes("+1 555 010 0009", "c-1", branch="lake", by=TELEPHONY)
    assert {one.customer.name for one in who_calls(made, by=dora(at)).likely} == {"Ann Archer", "Abe Archer"}
    new = call_comes("+15550100777", "c-2", by=TELEPHONY)
    told = who_calls(new, by=dora(at))
    assert (told.call.phone, told.likely) == ("+15550100777", ())
    assert who_calls(call_comes("", "c-3", by=TELEPHONY), by=dora(at)).call.phone == ""


def test_a_number_as_dialled_at_home_is_read_wherever_the_company_is() -> None:
    at = shop()
    Company.objects.update(jurisdiction="EU", timezone="Europe/London", currency="GBP")
    forget_company()
    findable(customer("Ann Archer", phone="+442079460018", home_branch_id=at.lake))
    findable(customer("王芳", phone="+8613906123457", home_branch_id=at.lake))
    for n, dialled in enumerate(("020 7946 0018", "02079460018", "0044 20 7946 0018")):
        told = who_calls(call_comes(dialled, f"c-{n}", by=TELEPHONY), by=dora(at))
        assert [one.customer.name for one in told.likely] == ["Ann Archer"], dialled
    for typed, name in (("(020) 7946 0018", "Ann Archer"), ("13906123457", "王芳")):
        assert [one.customer.name for one in recognise_typed(typed, by=dora(at), because="call")] == [name]
        assert [one.name for one in find_customers(typed, by=dora(at), because="call")] == [name]


def test_a_number_nobody_can_have_is_not_said_to_be_withheld() -> None:
    at = shop()
    inside = who_calls(call_comes("204", "c-1", by=TELEPHONY), by=dora(at))
    assert (inside.call.phone, inside.likely) == ("204", ())
    assert who_calls(call_comes("anonymous", "c-2", by=TELEPHONY), by=dora(at)).call.phone == ""


def test_a_call_is_for_whom_it_rings_and_tells_of_nobody_she_may_not_see() -> None:
    at = shop()
    wanqing(at, home_branch_id=at.hill)
    hers = call_comes("13800004187", "c-1", agent="dora", by=TELEPHONY)
    assert who_calls(hers, by=dora(at)).likely == ()
    elsewhere = call_comes("13800004187", "c-2", branch="hill", by=TELEPHONY)
    assert [one.id for one in ringing_for(by=dora(at))] == [hers]
    with pytest.raises(NotThere):
        who_calls(elsewhere, by=dora(at))
    somebody = asking("Lin", "service", staff_id=at.dora + 1000)
    with pytest.raises(NotThere):
        put_call_away(hers, by=somebody)
    with pytest.raises(Denied):
        who_calls(hers, by=MIA)
    with pytest.raises(Denied):
        call_comes("1", "c", by=MIA)
    for wrong in ({"agent": "nobody"}, {"branch": "nowhere"}):
        with pytest.raises(BadInput):
            call_comes("13800004187", "c-9", by=TELEPHONY, **wrong)


def test_a_call_that_is_over_rings_no_more_and_its_number_goes_by_itself() -> None:
    at = shop()
    made = call_comes("13800004187", "c-1", agent="dora", by=TELEPHONY)
    assert call_is_over("c-1", by=TELEPHONY)
    assert not call_is_over("c-7", by=TELEPHONY)
    assert ringing_for(by=dora(at)) == []
    assert who_calls(made, by=dora(at)).call.phone == "+8613800004187"
    assert forget_calls(at=timezone.now() + timedelta(hours=3)) == 1
    assert who_calls(made, by=dora(at)).call.phone == ""
