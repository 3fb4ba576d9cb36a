"""How pages are drawn: Jinja, told our filters, our parts and our words, one environment per language.

Everything is escaped unless it says that it is HTML. What a page was not told is drawn as nothing.
"""

from types import BuiltinMethodType, MethodType, SimpleNamespace
from typing import Any, Final, cast

import jinja2
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.backends.jinja2 import Jinja2
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import nodes

from regulars.desks.shared import draw
from regulars.desks.shared.customer_words import gap
from regulars.desks.shared.draw import icon
from regulars.desks.shared.filters import FILTERS
from regulars.desks.shared.kept import IN_A_FORM, kept
from regulars.desks.shared.settled import link_to, settled

#: Every public function of `draw.py`, and what is kept around a page.
DRAW: Final = SimpleNamespace(
    kept=kept, **{name: drawn for name, drawn in vars(draw).items() if name in draw.__all__}
)  # fmt: skip


def form_secret(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `csrf_token` and `csrf_input`, made when a page has a form, and the same in all its forms."""
    token = SimpleLazyObject(lambda: get_token(request))
    field = SimpleLazyObject(lambda: format_html(IN_A_FORM, token))
    return {"csrf_token": token, "csrf_input": field}


def said(text: str) -> str:
    """A sentence a page was told, in the language of its reader; unlike our own words it is not taken for HTML."""
    return gettext(text)


def spoken(value: object) -> object:
    """What stands in a page, unless it is a method nobody called: a template that names one is mistaken."""
    if isinstance(value, MethodType | BuiltinMethodType):
        raise TypeError(f"{value.__qualname__} is named in a template and not called")
    return value


class Environment(jinja2.Environment):
    """Jinja's own, with what is the same for all written out in the language of whoever asks first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a page was told goes before what a dict can do: `one.values` is the key of that name."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:  # fmt: skip
        return super()._generate(settled(source, self), name, filename, defer_init)


def environment(**options: Any) -> Environment:
    """The environment of one language."""
    made = Environment(
        **options | {"undefined": jinja2.ChainableUndefined, "finalize": spoken, "extensions": ["jinja2.ext.i18n"]},
        keep_trailing_newline=True,
    )
    words = cast(Any, made)  # the extension's own, unknown to its types
    words.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    made.filters |= FILTERS
    made.globals |= {
        "_": said, "current_language": get_language, "draw": DRAW, "gap": gap, "icon": icon, "link_to": link_to,
        "static": static,
    }  # fmt: skip
    return made


class Drawing(Jinja2):
    """Django's engine for Jinja with an environment for each language: a template is compiled in each."""

    app_dirname = "templates"

    def __init__(self, params: dict[str, Any]) -> None:
        self._spoken: dict[str | None, jinja2.Environment] = {}
        super().__init__(params)

    @property
    def env(self) -> jinja2.Environment:
        """The environment of the language that is active."""
        language = get_language()
        if language not in self._spoken:
            self._spoken[language] = self._first.overlay()
        return self._spoken[language]

    @env.setter
    def env(self, first: jinja2.Environment) -> None:
        self._first = first
