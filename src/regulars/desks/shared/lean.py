"""Nodes that draw what Django's own draw, with less asking: names, conditions, loops, parts and our tags.

Django looks for each name anew in every way a name can be meant, and lays out a whole surrounding for each part that a
page includes. Nearly always the name is a key of the page and then an attribute of one of our dataclasses, its value
is text, and the part reads what its page reads. That is looked for here first. Whatever is meant otherwise (a method,
a key of a mapping of another kind, a name that is not there, a number to be written for its country) goes the way
Django goes, from the beginning: the node it stands for is asked, so nothing here can say anything else than Django
would.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from operator import eq, ne
from typing import Any, Final, cast

from django.template import Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    Variable,
    VariableDoesNotExist,
    VariableNode,
)  # fmt: skip
from django.template.base import render_value_in_context as written
from django.template.defaulttags import (
    CommentNode,
    CsrfTokenNode,
    FirstOfNode,
    ForNode,
    IfNode,
    LoadNode,
    TemplateLiteral,
    URLNode,
)
from django.template.library import InclusionNode, SimpleNode
from django.template.loader_tags import IncludeNode
from django.template.smartif import OPERATORS
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.urls import NoReverseMatch
from django.utils.functional import SimpleLazyObject
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from regulars.desks.shared.addresses import address

Reading = Callable[[Any], Any]
Drawing = Callable[[Any], str]

OPERATOR_OF: Final = {kind: name for name, kind in OPERATORS.items()}
SECRET: Final = "csrf_token"  # noqa: S105  (its name)
COMPARED: Final[dict[str, Callable[[Any, Any], Any]]] = {"==": eq, "!=": ne}


def reading(expression: FilterExpression, *, perhaps: bool = False) -> Reading:
    """How to read what an expression says; `perhaps` reads None, not the empty text, where nothing of the name is."""
    plainly: Reading = partial(expression.resolve, ignore_failures=True) if perhaps else expression.resolve
    said = expression.var
    if expression.filters or (isinstance(said, Variable) and said.translate):
        return plainly
    if not isinstance(said, Variable):
        return lambda context: said
    if said.lookups is None:
        literal = said.literal
        return lambda context: literal
    return _name(said.lookups[0], said.lookups[1:], plainly)


def _name(first: str, rest: tuple[str, ...], plainly: Reading) -> Reading:
    """`rest` are the names after the dots, in their order."""

    def read(context: Any) -> Any:
        for names in reversed(context.dicts):
            if first in names:
                value = names[first]
                break
        else:
            return plainly(context)
        if callable(value):
            return plainly(context)
        for name in rest:
            try:
                value = _step(value, name)
            except Exception:  # noqa: BLE001  (Django says what it was)
                return plainly(context)
            if callable(value):
                return plainly(context)
        return value

    return read


def _step(value: Any, name: str) -> Any:
    """What stands under the name; raises where only Django knows what could be meant."""
    kind = type(value)
    if kind is SimpleLazyObject:
        kind = value.__class__  # of what it stands for
    if not hasattr(kind, "__getitem__"):
        return getattr(value, name)
    if kind is dict:
        return value[name]
    if kind is tuple or kind is list:
        return value[int(name)]
    raise LookupError(name)


class Constant(Node):
    """A stretch that says the same on every page of a language."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.texts: dict[tuple[str | None, bool], SafeString] = {}

    def render_annotated(self, context: Any) -> SafeString:
        """The text in the language of the page, written when first asked for."""
        key = get_language(), context.autoescape
        if key not in self.texts:
            self.texts[key] = SafeString("".join(str(node.render_annotated(context)) for node in self.nodes))
        return self.texts[key]


class Said(VariableNode):
    """`{{ name }}`."""

    def __init__(self, node: VariableNode) -> None:
        super().__init__(node.filter_expression)
        self.read = reading(node.filter_expression)

    def render(self, context: Any) -> str:
        """The value as text, escaped unless it is markup of ours."""
        try:
            return text_of(self.read(context), context)
        except UnicodeDecodeError:
            return ""

    render_annotated = render


def text_of(value: Any, context: Any) -> str:
    """The value as it stands on the page: most are plain text, some are markup of ours."""
    kind = type(value)
    if kind is str and context.autoescape:
        return escape(value)
    return value if kind is SafeString else str(written(value, context))


