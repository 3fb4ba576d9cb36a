"""Constant stretches of templates are written once per language, and say what Django would have said."""

import pytest
from django.conf import settings
from django.template import Context, Engine
from django.template.base import TextNode
from django.utils.translation import override

from regulars.desks.shared.settled import Settled, settle

ENGINE = Engine(
    app_dirs=True,
    libraries={
        "i18n": "django.templatetags.i18n", "static": "django.templatetags.static",
        "parts": "regulars.desks.shared.templatetags.parts",
    }
)  # fmt: skip
LOADED = "{% load i18n static parts %}"


def drawn(source: str, **context: object) -> str:
    template = ENGINE.from_string(LOADED + source)
    settle(template.nodelist)
    return template.render(Context(context))


def as_django(source: str, **context: object) -> str:
    return ENGINE.from_string(LOADED + source).render(Context(context))


STRETCHES = (
    "plain", '<b>{% translate "Customers" %}</b>', '{% icon "eye" %}{% translate "Close" %}', '{% static "a.css" %}',
    '{% url "sign_in" %}', '{% icon "eye" "seen" %}', '{% translate "Left" context "funnel" %}', '{% masked "••••" %}',
    '{% if who %}{% translate "Close" %}, {{ who }}{% else %}{% translate "Customers" %}{% endif %}',
    '{% for one in many %}{% icon "x" %}{{ one }}{% translate "Close" %}{% empty %}{% icon "eye" %}{% endfor %}',
    '{% translate "Close" as said %}{{ said }}{% icon sign %}{% translate who %}',
    "{% autoescape off %}{% translate \"<b>\" %}{% endautoescape %}{% translate \"<b>\" %}",
    "{% with sign='check' %}{% icon sign %}{% endwith %}{% url 'sign_in' as there %}{{ there }}",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("source", STRETCHES)
def test_a_settled_template_says_what_django_says(source: str, language: str) -> None:
    for who in ("Ann", "<王芳>", ""):
        context = {"who": who, "many": ["1", "2"] if who else [], "sign": "heart"}
        with override(language):
            assert drawn(source, **context) == as_django(source, **context)


def test_one_template_speaks_each_readers_language() -> None:
    template = ENGINE.from_string(LOADED + '{% translate "Customers" %}')
    settle(template.nodelist)
    said = []
    for language in ("en", "zh-hans", "en"):
        with override(language):
            said.append(template.render(Context()))
    assert said == ["Customers", "客户", "Customers"]


def test_neighbours_become_one_and_text_stays_text() -> None:
    template = ENGINE.from_string(LOADED + '<p>{% icon "eye" %} {% translate "Close" %}</p>{{ who }}<hr>')
    settle(template.nodelist)
    first, _value, last = template.nodelist
    assert isinstance(first, Settled)
    assert isinstance(last, TextNode)


def test_every_template_of_ours_is_settled_by_the_loader() -> None:
    loader, _ = settings.TEMPLATES[0]["OPTIONS"]["loaders"][0]
    assert loader == "regulars.desks.shared.settled.Loader"
