"""What stands around every page."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from regulars.desks.shared import frame, navigation
from regulars.desks.shared.frame import Frame, HouseFacts, frame_of, lens_of
from tests.desks.shared.people import DORA, EMIL, MARA


@pytest.fixture(autouse=True)
def a_shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        frame, "_house_facts", lambda by: HouseFacts("Nanzhi Clothing", "南枝衣铺", 1204 if by == MARA else None)
    )
    monkeypatch.setattr(navigation, "_entries", {})
    yield


def drawn(by: object = None, **cookies: str) -> Frame:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    request.asker = by  # type: ignore[attr-defined]
    return frame_of(request)


@pytest.mark.usefixtures("in_english")
def test_the_lens_says_through_what_for_what_and_who_is_not_here() -> None:
    lens = drawn(MARA).lens
    assert lens is not None
    assert (lens.view_label, lens.purpose_label, lens.absent_label) == (
        "Opt-out view: marketing", "for: direct marketing", "1,204 not shown",
    )  # fmt: skip


@pytest.mark.usefixtures("in_chinese")
def test_the_lens_in_chinese() -> None:
    lens = drawn(MARA).lens
    assert lens is not None
    assert (lens.view_label, lens.purpose_label, lens.absent_label) == (
        "选退视图 · 直接营销",
        "用途：直接营销",
        "少 1,204 人",
    )
    assert lens_of(EMIL, None).absent_label == "每次读取都记下"
    assert drawn(DORA).company == "南枝衣铺"


@pytest.mark.usefixtures("in_english")
def test_before_sign_in_there_is_no_lens_and_no_way_on() -> None:
    nobody = drawn()
    assert (nobody.lens, nobody.me, nobody.nav, nobody.find_url) == (None, None, (), "")
    assert nobody.company == "Nanzhi Clothing"


@pytest.mark.usefixtures("in_english")
def test_dora_is_shown_by_her_letter() -> None:
    me = drawn(DORA).me
    assert me is not None
    assert (me.name, me.role_label, me.initial) == ("Dora", "Service agent", "D")


def test_the_theme_is_what_the_reader_chose_and_nothing_else() -> None:
    assert drawn(theme="dark").theme == "dark"
    assert drawn().theme == "auto"
    assert drawn(theme='"><script>').theme == "auto"


def test_a_fragment_that_uses_no_frame_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def must_not_be_asked(by: object) -> HouseFacts:
        raise AssertionError("asked for a fragment")

    monkeypatch.setattr(frame, "_house_facts", must_not_be_asked)
    assert "frame" in frame.frame(RequestFactory().get("/"))
