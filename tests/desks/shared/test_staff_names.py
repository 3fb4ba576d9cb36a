"""In Chinese everybody in a log is called as one says it in Chinese; the log keeps what it wrote."""

import pytest
from django.utils import translation

from regulars.desks.shared.staff_names import called
from regulars.records.access_log.actions import note_access
from regulars.records.access_log.search import LogSearch, search_log
from regulars.records.staff.actions import hire
from tests.cast import EMIL, asking
from tests.desks.visitors import signed_in
from tests.story import PASSWORD


@pytest.fixture
def at_the_counter(house: None) -> None:
    hire("min", "Zhou Min", full_name_zh="周敏", roles=["service"], password=PASSWORD)
    hire("dora", "Dora", roles=["service"], password=PASSWORD)
    hire("lan", "Li Lan", full_name_zh="李兰", roles=["service"], password=PASSWORD)
    hire("lan2", "Li Lan", full_name_zh="李岚", roles=["service"], password=PASSWORD)


@pytest.mark.parametrize(
    ("written", "chinese"),
    [
        ("Zhou Min", "周敏"), ("Zhou Min (terminal, lin)", "周敏（终端，lin）"), ("Dora", "Dora"),
        ("root (terminal)", "root（终端）"), ("Li Lan", "李兰"), ("Li Lan (lan2)", "李岚（lan2）"),
        ("Li Lan (lan2) (terminal, lin)", "李岚（lan2）（终端，lin）"), ("token till", "令牌 till"),
        ("customer C-10013", "客户 C-10013"), ("night shift", "夜班"), ("", ""),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("at_the_counter")
def test_what_she_is_called(written: str, chinese: str) -> None:
    with translation.override("zh-hans"):
        assert called(written) == chinese
    with translation.override("en"):
        assert called(written) == written


@pytest.mark.usefixtures("at_the_counter")
def test_who_is_hired_now_is_called_so_at_once() -> None:
    with translation.override("zh-hans"):
        assert called("Wei Qing") == "Wei Qing"
        hire("qing", "Wei Qing", full_name_zh="魏青", roles=["service"], password=PASSWORD)
        assert called("Wei Qing") == "魏青"


@pytest.mark.usefixtures("at_the_counter")
def test_the_log_shows_her_chinese_name_and_finds_her_by_it() -> None:
    hire("emil", "Emil", roles=["officer"], password=PASSWORD)
    note_access(asking("Zhou Min", "service"), door="open_customer", because="serving", rows=1)
    assert [line.who for line in search_log(LogSearch(text="周"), by=EMIL).lines] == ["Zhou Min"]
    assert not search_log(LogSearch(text="李"), by=EMIL).total
    note_access(asking("Li Lan (lan2)", "service"), door="open_customer", because="serving", rows=1)
    assert [line.who for line in search_log(LogSearch(text="李岚"), by=EMIL).lines] == ["Li Lan (lan2)"]
    page = signed_in("emil", "zh-hans").get("/privacy/log/", {"q": "周敏"}).content.decode()
    assert "周敏" in page and "Zhou Min" not in page
