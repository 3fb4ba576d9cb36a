"""Stretches around a page that say the same on every page of a person: side bar, switches, help, her menu.

`{{ draw.kept("shared/parts/side.html") }}` writes a template once for each frame and language. It is told the frame and
nothing else of the page, so that nothing from a customer's page can be kept in it. Two things in such a stretch belong
to one answer only, the form's secret and the address asked for. Marks that nobody outside the process knows stand in
their place, and each answer gets its own.

What is kept is found again by the whole frame: name, role, view, entries, figures, theme. Whoever differs in any of
it gets a stretch of her own.
"""

import secrets
from functools import lru_cache
from typing import Any, Final

from django.utils.html import conditional_escape, format_html
from django.utils.translation import get_language
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from regulars.desks.shared.frame import Frame

AT_MOST: Final = 600  # stretches in one process: some thousand letters each
SECRET: Final = secrets.token_hex(16)
ADDRESS: Final = secrets.token_hex(16)
IN_A_FORM: Final = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'


class Asked:
    """Stands in for the request while a stretch is written: it has an address, and that is only a mark."""

    def get_full_path(self) -> str:
        """Where the address will stand."""
        return ADDRESS


@pass_context
def kept(context: Context, template: str) -> Markup:
    """The stretch for the frame of the page, with this answer's secret and address; plainly where no frame is."""
    frame, request = context.get("frame"), context.get("request")
    if not isinstance(frame, Frame):
        return Markup(context.environment.get_template(template).render(context.get_all()))  # noqa: S704  as there
    text = written(context.environment, template, frame.itself, get_language(), request is not None)
    secret, address = str(context.get("csrf_token", "")), conditional_escape(request.get_full_path() if request else "")
    return Markup(text.replace(SECRET, secret).replace(ADDRESS, address))  # noqa: S704  escaped where it was written


@lru_cache(AT_MOST)
def written(environment: Environment, template: str, frame: Frame, language: str | None, guarded: bool) -> str:
    """The stretch with marks in it; `language` is the one that is active: each has its own."""
    around: dict[str, Any] = {"frame": frame, "request": Asked()}
    secret = {"csrf_token": SECRET, "csrf_input": format_html(IN_A_FORM, SECRET)} if guarded else {}
    return environment.get_template(template).render(around | secret)
