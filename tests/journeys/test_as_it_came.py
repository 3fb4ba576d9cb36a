"""What cleaning changes, the house keeps as it came: beside the record, sealed where it must be, gone with her."""

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest

from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.expire_sources import expire_sources
from regulars.journeys.let_go import keep_no_longer, let_rule_go
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.journeys.take_in_customer import look_over, take_in_customer
from regulars.records.customers.access import open_customer
from regulars.records.customers.models import AsItCame, Customer, CustomerRef
from regulars.records.customers.originals import CameAs, came_as
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.models import ImportRun
from regulars.rules.cleaning.person import TypedPerson
from tests.cast import DORA, EMIL, STEN
from tests.journeys.order_files import AT, bring, in_a_process_of_its_own, open_shop, write_rows

pytestmark = pytest.mark.usefixtures("house")
HEADINGS = ("customer_no", "name", "phone", "email", "birth_date", "city", "id_document", "country")
WANG = (
    "M1", "王 芳女士（VIP）", "手机 138 0013 8000", "Fang@Example.COM", "1988年4月2日", "杭州", "330106 19910101 0074",
    "中国",
)  # fmt: skip
ANN = ("M2", "ARCHER, Ann", "", "", "", "Lyon", "", "FR")


@pytest.fixture(autouse=True)
def shop() -> None:
    open_shop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "people.csv", (WANG, ANN), HEADINGS)


def by_ref(ref: str) -> Customer:
    return CustomerRef.objects.select_related("customer").get(ref=ref).customer


def told(ref: str, by: object = EMIL) -> dict[str, CameAs]:
    opened, _ = open_customer(by_ref(ref).number, by=by, because="a look")  # type: ignore[arg-type]
    return {one.field: one for one in came_as(opened)}


def test_every_value_that_was_changed_is_kept_as_it_came_with_the_reasons(file: Path) -> None:
    bring(file, kind="customers")
    found = told("M1")
    assert set(found) == {"name", "phone", "email", "birth_on", "city", "region", "id_document"}
    assert (found["name"].original, found["name"].became) == ("王 芳女士（VIP）", "王芳")
    assert "aside_apart" in found["name"].reasons and "honorific_apart" in found["name"].reasons
    assert (found["phone"].original, found["phone"].became) == ("手机 138 0013 8000", "+8613800138000")
    assert found["birth_on"].original == "1988年4月2日"
    assert told("M2")["name"].original == "ARCHER, Ann"


def test_dora_sees_what_her_view_shows_and_of_the_sealed_only_why(file: Path) -> None:
    bring(file, kind="customers")
    found = told("M1", DORA)
    assert "birth_on" not in found and "id_document" not in found
    assert found["phone"].original is None and "country_code_added" in found["phone"].reasons
    assert found["name"].original is None  # the remark in brackets is no part of a name
    assert (found["city"].original, found["city"].became) == ("杭州", "杭州市")
    assert told("M2", DORA)["name"].original == "ARCHER, Ann"


def test_nothing_by_which_she_is_reached_lies_in_clear(file: Path) -> None:
    bring(file, kind="customers")
    for row in AsItCame.objects.filter(field__in=("phone", "email", "id_document")):
        assert row.value is row.closed is None and row.cell
        assert b"138" not in bytes(row.cell) and b"Fang" not in bytes(row.cell)
    assert AsItCame.objects.get(field="birth_on").value is None


def test_the_same_file_again_keeps_nothing_twice_and_another_spelling_is_kept_beside(
    file: Path, tmp_path: Path
) -> None:
    bring(file, kind="customers")
    before = AsItCame.objects.count()
    again = ("M1", WANG[1], "138-0013-8000", *WANG[3:])
    bring(write_rows(tmp_path / "more.csv", (again, ANN), HEADINGS), kind="customers")
    assert AsItCame.objects.count() == before + 1
    assert AsItCame.objects.filter(field="phone").count() == 2


def test_erasing_and_expiring_take_originals_along(file: Path) -> None:
    bring(file, kind="customers")
    wang, ann = by_ref("M1"), by_ref("M2")
    erase_customer(wang.number, by=EMIL, because="she asked", reference="R-1", at=AT)
    assert not AsItCame.objects.filter(customer=wang).exists()
    source = AsItCame.objects.filter(customer=ann).values_list("source_id", flat=True)[0]
    describe_source(source, by=STEN, expires_on=(AT + timedelta(days=1)).date())
    expire_sources(at=AT + timedelta(days=9))
    assert not AsItCame.objects.exists()


def test_what_has_outlived_its_keep_is_not_read_in_its_original(file: Path) -> None:
    bring(file, kind="customers")
    let_rule_go("customer.id_document", True, by=EMIL, at=AT)
    keep_no_longer(at=AT + timedelta(days=2_000))
    assert not AsItCame.objects.filter(field="id_document").exists()
    assert AsItCame.objects.filter(field="phone").exists()


def test_killed_in_the_middle_nothing_is_kept_or_counted_twice(tmp_path: Path) -> None:
    rows = [(f"M{n}", f"ARCHER, Ann{chr(97 + n % 26)}", f"138 {n:08d}", "", "", "", "", "CN") for n in range(3_000)]
    path = write_rows(tmp_path / "people.csv", rows, HEADINGS)
    for _ in range(2):
        process = in_a_process_of_its_own(path, 12_000)
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until and not AsItCame.objects.exists():
            time.sleep(0.02)
        process.kill()
        process.communicate()
    kept = AsItCame.objects.count()
    assert 0 < kept < 2 * len(rows), "nobody was killed in the middle: the test shows nothing"
    assert bring(path, wait=True).state == "finished"
    assert AsItCame.objects.count() == 2 * len(rows)
    counted = {one["reason"]: one["values"] for one in ImportRun.objects.get().cleaned}
    assert counted["order_turned"] == counted["country_code_added"] == len(rows)


def test_her_copy_holds_her_values_as_they_came(file: Path) -> None:
    bring(file, kind="customers")
    number = by_ref("M1").number
    copy = copy_of_own_data(number, by=EMIL, at=AT)
    assert {"手机 138 0013 8000", "王 芳女士（VIP）"} <= {one["original"] for one in copy["as_it_came"]}
    json.dumps(copy)


def test_what_dora_typed_is_kept_as_she_typed_it() -> None:
    typed = TypedPerson(name="王 芳女士", phone="138 0013 8000", street="文三路90号", city="杭州", country="CN")
    desk = ensure_source("desk", by=STEN, at=AT).id
    opened = take_in_customer(
        look_over(typed, at=AT),
        (),
        source_id=desk,
        branch_id=None,
        how="counter",
        by=EMIL,
        because="at the till",
        at=AT,
    )
    found = {one.field: one.original for one in came_as(opened)}
    assert (found["name"], found["phone"], found["city"]) == ("王 芳女士", "138 0013 8000", "杭州")
