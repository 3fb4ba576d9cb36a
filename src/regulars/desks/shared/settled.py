"""Templates whose constant stretches are written once per language: a page has a hundred words, icons and addresses.

What a stretch says depends on nothing but the language: text, `{% translate "word" %}`, `{% static "file" %}`,
`{% url "page" %}` and `{% icon "name" %}` with nothing in them from the page. Neighbours become one piece of text, and
the rest of the template stays as Django compiled it. Measured: a fifth of a card's work, a third of the sign-in page's.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from django.template import Context, Origin, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable
from django.template.defaulttags import IfNode, LoadNode, URLNode
from django.template.library import InclusionNode, SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from regulars.desks.shared.templatetags.parts import coarse, gate_strip, icon, masked

#: Tags that draw the same from the same words, whoever looks.
SAME_FOR_ALL: Final = (icon, coarse, gate_strip, masked)


class Settling(base.Loader):
    """Settles each template before anybody renders it."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """The template of that name, compiled and settled."""
        template = super().get_template(template_name, skip)
        settle(template.nodelist)
        return template


class Loader(cached.Loader, Settling):
    """Django's cached loader, keeping settled templates."""


class Settled(Node):
    """A stretch that says the same on every page of a language."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.texts: dict[tuple[str | None, bool], SafeString] = {}

    def render_annotated(self, context: Context) -> SafeString:
        """The text in the language of the page, written when first asked for."""
        key = get_language(), context.autoescape
        if key not in self.texts:
            self.texts[key] = SafeString("".join(str(node.render_annotated(context)) for node in self.nodes))
        return self.texts[key]


def settle(nodes: NodeList) -> None:
    """In place, neighbours that are constant are one node from now on, at every depth."""
    for node in nodes:
        for within in _inside(node):
            settle(within)
    stretches = [(constant, list(stretch)) for constant, stretch in groupby(nodes, _is_constant)]
    nodes[:] = [node for constant, stretch in stretches for node in ([_settled(stretch)] if constant else stretch)]


def _settled(stretch: list[Node]) -> Node:
    """Text alone needs nobody to ask for the language."""
    told = [node for node in stretch if not isinstance(node, LoadNode)]
    if all(isinstance(node, TextNode) for node in told):
        return TextNode("".join(node.s for node in told if isinstance(node, TextNode)))
    return Settled(told)


def _inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _, nodes in node.conditions_nodelists)
        return
    found = (getattr(node, name, None) for name in node.child_nodelists)
    yield from (nodes for nodes in found if isinstance(nodes, NodeList))


def _is_constant(node: Any) -> bool:
    match node:
        case TextNode() | LoadNode():
            return True
        case TranslateNode():
            return node.asvar is None and _says_itself(node.filter_expression, node.message_context)
        case StaticNode():
            return node.varname is None and _says_itself(node.path)
        case URLNode():
            return node.asvar is None and not node.args and not node.kwargs and _says_itself(node.view_name)
        case SimpleNode():
            return node.func in SAME_FOR_ALL and node.target_var is None and _is_literal_call(node)
        case InclusionNode():
            return node.func in SAME_FOR_ALL and _is_literal_call(node)
    return False


def _is_literal_call(node: SimpleNode | InclusionNode) -> bool:
    return not node.kwargs and _says_itself(*node.args)


def _says_itself(*expressions: FilterExpression | None) -> bool:
    """Whether all are literals without a filter."""
    return all(one is None or (not one.filters and _is_literal(one.var)) for one in expressions)


def _is_literal(said: object) -> bool:
    return said.lookups is None if isinstance(said, Variable) else isinstance(said, str)
