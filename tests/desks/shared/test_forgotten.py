"""A request is gone when it is answered, and need not be found by a search for cycles."""

import gc
from io import BytesIO
from typing import Any
from weakref import ref

import pytest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from regulars.desks.shared.forgotten import Forgotten

pytestmark = pytest.mark.usefixtures("house")


def is_gone(kind: type[WSGIRequest]) -> bool:
    """Whether the request of a sign-in page is gone when its answer is closed."""
    came = list[ref[WSGIRequest]]()

    class Noted(kind):  # type: ignore[valid-type, misc]
        def __init__(self, environ: dict[str, Any]) -> None:
            super().__init__(environ)
            came.append(ref(self))

    pages = WSGIHandler()
    pages.request_class = Noted
    gc.disable()
    try:
        answer = pages(ENVIRON | {"wsgi.input": BytesIO()}, lambda *_: lambda _part: None)
        assert b"csrfmiddlewaretoken" in b"".join(answer)
        answer.close()
        del answer
        return came[0]() is None
    finally:
        gc.enable()


ENVIRON: dict[str, Any] = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/sign-in/", "QUERY_STRING": "", "SERVER_NAME": "localhost",
    "SERVER_PORT": "8000", "wsgi.url_scheme": "http",
}  # fmt: skip


def test_a_request_is_gone_with_its_answer() -> None:
    assert is_gone(Forgotten)
    assert not is_gone(WSGIRequest), "then Forgotten is no longer needed"
