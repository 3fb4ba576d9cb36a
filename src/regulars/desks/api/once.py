"""Asking twice is asking once: a POST with an `Idempotency-Key` is carried out once and answered alike for a day.

Draft of the IETF HTTPAPI working group, "The Idempotency-Key HTTP Header Field". A program that was cut off asks again
with the same key: it gets the answer that was on its way, or 409 while that is still being made.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Schema
from ninja.responses import Status

from regulars.records.staff.answers_given import answered_once
from regulars.rules.permission.errors import BadInput

HEADER: Final = "Idempotency-Key"
LONGEST_KEY: Final = 100
#: What the reference says of the header; for `openapi_extra`.
MAY_COME_TWICE: Final[dict[str, Any]] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
            "description": "The same key brings the same answer for a day and does nothing twice.",
        }
    ]
}

P = ParamSpec("P")
Endpoint = Callable[Concatenate[HttpRequest, P], Any]


def once(endpoint: Endpoint[P]) -> Endpoint[P]:
    """The endpoint, which does what it does once per key; without the header it is what it was."""

    @wraps(endpoint)
    def dressed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Any:
        if HEADER not in request.headers:
            return endpoint(request, *args, **kwargs)
        key = _fitting(request.headers[HEADER])
        given = answered_once(
            _secret(request),
            key,
            _digest(request, kwargs),
            lambda: _plain(endpoint(request, *args, **kwargs)),
            at=timezone.now(),
        )
        answer = JsonResponse(given.body, status=given.status, json_dumps_params={"ensure_ascii": False})
        answer.headers["Idempotency-Replayed"] = "true" if given.again else "false"
        return answer

    return dressed


def _fitting(key: str) -> str:
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise BadInput("idempotency_key_unfit")
    return key


def _secret(request: HttpRequest) -> str:
    return request.headers.get("Authorization", "").partition(" ")[2]


def _plain(result: Any) -> tuple[int, dict[str, Any]]:
    status, told = (result.status_code, result.value) if isinstance(result, Status) else (200, result)
    if isinstance(told, HttpResponse) or not isinstance(told, Schema):
        raise TypeError("an endpoint that may be asked twice answers with a schema")
    return status, told.model_dump(mode="json")


def _digest(request: HttpRequest, said: Mapping[str, object]) -> str:
    """What was asked: address, and everything handed in, files by their bytes."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}".encode())
    for name in sorted(said):
        digest.update(f"\0{name}=".encode())
        _add(digest, said[name])
    return digest.hexdigest()


def _add(digest: Any, value: object) -> None:
    if isinstance(value, UploadedFile):
        for piece in value.chunks(1 << 20):
            digest.update(piece)
        value.seek(0)
    else:
        digest.update((value.model_dump_json() if isinstance(value, Schema) else repr(value)).encode())
