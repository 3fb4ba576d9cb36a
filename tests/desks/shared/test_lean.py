"""Lean nodes draw what Django draws, whatever a name turns out to stand for, and fail where Django fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pytest
from django.template import Context, Engine, RequestContext
from django.template.base import NodeList, VariableNode
from django.template.defaulttags import ForNode, IfNode, URLNode
from django.template.loaders.locmem import Loader as Held
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, override
from hypothesis import given
from hypothesis import strategies as some

from regulars.desks.shared.lean import For, If, Include, Inclusion, Link, Said, Sentence, Simple, Word
from regulars.desks.shared.parts import Opening
from regulars.desks.shared.settled import settle

PARTS = {
    "line.html": "{% load parts %}<li>{{ one }}{{ said }}{% icon one.sign %}{{ forloop.counter }}</li>",
    "blocks.html": "[{% block page %}of its own {{ who }}{% endblock %}]",
    "in_blocks.html": '{% extends "blocks.html" %}{% block page %}{{ block.super }}+{{ who.name }}{% endblock %}',
    "nested.html": '{% translate "Close" as said %}{% include "line.html" %}{{ said }}{% csrf_token %}',
    "cycles.html": "{% cycle 'a' 'b' %}{{ who }}",
    "around.html": '{% include "tree.html" with many=many.0 only %}',
    "tree.html": '{% for one in many %}({% include "tree.html" with many=one %}){% endfor %}',
}
LIBRARIES = {
    "i18n": "django.templatetags.i18n", "static": "django.templatetags.static",
    "parts": "regulars.desks.shared.templatetags.parts", "figures": "regulars.desks.shared.templatetags.figures",
}  # fmt: skip
SECRET = {"csrf_token": "<secret>"}
LOADED = "{% load i18n static parts figures %}"


class Settling(Held):
    """Templates from memory, settled as ours are."""

    def get_template(self, template_name: str, skip: Any = None) -> Any:
        template = super().get_template(template_name, skip)
        settle(template.nodelist)
        return template


def engine(loader: str) -> Engine:
    shipped = "django.template.loaders.app_directories.Loader"
    return Engine(loaders=[(loader, PARTS), shipped], libraries=LIBRARIES)


PLAIN = engine("django.template.loaders.locmem.Loader")
LEAN = engine("tests.desks.shared.test_lean.Settling")


@dataclass(frozen=True, slots=True)
class Person:
    name: Any
    sign: str = "eye"
    more: Any = None

    @property
    def broken(self) -> str:
        raise AttributeError("inside")

    @property
    def gone(self) -> str:
        raise KeyError("inside")

    def called(self) -> str:
        return f"called <{self.name}>"

    def needs(self, word: str) -> str:
        return word

    def deletes(self) -> str:
        return "deleted"

    deletes.alters_data = True  # type: ignore[attr-defined]


class Silent(Exception):
    silent_variable_failure = True


class Odd:
    do_not_call_in_templates = True
    name = "a class"

    def __getitem__(self, name: str) -> str:
        if name == "name":
            raise Silent
        return f"item {name}"


class Pair(NamedTuple):
    name: str
    more: list[str]


class Stream:
    """Can be gone through, and nobody knows how long it is."""

    def __iter__(self) -> Iterator[Person]:
        return iter([Person("first"), Person("second")])

    def __repr__(self) -> str:
        return "a stream"


def made_here() -> str:
    return "made <here>"


def a_person() -> Person:
    return Person("made")


VALUES: tuple[Any, ...] = (
    *(Person(name) for name in (
        "Ann", "<王芳>", format_html("<b>{}</b>", "x&y"), None, 3, 1234567.891, Decimal("12.50"), True,
        date(2026, 3, 1),
        datetime(2026, 3, 1, 23, 30, tzinfo=UTC), gettext_lazy("Customers"), b"bytes", [1, "<2>"], Person("inner"),
        made_here, Odd,
    )),
    {"name": "in a mapping", "more": {"name": "deeper"}}, {"items": "not a method"}, {}, Pair("first", ["a", "b"]),
    ("zeroth", "first"), ["zeroth", Person("Bob")], "text", "", 0, None, Odd(), Odd, Person, a_person, Stream(),
    SimpleLazyObject(lambda: Person("<lazy>")), SimpleLazyObject(lambda: {"name": "lazy mapping"}),
    SimpleLazyObject(lambda: ("zeroth", "first")),
)  # fmt: skip

NAMES = (
    "name", "0", "1", "more", "more.name", "broken", "gone", "called", "needs", "deletes", "items", "nobody",
    "name.name",
)  # fmt: skip

SOURCES = tuple("""
{{ who }}
{{ who.NAME }}
{{ who.NAME|default:'–' }}
{{ nobody }}{{ nobody.NAME }}
{% if who.NAME %}yes {{ who.NAME }}{% elif who %}who{% else %}no{% endif %}
{% if not who.NAME %}not{% endif %}{% if who.NAME and who %}&{% endif %}{% if nobody or who.NAME %}or{% endif %}
{% if who.NAME == 'Ann' %}Ann{% endif %}{% if who.NAME != 3 %}other{% endif %}{% if who.NAME == no %}=={% endif %}
{% if who.NAME > 2 %}more{% endif %}{% if 'a' in who.NAME %}in{% endif %}{% if who.NAME is None %}nothing{% endif %}
{% if who.NAME|length > 1 %}long{% endif %}{% if who|default:nobody.x %}x{% endif %}
{% for one in who.NAME %}{{ forloop.counter }}/{{ forloop.revcounter }}{{ one }}{% empty %}nobody{% endfor %}
{% for one in many reversed %}{{ forloop.first }}{{ forloop.last }}{{ one }}{% endfor %}{{ one }}{{ forloop }}
{% for one in many %}{% for two in many %}{{ forloop.parentloop.counter0 }}{{ two }}{% endfor %}{% endfor %}
{% for a, b in pairs %}{{ a }}={{ b.NAME }}{{ forloop.counter }}{% endfor %}{{ a }}
{% for a, b in who.NAME %}{{ a }}{% endfor %}
{% for one in many %}{% include "line.html" %}{% endfor %}
{% include "line.html" with one=who said=who.NAME %}{{ one }}
{% include "nested.html" with one=who %}{{ said }}
{% include "blocks.html" %}{% include "in_blocks.html" %}
{% for one in many %}{% include "cycles.html" %}{% endfor %}
{% include "around.html" with many=deep %}
{% include "tree.html" with many=deep %}
{% extends "blocks.html" %}{% block page %}{% include "blocks.html" %}{{ who.NAME }}{% endblock %}
{% extends "in_blocks.html" %}{% block page %}{% include "in_blocks.html" %}{{ block.super }}{% endblock %}
{% translate "Close" as said %}{{ said }}{% translate "100%" as whole %}{{ whole }}{% translate who.NAME %}
{% blocktranslate %}no {{ who }} more{% endblocktranslate %}
{% blocktranslate with who=who.NAME trimmed %} last visit {{ who }} {% endblocktranslate %}
{% blocktranslate with when=who.NAME %}last visit {{ when }}{% endblocktranslate %}{{ when }}
{% blocktranslate with a=who asvar said %}100% {{ a }} {{ nobody }}{% endblocktranslate %}{{ said }}{{ a }}
{% blocktranslate count n=many|length %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
{% url "service:customer" number %}{% url "service:customer" who.NAME as there %}{{ there }}
{% url "service:customer" who %}
{% url "service:customer" number=number %}{% url "service:complaint" number 7 %}{% url "nowhere" 7 as a %}[{{ a }}]
{% url "service:customer" %}
{% icon who.NAME %}{% tag who.NAME %}{% tag label=who tone='ok' sign='eye' %}
{% coarse who.NAME %}{% masked who.NAME %}{% class_tag who.NAME %}
{% masked who.NAME opening key='k' %}{{ shown }}{{ csrf_token }}
{% note %}{{ who.NAME }}{% endnote %}{% with a=who.NAME %}{{ a }}{% endwith %}
{% autoescape off %}{{ who.NAME }}{% tag who.NAME %}{% url 'service:customer' who.NAME as t %}{{ t }}{% endautoescape %}
{% firstof nobody who.NAME 'x' as said %}{{ said }}{{ who.at|day }}
{% cycle 'a' who.NAME %}{% csrf_token %}{% if csrf_token %}{{ csrf_token }}{% endif %}
""".strip().splitlines())  # fmt: skip


def outcome(made_by: Engine, source: str, value: Any, *, plainly: bool) -> tuple[str, str]:
    """What is drawn, or the kind of failure."""
    around = {
        "who": value, "many": ["<1>", Person("2")], "number": "C-1",
        "pairs": [("x", Person("p")), ("y", {"name": "q"})],
        "deep": [[[], [[]]], []], "opening": Opening("Emil", "/open/", (("a", "A"),), "personal", "<x>"),
    }  # fmt: skip
    request = RequestFactory().get("/")
    try:
        template = made_by.from_string(source if "extends" in source else LOADED + source)
        if made_by is LEAN:
            settle(template.nodelist)
        return "drawn", template.render(
            Context(around) if plainly else RequestContext(request, around, [lambda request: SECRET])
        )
    except Exception as failure:  # noqa: BLE001  (whatever it is, it must be the same)
        return "failed", type(failure).__name__


@pytest.mark.parametrize("source", SOURCES)
def test_lean_nodes_draw_what_django_draws(source: str) -> None:
    for name in NAMES if "{{ who.NAME" in source else NAMES[:2]:
        asked = source.replace("NAME", name)
        for value, (language, plainly) in product(VALUES, (("en", True), ("zh-hans", False))):
            with override(language):
                drawn = outcome(LEAN, asked, value, plainly=plainly)
                assert drawn == outcome(PLAIN, asked, value, plainly=plainly), (asked, value)


TEXTS = some.one_of(some.text(max_size=8), some.text("<>&'\"a", max_size=8))
ANYTHING = some.recursive(
    some.one_of(TEXTS, some.integers(), some.none(), some.booleans(), some.floats(allow_nan=False)),
    lambda inner: some.one_of(
        some.lists(inner, max_size=3),
        some.dictionaries(some.sampled_from(["name", "more", "items", "0"]), inner, max_size=3),
        some.builds(Person, inner, more=inner),
        some.tuples(inner, inner),
    ),
    max_leaves=6,
)


@given(ANYTHING, some.sampled_from(SOURCES), some.sampled_from(NAMES))
def test_they_do_for_any_value(value: Any, source: str, name: str) -> None:
    asked = source.replace("NAME", name)
    assert outcome(LEAN, asked, value, plainly=False) == outcome(PLAIN, asked, value, plainly=False)


SENTENCE = "{% blocktranslate with when=1 %}last visit {{ when }}{% endblocktranslate %}"


def test_an_answer_is_drawn_in_the_language_of_its_reader() -> None:
    template = LEAN.from_string(LOADED + '{% translate "Close" as said %}{{ said }} ' + SENTENCE)
    settle(template.nodelist)
    said = []
    for language in ("en", "zh-hans", "en"):
        with override(language):
            said.append(template.render(Context()))
    assert said[0] == said[2] == "Close last visit 1"
    assert said[1] != said[0]


def test_a_failure_leaves_the_surrounding_as_it_was() -> None:
    template = LEAN.from_string(
        LOADED + '{% for one in many %}{% include "line.html" with said=who.gone %}{% endfor %}'
    )
    settle(template.nodelist)
    around = Context({"many": [1], "who": Person("Ann")})
    before = list(around.dicts)
    with pytest.raises(KeyError):
        template.render(around)
    assert around.dicts == before


def test_our_templates_are_lean() -> None:
    from django.template.loader import get_template

    def within(name: str) -> NodeList:
        return get_template(name).template.nodelist  # type: ignore[attr-defined, no-any-return]

    card, found = within("service/customer.html"), within("service/parts/found.html")
    for lean in (If, For, Include, Inclusion, Link, Said, Sentence, Simple, Word):
        assert card.get_nodes_by_type(lean)
    for kind, made in ((IfNode, If), (ForNode, For), (VariableNode, Said), (URLNode, Link)):
        assert all(isinstance(node, made) for node in [*card.get_nodes_by_type(kind), *found.get_nodes_by_type(kind)])
