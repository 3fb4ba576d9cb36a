"""Refusals and mistakes become pages in the reader's words: 403 Denied, 404 NotThere, 400 BadInput, 405 only forms,
429 wait a moment, 503 no database.
"""

from collections.abc import Callable

from django.contrib import messages
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.shortcuts import redirect, render

from regulars.desks.shared.mistakes import sentence_for
from regulars.rules.permission.errors import BadInput, Denied, NotThere, RegularsError

STATUS: dict[type[RegularsError], int] = {Denied: 403, NotThere: 404, BadInput: 400}
TOO_MANY = 429
#: What waits for a second person was not refused: it stands among the proposals.
WAITS = "waits_for_second"
#: A NUL, half a character or a number beyond all measure: PostgreSQL, or the way there, takes none of them.
NOT_KEEPABLE = (DataError, UnicodeEncodeError)
Answer = Callable[[HttpRequest], HttpResponse]


class SaidInWords:
    """Middleware: an error of our own family is told in a page; a database that is away is told as such."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        return _told(request, answer) if isinstance(answer, HttpResponseNotAllowed) and not answer.content else answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for this error, or None to let Django tell it."""
        if isinstance(error, OperationalError | InterfaceError):
            return render(request, "503.html", status=503)
        if isinstance(error, NOT_KEEPABLE):
            error = BadInput("not_keepable")
        if isinstance(error, UnreadablePostError):
            error = BadInput("broken_off_on_the_way")
        if not isinstance(error, RegularsError):
            return None
        if error.code == WAITS:
            messages.info(request, sentence_for(error))
            return redirect("privacy_office:approvals")
        told = {"code": error.code, "values": error.values, "sentence": sentence_for(error)}
        answer = render(request, f"{status_of(error)}.html", told, status=status_of(error))
        if seconds := wait_of(error):
            answer.headers["Retry-After"] = seconds
            if request.method == "GET":
                answer.headers["Refresh"] = seconds
        return answer


def _told(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """An address that only takes forms, looked at: a page instead of the browser's own, with the methods it takes."""
    page = render(request, "405.html", status=answer.status_code)
    page.headers["Allow"] = answer.headers["Allow"]
    return page


def status_of(error: RegularsError) -> int:
    """The HTTP status of a refusal or mistake."""
    if wait_of(error):
        return TOO_MANY
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def wait_of(error: RegularsError) -> str:
    """How many seconds one is to wait before asking again; empty where waiting does not help."""
    return str(error.values["seconds"]) if error.code == "reading_slowed" else ""
