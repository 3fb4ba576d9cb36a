"""What a template says to everybody is said once per language: words, icons, addresses of pages and files.

A call with nothing in it from the page (`_("word")`, `icon("eye")`, `link_to("tasks")`, `static("a.css")`) is answered
while the template is compiled, and becomes one piece of text with what stands around it. Templates are therefore
compiled for each language (`drawing.py`).

A part that is included is written where it is included: a line of a timeline is not looked for, and told all that the
page was told, once for each line.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from jinja2 import BaseLoader, Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from regulars.desks.shared.addresses import address
from regulars.desks.shared.customer_words import gap
from regulars.desks.shared.draw import icon


def link_to(page: str, *parts: Any, **named: Any) -> str:
    """The address of a page of ours."""
    return reverse(page, args=parts, kwargs=named) if named else address(page, *parts)


def _said(text: str, **filled: object) -> Markup:
    return Markup(gettext(text)) % filled  # noqa: S704  our own words, in our own translation


def _said_of(context: str, text: str, **filled: object) -> Markup:
    return Markup(pgettext(context, text)) % filled  # noqa: S704  likewise


#: Calls that are answered alike whoever looks, as long as she reads the same language.
SAME_FOR_ALL: Final[Mapping[str, Callable[..., str]]] = {
    "_": _said, "gettext": _said, "gap": gap, "pgettext": _said_of, "icon": icon, "link_to": link_to, "static": static,
}  # fmt: skip


class Settling(NodeTransformer):
    """Puts the answers in the place of such calls."""

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802  named by Jinja
        """The answer as a constant, or the call itself where something of the page is in it."""
        self.generic_visit(call)
        answer = SAME_FOR_ALL.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        given = [*call.args, *(keyword.value for keyword in call.kwargs)]
        if answer is None or call.dyn_args or call.dyn_kwargs or not all(isinstance(one, nodes.Const) for one in given):
            return call
        named = {keyword.key: keyword.value.as_const() for keyword in call.kwargs}
        return nodes.Const(answer(*(one.as_const() for one in call.args), **named), lineno=call.lineno)


#: What has names or blocks of its own is not the same in another place.
OF_ITS_OWN: Final[tuple[type[nodes.Node], ...]] = (
    nodes.Assign, nodes.AssignBlock, nodes.Block, nodes.Extends, nodes.FromImport, nodes.Import, nodes.Macro,
)  # fmt: skip


class Inlining(NodeTransformer):
    """Puts parts in the place where they are included; `within` are those it stands in, so that none goes round."""

    def __init__(self, environment: Environment, within: frozenset[str] = frozenset()) -> None:
        self._environment, self._within = environment, within

    def visit_Include(self, include: nodes.Include) -> nodes.Node | list[nodes.Node]:  # noqa: N802  named by Jinja
        """What stands in the part, or the include itself where it would not mean the same."""
        name = include.template.value if isinstance(include.template, nodes.Const) else None
        if not isinstance(name, str) or name in self._within or include.ignore_missing or not include.with_context:
            return include
        part = self._part(name)
        return include if any(map(part.find, OF_ITS_OWN)) else part.body

    def _part(self, name: str) -> nodes.Template:
        source, _file, _fresh = cast(BaseLoader, self._environment.loader).get_source(self._environment, name)
        part: nodes.Template = Inlining(self._environment, self._within | {name}).visit(
            self._environment.parse(source, name)
        )
        return part


def settled(template: nodes.Template, environment: Environment | None = None) -> nodes.Template:
    """The template with its parts, and with what is constant in the language of the page, written out."""
    whole = Inlining(environment).visit(template) if environment and environment.loader else template
    written: nodes.Template = Settling().visit(whole)
    return written
