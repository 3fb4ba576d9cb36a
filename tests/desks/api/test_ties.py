"""A file of ties over HTTP: for programs of the data steward, tried and taken in, bad rows handed back."""

import pytest
from django.conf import settings

from regulars.journeys.look_at_file import FOLDER
from regulars.records.groups.models import CustomerGroup, GroupMember
from tests.cast import ann, bob
from tests.desks.api.programs import program
from tests.shop import open_shop

pytestmark = pytest.mark.usefixtures("house")
FILE = b"group,kind,customer\noak,household,C-20001\noak,,C-20002\noak,,C-29999\n"
TO = "/group-ties"


def test_tried_taken_in_and_brought_again() -> None:
    open_shop()
    ann(), bob()
    sten = program("steward")
    tried = sten.bring(FILE, "ties.csv", to=TO, dry_run="true")
    assert (tried.status, tried.told["members"], CustomerGroup.objects.count()) == (200, 2, 0)
    told = sten.bring(FILE, "ties.csv", to=TO).told
    assert [told[one] for one in ("rows", "groups", "members", "known", "set_aside_rows")] == [3, 1, 2, 0, 1]
    [aside] = told["set_aside"]
    assert (aside["row_number"], aside["reason"], aside["raw"]) == (4, "customer_not_there", "oak,,C-29999")
    assert "_" not in aside["sentence"] and aside["sentence"].endswith(".")
    assert GroupMember.objects.count() == 2
    again = sten.bring(FILE, "ties.csv", to=TO).told
    assert (again["members"], again["known"]) == (0, 2)
    assert not list((settings.HOME.files / FOLDER).glob("*")), "the file itself is not kept"


def test_what_is_no_table_of_ties_is_refused_and_nobody_else_brings_one() -> None:
    open_shop()
    sten = program("steward")
    assert sten.bring(b"", "ties.csv", to=TO).code() == "ties_without_groups"
    assert sten.bring(b"PK\x03\x04 no book", "ties.xlsx", to=TO).code() == "damaged"
    many = b"group,kind,name\n" + b"".join(b"g%d,company,Company %d\n" % (n, n) for n in range(5_200))
    assert sten.bring(many, "ties.csv", to=TO).code() == "ties_too_many"
    for role in ("service", "marketer", "officer"):
        assert program(role).bring(FILE, "ties.csv", to=TO).status == 403
    assert not CustomerGroup.objects.exists()
