"""What stands around every page: who looks, through which view, for which purpose, and where else one can go.

Every template gets one name, `frame`, put there by the context processor of the same name:

    frame.lens      view_label, purpose_label, absent_label, explanation       (None before sign-in)
    frame.nav       sections, each with label and items: key, label, url, icon, count, heed, current, tab, go
    frame.me        name, role_label, initial                                  (None before sign-in)
    frame.company   the company's name in the language of the page
    frame.language  "en" or "zh-hans"; frame.theme "auto", "light" or "dark"; frame.as_of when figures were computed
    frame.find_url  where the search box leads ("" hides the box); frame.demo whether everything here is invented

A page may say more precisely what is absent from it by putting `absent_label` into its own context
("5 masked"); the top bar prefers that to `frame.lens.absent_label`.

The person comes from `request.asker`, set by the sign-in middleware. What only the records know comes from the one
function handed to `learn_house_facts_from` at start-up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.connections.postgres.asking import Asking, along, begun, door, together
from regulars.desks.shared import navigation
from regulars.desks.shared.figures import number
from regulars.desks.shared.navigation import Section
from regulars.desks.shared.words import ABSENT, LENS_PURPOSES, ROLES, VIEWS, say
from regulars.rules.permission.asking import Asker

THEMES: Final = ("auto", "light", "dark")
THEME_COOKIE: Final = "theme"


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """What the frame shows and only the records know. `absent` is how many customers the view leaves out, if known."""

    company: str
    company_zh: str = ""
    absent: int | None = None
    as_of: datetime | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Lens:
    """Through which view, for which purpose, and what is therefore not here."""

    view_label: str
    purpose_label: str
    absent_label: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Me:
    """The person signed in; `initial` stands in the round mark instead of a photograph."""

    name: str
    role_label: str
    initial: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page; see the top of this module for how templates use it."""

    lens: Lens | None
    nav: tuple[Section, ...]
    me: Me | None
    company: str
    language: str
    theme: str
    as_of: datetime | None
    find_url: str
    demo: bool

    @property
    def itself(self) -> "Frame":
        """The frame that stands behind the one a template was promised."""
        return self


Around = tuple[HouseFacts, tuple[Section, ...]]
HouseFactsFor = Callable[[Asker | None], HouseFacts]


def _nobody_said(by: Asker | None) -> HouseFacts:
    return HouseFacts(company="Regulars", company_zh="熟客")


_house_facts: HouseFactsFor = _nobody_said


def learn_house_facts_from(source: HouseFactsFor) -> None:
    """From now on the frame asks `source` for the company's name, the absent customers and the freshness of figures.

    `source` is called once per whole page (with None before sign-in) and must answer from something already counted.
    """
    global _house_facts
    _house_facts = source


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: `frame`, drawn only if the template uses it, so that fragments pay nothing."""
    return {"frame": SimpleLazyObject(lambda: frame_of(request))}


@contextmanager
def asked_along(request: HttpRequest) -> Iterator[None]:
    """Within, what the frame asks goes with the questions of the page, if it is a page one reads and has a frame."""
    if request.method != "GET" or request.headers.get("HX-Request"):
        yield
        return
    with along(_around.asked(request.asker, request.path)) as told:  # type: ignore[attr-defined]
        request.around = told  # type: ignore[attr-defined]
        yield


def frame_of(request: HttpRequest) -> Frame:
    """The frame for this request, drawn for `request.asker`, or for nobody in particular before sign-in."""
    by: Asker | None = getattr(request, "asker", None)
    told: Callable[[], Around] | None = getattr(request, "around", None)
    facts, sections = told() if told else _around(by, request.path)
    language = get_language() or "en"
    return Frame(
        lens=lens_of(by, facts.absent) if by else None,
        nav=sections,
        me=me_of(by) if by else None,
        company=(facts.company_zh or facts.company) if language.startswith("zh") else facts.company,
        language=language,
        theme=theme_of(request),
        as_of=facts.as_of,
        find_url=navigation.url_of("customers", by) if by else "",
        demo=facts.demo,
    )


@door
def _around(by: Asker | None, path: str) -> Asking[Around]:
    facts, sections = yield from together(begun(_house_facts, by), _sections_for.asked(by, path))
    return facts, sections


@door
def _sections_for(by: Asker | None, path: str) -> Asking[tuple[Section, ...]]:
    sections: tuple[Section, ...] = (yield from navigation.sections_for.asked(by, path)) if by else ()
    return sections


def theme_of(request: HttpRequest) -> str:
    """The theme the reader chose earlier, from the cookie; "auto" follows the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def lens_of(by: Asker, absent: int | None) -> Lens:
    """The lens in words. A known number of absent customers replaces the general sentence of the view."""
    return Lens(
        view_label=say(VIEWS, by.view),
        purpose_label=say(LENS_PURPOSES, by.purpose),
        absent_label=_absent(absent) if absent else say(ABSENT, by.view) if by.view in ABSENT else "",
        explanation=_(
            "What you do not see, the database did not hand out; the page hides nothing. "
            "The purpose belongs to your login and cannot be switched."
        ),
    )


def _absent(absent: int) -> str:
    words = ngettext("%(people)s not shown", "%(people)s not shown", absent)
    return words % {"people": number(absent)}


def me_of(by: Asker) -> Me:
    """The person's name, role in words, and the one character that stands for them."""
    name = by.called(get_language() or "en")
    return Me(name, say(ROLES, by.role), initial_of(name))


def initial_of(name: str) -> str:
    """The first letter or character of a name, as a capital; a dash for an empty one.

    >>> initial_of("dora"), initial_of("王芳"), initial_of(" ")
    ('D', '王', '–')
    """
    return name.strip()[:1].upper() or "–"
