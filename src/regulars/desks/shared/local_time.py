"""Days and hours are the company's: ten in the evening in Shanghai is today, whatever the server's clock says."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from regulars.records.company.access import company

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OnTheCompanysClock:
    """Middleware: while a page is drawn, moments are written as the clock on the company's wall shows them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(ZoneInfo(_zone())):
            return self.get_response(request)


def _zone() -> str:
    """The company's time zone. The page that says the database is away is drawn too: in UTC."""
    try:
        return company().timezone
    except DatabaseError:
        return "UTC"