def asking(condition: Any) -> Reading:
    """How to find out whether a condition of `{% if %}` holds."""
    if isinstance(condition, TemplateLiteral):
        return reading(cast(FilterExpression, condition.value), perhaps=True)
    name = OPERATOR_OF.get(type(condition))
    if name == "not":
        return _not(asking(condition.first))
    if name == "and":
        return _and(asking(condition.first), asking(condition.second))
    if name == "or":
        return _or(asking(condition.first), asking(condition.second))
    if name in COMPARED:
        return _compared(COMPARED[name], asking(condition.first), asking(condition.second))
    return condition.eval  # type: ignore[no-any-return]


# A condition that cannot be answered is answered with no, here as in Django.
def _not(one: Reading) -> Reading:
    def ask(context: Any) -> Any:
        try:
            return not one(context)
        except Exception:  # noqa: BLE001
            return False

    return ask


def _and(one: Reading, other: Reading) -> Reading:
    def ask(context: Any) -> Any:
        try:
            return one(context) and other(context)
        except Exception:  # noqa: BLE001
            return False

    return ask


def _or(one: Reading, other: Reading) -> Reading:
    def ask(context: Any) -> Any:
        try:
            return one(context) or other(context)
        except Exception:  # noqa: BLE001
            return False

    return ask


def _compared(compare: Callable[[Any, Any], Any], one: Reading, other: Reading) -> Reading:
    def ask(context: Any) -> Any:
        try:
            return compare(one(context), other(context))
        except Exception:  # noqa: BLE001
            return False

    return ask


class If(IfNode):
    """`{% if %}` with its other branches."""

    def __init__(self, node: IfNode) -> None:
        super().__init__(node.conditions_nodelists)
        self.branches = [(asking(one) if one is not None else _always, drawings(nodes)) for one, nodes in self.told()]

    def told(self) -> Iterable[tuple[Any, NodeList]]:
        """Each condition with what is drawn when it holds; None stands for `{% else %}`."""
        return self.conditions_nodelists

    def render(self, context: Any) -> str:
        """What stands under the first condition that holds."""
        for ask, draws in self.branches:
            try:
                holds = ask(context)
            except VariableDoesNotExist:
                continue
            if holds:
                return "".join([draw(context) for draw in draws])
        return ""

    render_annotated = render


class For(ForNode):
    """`{% for %}`."""

    def __init__(self, node: ForNode) -> None:
        super().__init__(node.loopvars, node.sequence, node.is_reversed, node.nodelist_loop, node.nodelist_empty)
        self.read = reading(cast(FilterExpression, node.sequence), perhaps=True)
        self.draws, self.otherwise = drawings(node.nodelist_loop), drawings(self.nodelist_empty)

    def render(self, context: Any) -> str:
        """The part once for each value."""
        around = context.get("forloop", {})
        context.dicts.append({})
        try:
            values = self.read(context)
            values = [] if values is None else values if hasattr(values, "__len__") else list(values)
            if len(values) < 1:
                return "".join([draw(context) for draw in self.otherwise])
            return "".join(self._drawn(context, values, around))
        finally:
            context.dicts.pop()

    render_annotated = render

    def _drawn(self, context: Any, values: Any, around: Any) -> list[str]:
        drawn: list[str] = []
        names, last, draws = context.dicts[-1], len(values) - 1, self.draws
        where = names["forloop"] = {"parentloop": around}
        for place, value in enumerate(reversed(values) if self.is_reversed else values):
            where.update(
                counter0=place, counter=place + 1, revcounter=last - place + 1, revcounter0=last - place,
                first=place == 0, last=place == last,
            )  # fmt: skip
            if len(self.loopvars) > 1:
                context.dicts.append(self._unpacked(value))
                drawn += [draw(context) for draw in draws]
                context.dicts.pop()
            else:
                names[self.loopvars[0]] = value
                drawn += [draw(context) for draw in draws]
        return drawn

    def _unpacked(self, value: Any) -> dict[str, Any]:
        values = value if hasattr(value, "__len__") else (value,)
        if len(values) != len(self.loopvars):
            raise ValueError(f"Need {len(self.loopvars)} values to unpack in for loop; got {len(values)}. ")
        return dict(zip(self.loopvars, value, strict=False))


