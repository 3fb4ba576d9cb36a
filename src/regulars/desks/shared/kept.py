"""Stretches around a page that say the same on every page of a person: side bar, switches, help, her menu.

`{% kept %}…{% endkept %}` writes the stretch once for each frame and language. It sees the frame and nothing else of
the page, so that nothing from a customer's page can be kept in it: what a page has put into its context is not there.
Two things in such a stretch belong to one answer only, the form's secret and the address asked for. Marks that nobody
outside the process knows stand in their place, and each answer gets its own.

What is kept is found again by the whole frame: name, role, view, entries, figures, theme. Whoever differs in any of
it gets a stretch of her own. Measured: the frame was two of the five milliseconds in which a card is drawn.
"""

import secrets
from functools import lru_cache
from typing import Any, Final

from django.template import Context, Engine, Template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from regulars.desks.shared.frame import Frame

AT_MOST: Final = 200  # stretches of each kind in one process: some thousand letters each
SECRET: Final = secrets.token_hex(16)
ADDRESS: Final = secrets.token_hex(16)
NO_SECRET: Final = ("", "NOTPROVIDED")  # how Django says that a page has no session to protect


class Asked:
    """Stands in for the request while a stretch is written: it has an address, and that is only a mark."""

    def get_full_path(self) -> str:
        """Where the address will stand."""
        return ADDRESS


class Kept(Node):
    """A stretch drawn from the frame alone."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.written = lru_cache(AT_MOST)(self._write)

    def render(self, context: Context) -> SafeString:
        """The stretch for the frame of the page, with this answer's secret and address; plainly where no frame is."""
        frame = context.get("frame")
        if not isinstance(frame, Frame):
            return self.nodelist.render(context)
        secret, request = str(context.get("csrf_token", "")), context.get("request")
        text = self.written(frame.itself, get_language(), secret not in NO_SECRET, context.autoescape)
        address = conditional_escape(request.get_full_path()) if request else ""
        return SafeString(text.replace(SECRET, secret).replace(ADDRESS, address))

    def _write(self, frame: Frame, language: str | None, guarded: bool, autoescape: bool) -> str:
        """`language` is the one that is active: it is asked for so that each has its own."""
        around: dict[str, Any] = {"frame": frame, "request": Asked()} | ({"csrf_token": SECRET} if guarded else {})
        alone = Template("", engine=Engine.get_default())
        alone.nodelist = self.nodelist
        return str(alone.render(Context(around, autoescape=autoescape)))


def kept(parser: Parser, token: Token) -> Kept:
    """The tag."""
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist)
