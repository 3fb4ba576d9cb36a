"""Days and hours are the company's: ten in the evening in Shanghai is today, whatever the server's clock says."""

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from regulars.records.company.access import company

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ASKED_EVERY: Final = 60


class OnTheCompanysClock:
    """Middleware: while a page is drawn, moments are written as the clock on the company's wall shows them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(ZoneInfo(_zone())):
            return self.get_response(request)


def _zone() -> str:
    """The company's time zone; it moves so seldom that a minute's delay is none.

    The page that says the database is away is drawn too: in UTC.
    """
    try:
        return str(cache.get_or_set("company_timezone", lambda: company().timezone, ASKED_EVERY))
    except DatabaseError:
        return "UTC"