class Include(IncludeNode):
    """`{% include "a part" %}`: found once, and drawn in the page's own surrounding unless it keeps something there."""

    def __init__(self, node: IncludeNode) -> None:
        super().__init__(node.template, extra_context=node.extra_context)
        self.reads = [(name, reading(said)) for name, said in node.extra_context.items()]
        self.part: Part | None = None

    def render(self, context: Any) -> Any:
        """The part, with the names given to it."""
        part = self.part = self.part or Part(context.template.engine.get_template(self.template.var))
        context.dicts.append({name: read(context) for name, read in self.reads})
        try:
            return part.drawn(context)
        finally:
            context.dicts.pop()

    render_annotated = render


class Part:
    """A template drawn within another."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.draws = drawings(template.nodelist) if keeps_nothing(template.nodelist) else None

    def drawn(self, context: Any) -> str:
        """Its text; a part with blocks, a part of a part of Django's or the like gets the state Django gives it."""
        if self.draws is None:
            return str(self.template.render(context))
        return "".join([draw(context) for draw in self.draws])


class Inclusion(InclusionNode):
    """One of our tags that has a template: it sees what the tag hands out, and the form's secret, and nothing else."""

    def __init__(self, node: InclusionNode) -> None:
        super().__init__(node.func, node.takes_context, node.args, node.kwargs, node.filename)
        self.reads, self.named = readings(node)
        self.part: Part | None = None

    def render(self, context: Any) -> str:
        """The tag's template, drawn alone."""
        part = self.part = self.part or Part(context.template.engine.get_template(self.filename))
        if part.draws is None:
            return str(super().render(context))
        seen = self.func(*[read(context) for read in self.reads], **{name: read(context) for name, read in self.named})
        secret = context.get("csrf_token")
        around, context.dicts = context.dicts, [context.dicts[0], seen if secret is None else {**seen, SECRET: secret}]
        try:
            return part.drawn(context)
        finally:
            context.dicts = around

    render_annotated = render


class Simple(SimpleNode):
    """One of our tags that writes its text itself."""

    def __init__(self, node: SimpleNode) -> None:
        super().__init__(node.func, node.takes_context, node.args, node.kwargs, node.target_var)
        self.reads, self.named = readings(node)

    def render(self, context: Any) -> str:
        """What the tag says; nothing where it is only given a name."""
        told = self.func(*[read(context) for read in self.reads], **{name: read(context) for name, read in self.named})
        if self.target_var is not None:
            context[self.target_var] = told
            return ""
        return told if type(told) is SafeString or not context.autoescape else conditional_escape(told)

    render_annotated = render


def readings(node: SimpleNode | InclusionNode) -> tuple[list[Reading], list[tuple[str, Reading]]]:
    """How to read what is handed to a tag, in its order and by name."""
    return [reading(one) for one in node.args], [(name, reading(one)) for name, one in node.kwargs.items()]


class Word(TranslateNode):
    """`{% translate "word" as name %}`: the word of each language, looked up once."""

    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, node.asvar, node.message_context)
        self.words: dict[tuple[str | None, bool], Any] = {}

    def render(self, context: Any) -> str:
        """Nothing; from here on the page knows the word by its name."""
        key = get_language(), context.autoescape
        if key not in self.words:
            super().render(context)
            self.words[key] = context[self.asvar]
        context[self.asvar] = self.words[key]
        return ""

    render_annotated = render


class Sentence(BlockTranslateNode):
    """`{% blocktranslate %}` without a plural: the sentence of each language, looked up once."""

    def __init__(self, node: BlockTranslateNode) -> None:
        super().__init__(node.extra_context, node.singular, trimmed=node.trimmed, asvar=node.asvar)
        self.reads = [(name, reading(said)) for name, said in node.extra_context.items()]
        self.words, self.names = self.render_token_list(node.singular)
        self.sentences: dict[str | None, str] = {}

    def render(self, context: Any, nested: bool = False) -> str:
        """The sentence with its values; what does not fit together is said as Django says it."""
        if nested:
            return str(super().render(context, nested))
        language = get_language()
        if language not in self.sentences:
            self.sentences[language] = gettext(self.words)
        try:
            said = self.sentences[language] % self._values(context)
        except (KeyError, ValueError):
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = SafeString(said)
            return ""
        return said

    render_annotated = render

    def _values(self, context: Any) -> dict[str, str]:
        context.dicts.append({name: read(context) for name, read in self.reads})
        try:
            return {name: text_of(context[name], context) for name in self.names}
        finally:
            context.dicts.pop()


