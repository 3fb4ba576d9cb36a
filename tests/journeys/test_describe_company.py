"""Who the company is: said by steward or officer, and who said so stands in the books."""

import json

import pytest

from regulars.journeys.describe_company import describe_company
from regulars.records.access_log.models import ChangeEntry, PrivacyEntry
from regulars.records.company.access import CompanyFacts, company
from regulars.rules.permission.errors import Denied
from tests.cast import DORA, EMIL, STEN
from tests.desks.cli.terminal import regulars

pytestmark = pytest.mark.usefixtures("house")
SHOP = CompanyFacts("Corner Shop", "街角小店", None, "CN", "CNY", "Asia/Shanghai", False)


def test_the_law_that_holds_is_not_changed_without_a_line() -> None:
    describe_company(SHOP, by=STEN)
    regulars("company", "--jurisdiction", "none", "--role", "officer")
    assert company().jurisdiction == "none"
    newest = ChangeEntry.objects.filter(subject="company").latest("id")
    assert (newest.field, newest.old, newest.new) == ("jurisdiction", "CN", "none")
    deed = PrivacyEntry.objects.filter(deed="company").latest("id")
    assert json.loads(deed.detail) == {"jurisdiction": "none"}
    assert deed.role == "officer"


def test_who_says_nothing_new_leaves_no_line() -> None:
    describe_company(SHOP, by=EMIL)
    before = PrivacyEntry.objects.count()
    describe_company(SHOP, by=EMIL)
    assert PrivacyEntry.objects.count() == before


def test_the_counter_does_not_say_who_the_company_is() -> None:
    before = company()
    with pytest.raises(Denied):
        describe_company(SHOP, by=DORA)
    assert regulars("company", "--name", "Mine", "--role", "service").status == 1
    assert company() == before
    assert PrivacyEntry.objects.filter(deed="company", allowed=False).count() == 2
