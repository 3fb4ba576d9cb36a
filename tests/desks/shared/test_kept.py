"""What is kept around a page says what it would say drawn anew, and never anything of another person or answer."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from regulars.desks.shared import frame, kept, navigation
from regulars.desks.shared.frame import HouseFacts
from regulars.desks.shared.kept import ADDRESS, SECRET
from regulars.rules.permission.asking import Asker
from tests.desks.shared.people import DORA, EMIL, MARA

PATHS = ("/", "/customers/C-1/", "/customers/?q=<b>&x='\"", "/segments/")
FORM = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(autouse=True)
def a_shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(frame, "_house_facts", lambda by: HouseFacts("Nanzhi <Clothing>", "南枝衣铺"))
    monkeypatch.setattr(navigation, "_entries", {})
    waiting = {"Mara": 3, "Dora": 12}
    navigation.register("", "customers", "Customers", "service:customers", "users", set(), 1)
    navigation.register(
        "", "tasks", "Tasks", "service:tasks", "list-check", {"service", "marketer"}, 2, lambda by: waiting.get(by.name)
    )
    yield


def asked(by: Asker | None, path: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.asker = by  # type: ignore[attr-defined]
    return request


def page(by: Asker | None, path: str = "/", template: str = "shared/base.html", **around: object) -> str:
    return render_to_string(template, around, asked(by, path))


def without_secrets(text: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', r"\1", text)


def anew(monkeypatch: pytest.MonkeyPatch, by: Asker | None, path: str) -> str:
    with monkeypatch.context() as plainly:
        plainly.setattr(kept, "written", kept.written.__wrapped__)
        return page(by, path)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_page_with_what_is_kept_says_what_it_says_drawn_anew(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    people = (None, MARA, DORA, EMIL)
    with override(language):
        for _twice in range(2):
            for by in people:
                for path in PATHS:
                    assert without_secrets(page(by, path)) == without_secrets(anew(monkeypatch, by, path))


def test_languages_and_themes_do_not_mix() -> None:
    for language, said in (("en", "Sign out"), ("zh-hans", "退出"), ("en", "Sign out")):
        with override(language):
            assert said in page(DORA)
    dark = render_to_string("shared/base.html", {}, asked(DORA, theme="dark"))
    assert 'value="dark" aria-pressed="true"' in dark
    assert 'value="dark" aria-pressed="true"' not in page(DORA)


def test_every_answer_has_its_own_secret_in_every_form_and_its_own_address() -> None:
    first, second = page(DORA, "/customers/A/"), page(DORA, "/customers/B/")
    assert len(set(FORM.findall(first))) == 1 == len(set(FORM.findall(second)))
    assert set(FORM.findall(first)) != set(FORM.findall(second))
    assert "/customers/A/" not in second
    assert first.count('name="next" value="/customers/A/"') == second.count('name="next" value="/customers/B/"') > 0


def test_the_marks_never_leave_the_house() -> None:
    for by in (None, MARA, DORA):
        assert not {SECRET, ADDRESS} & set(re.findall(r"\w{32,}", page(by)))
        assert SECRET not in page(by, f"/?q={ADDRESS}")


def test_an_address_full_of_signs_stays_an_address() -> None:
    assert "<script>" not in page(DORA, "/?q=<script>\"'")
    assert f'value="/?q={SECRET}"' in page(DORA, f"/?q={SECRET}"), "who guesses a mark gets her own words back"


def test_nobody_is_called_by_another_name_or_sees_anothers_figures() -> None:
    for _twice in range(2):
        seen = {by.name: page(by) for by in (MARA, DORA, EMIL)}
        for name, text in seen.items():
            assert f"<b>{name}</b>" in text
            assert not any(f"<b>{other}</b>" in text for other in seen if other != name)
        assert [("12</span>" in text) for text in seen.values()] == [False, True, False]


def test_nothing_a_page_knows_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "{{ frame.me.name }}|{{ name }}|{{ request.path }}|{{ user }}"
    drawing = engines["drawing"].env  # type: ignore[attr-defined]
    monkeypatch.setattr(drawing, "get_template", lambda name: drawing.from_string(source))
    around = {"frame": frame.frame_of(asked(DORA)), "name": "王芳", "user": "Ann"}
    assert drawing.from_string("{{ draw.kept('x') }}").render(around | {"request": asked(DORA)}) == "Dora|||"


def test_where_no_frame_is_the_stretch_is_plain() -> None:
    assert render_to_string("shared/base.html").count("<nav") == 1


def test_a_figure_that_changed_is_seen_at_once() -> None:
    figures = iter([1, 2])
    navigation.register("", "x", "X", "service:tasks", "users", set(), 3, lambda by: next(figures))
    assert '<span class="n">1</span>' in page(EMIL)
    assert '<span class="n">2</span>' in page(EMIL)


def test_what_is_kept_is_bounded() -> None:
    for number in range(kept.AT_MOST + 20):
        page(Asker(f"No. {number}", "officer", "personal", "oversight"))
    assert 0 < kept.written.cache_info().currsize <= kept.AT_MOST
