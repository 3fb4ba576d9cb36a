"""What is constant in a template is written out once per language, and says what it would say if it were asked."""

import jinja2
import pytest
from django.template import engines
from django.utils.translation import gettext, override
from jinja2 import nodes
from markupsafe import Markup

from regulars.desks.shared.settled import settled

STRETCHES = (
    "plain", '<b>{{ _("Customers") }}</b>', '{{ icon("eye") }}{{ _("Close") }}', '{{ static("a.css") }}',
    '{{ link_to("sign_in") }}', '{{ icon("eye", "seen") }}', '{{ pgettext("funnel", "Left") }}', '{{ _("50%%") }}',
    '{% if who %}{{ _("Close") }}, {{ who }}{% else %}{{ _("Customers") }}{% endif %}',
    '{% for one in many %}{{ icon("x") }}{{ one }}{{ _("Close") }}{% else %}{{ icon("eye") }}{% endfor %}',
    '{% set said = _("Close") %}{{ said }}{{ icon(sign) }}{{ draw.tag(_("Close"), "ok") }}', '{{ _("<b>") }}',
    "{% trans who=who %}Hello {{ who }}{% endtrans %}{% trans %}<b>100%</b>{% endtrans %}",
    '{% trans n=175 %}{{ n }} task{% pluralize n %}{{ n }} tasks{% endtrans %}',
)  # fmt: skip


def drawing() -> jinja2.Environment:
    environment: jinja2.Environment = engines["drawing"].env  # type: ignore[attr-defined]
    return environment


def said(text: str) -> Markup:
    return Markup(gettext(text)) % ()  # noqa: S704  a test's own words


def unsettled() -> jinja2.Environment:
    """The same words, filters and parts, answered while the page is drawn."""
    plain = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    plain.filters, plain.globals = drawing().filters, drawing().globals | {"_": said}
    plain.newstyle_gettext = True  # type: ignore[attr-defined]
    return plain


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("source", STRETCHES)
def test_a_settled_template_says_what_it_says_unsettled(source: str, language: str) -> None:
    for who in ("Ann", "<王芳>", ""):
        page = {"who": who, "many": ["1", "2"] if who else [], "sign": "heart"}
        with override(language):
            assert drawing().from_string(source).render(page) == unsettled().from_string(source).render(page)


def test_one_template_speaks_each_readers_language() -> None:
    said = []
    for language in ("en", "zh-hans", "en"):
        with override(language):
            said.append(engines["drawing"].from_string('{{ _("Customers") }}').render())
    assert said == ["Customers", "客户", "Customers"]


def test_each_language_has_its_own_compiled_templates() -> None:
    with override("en"):
        english = drawing().get_template("404.html")
    with override("zh-hans"):
        assert drawing().get_template("404.html") is not english
    with override("en"):
        assert drawing().get_template("404.html") is english


def test_only_what_has_nothing_of_the_page_in_it_is_written_out() -> None:
    source = '{{ _("Close") }}{{ icon("eye") }}{{ icon(sign) }}{{ _(who) }}{{ link_to("service:customer", number) }}'
    calls = settled(drawing().parse(source)).find_all(nodes.Call)
    assert [call.args[-1].name for call in calls if isinstance(call.args[-1], nodes.Name)] == ["sign", "who", "number"]


def test_what_a_page_tells_is_escaped_and_what_it_does_not_tell_is_nothing() -> None:
    ways = "{{ who }}{{ _(who) }}{% trans who=who %}{{ who }}{% endtrans %}{{ draw.tag(who) }}{{ nobody.name.first }}"
    drawn = engines["drawing"].from_string(ways).render({"who": "<script>"})
    assert drawn.count("&lt;script&gt;") == 4
    assert "<script>" not in drawn


def test_what_was_told_goes_before_what_a_dict_can_do() -> None:
    assert engines["drawing"].from_string("{{ one.values }}").render({"one": {"values": 3}}) == "3"


def test_a_method_nobody_calls_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="not called"):
        engines["drawing"].from_string("{{ who.upper }}").render({"who": "Ann"})


PARTS = {
    "line.html": "<li>{{ one.name }}{% include 'mark.html' %}</li>",
    "mark.html": "{% if one.new %}*{% endif %}",
    "plain.html": "<hr>",
    "own.html": "{% set name = 'hers' %}{{ name }}",
    "round.html": "{% if deep %}{% with deep = deep - 1 %}{% include 'round.html' %}{% endwith %}{% endif %}.",
}


INCLUDED = (
    "{% for one in many %}{% include 'line.html' %}{% endfor %}",
    "{% set name = 'his' %}{% include 'own.html' %}{{ name }}",
    "{% include 'round.html' %}",
    "{% for one in many %}{% include ['absent.html', 'mark.html'] %}{% endfor %}",
    "{% include 'plain.html' without context %}",
    "{% include 'absent.html' ignore missing %}-",
    "{% for one in many %}{% include 'mark.html' %}{{ one.name }}{% endfor %}{{ one }}",
)


@pytest.mark.parametrize("source", INCLUDED)
def test_a_part_says_the_same_where_it_is_included(source: str) -> None:
    many = [{"name": "<Ann>", "new": True}, {"name": "Bob"}]
    inlined, plain = (made.overlay(loader=jinja2.DictLoader(PARTS)) for made in (drawing(), unsettled()))
    page = {"many": many, "deep": 3}
    assert inlined.from_string(source).render(page) == plain.from_string(source).render(page)
