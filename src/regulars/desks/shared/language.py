"""The language of a page: what the reader chose, else what her browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]


class ChosenLanguage:
    """Middleware: the cookie decides; without one, the browser's wish; without that, English."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = chosen_language(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def chosen_language(request: HttpRequest) -> str:
    """One of the languages we speak."""
    said = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if said in dict(settings.LANGUAGES):
        return said
    return translation.get_language_from_request(request)