class Link(URLNode):
    """`{% url "page" value %}`."""

    def __init__(self, node: URLNode) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        self.page = node.view_name.var
        self.reads = [reading(one) for one in node.args]

    def render(self, context: Any) -> str:
        """The address of the page with these values in it."""
        try:
            url = address(self.page, *[read(context) for read in self.reads], within=_within(context))
        except NoReverseMatch:
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = url
            return ""
        return escape(url) if context.autoescape else url

    render_annotated = render


def _within(context: Any) -> str | None:
    """The part of the site in which the page was asked for."""
    request = getattr(context, "request", None)
    try:
        return request.current_app  # type: ignore[union-attr, no-any-return]
    except AttributeError:
        return getattr(getattr(request, "resolver_match", None), "namespace", None)


def drawings(nodes: Iterable[Any]) -> tuple[Drawing, ...]:
    """How to draw each of these nodes."""
    return tuple(node.render_annotated for node in nodes)


def keeps_nothing(nodes: Iterable[Node]) -> bool:
    """Whether none of them keeps anything with the template it stands in, at any depth."""
    return all(_keeps_nothing(node) for node in nodes)


def _keeps_nothing(node: Any) -> bool:
    if not isinstance(node, ALONE):
        return False
    inside = (getattr(node, name, None) for name in node.child_nodelists)
    return isinstance(node, Include | Inclusion) or all(keeps_nothing(nodes) for nodes in inside if nodes)


#: Nodes that need nothing of the template around them. What has a template of its own looks after it itself.
ALONE: Final = (
    TextNode, VariableNode, If, For, Include, Inclusion, SimpleNode, TranslateNode, BlockTranslateNode, URLNode,
    CsrfTokenNode, FirstOfNode, LoadNode, CommentNode, Constant,
)  # fmt: skip


def lean(node: Any) -> Node:
    """The node that draws the same with less asking, or the node itself."""
    made = LEAN.get(type(node))
    if made is None or not made[0](node):
        return node  # type: ignore[no-any-return]
    drawing = made[1](node)
    drawing.token, drawing.origin = node.token, node.origin
    return drawing  # type: ignore[no-any-return]


def _always(node: Any) -> bool:
    return True


def _names_its_part(node: IncludeNode) -> bool:
    name = node.template
    return not node.isolated_context and not name.filters and isinstance(name.var, str) and name.var[:1] != "."


def _names_its_template(node: InclusionNode) -> bool:
    return isinstance(node.filename, str) and not node.takes_context


def _sees_nothing(node: SimpleNode) -> bool:
    return not node.takes_context


def _is_a_word(node: TranslateNode) -> bool:
    return bool(node.asvar) and says_itself(node.filter_expression, node.message_context)


def _is_a_sentence(node: BlockTranslateNode) -> bool:
    return not node.plural and node.message_context is None and node.countervar is None


def _names_its_page(node: URLNode) -> bool:
    return not node.kwargs and not node.view_name.filters and isinstance(node.view_name.var, str)


def says_itself(*expressions: FilterExpression | None) -> bool:
    """Whether all are literals without a filter."""
    return all(one is None or (not one.filters and _is_literal(one.var)) for one in expressions)


def _is_literal(said: object) -> bool:
    return said.lookups is None if isinstance(said, Variable) else isinstance(said, str)


#: For each kind of node: whether this one can be drawn so, and how.
LEAN: Final[Mapping[type, tuple[Callable[[Any], bool], Callable[[Any], Any]]]] = {
    VariableNode: (_always, Said), IfNode: (_always, If), ForNode: (_always, For),
    IncludeNode: (_names_its_part, Include), InclusionNode: (_names_its_template, Inclusion),
    SimpleNode: (_sees_nothing, Simple), TranslateNode: (_is_a_word, Word),
    BlockTranslateNode: (_is_a_sentence, Sentence), URLNode: (_names_its_page, Link),
}  # fmt: skip
