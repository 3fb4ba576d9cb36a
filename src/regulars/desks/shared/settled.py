"""What a template says to everybody is said once per language: words, icons, addresses of pages and files.

A call with nothing in it from the page (`_("word")`, `icon("eye")`, `link_to("tasks")`, `static("a.css")`) is answered
while the template is compiled, and becomes one piece of text with what stands around it. Templates are therefore
compiled for each language (`drawing.py`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from regulars.desks.shared.addresses import address
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
    "_": _said, "gettext": _said, "pgettext": _said_of, "icon": icon, "link_to": link_to, "static": static,
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


def settled(template: nodes.Template) -> nodes.Template:
    """The template with what is constant in the language of the page written out."""
    written: nodes.Template = Settling().visit(template)
    return written
