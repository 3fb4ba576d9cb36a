"""How the API says no: the status, a code for programs, a sentence in the caller's language, and the values.

400 something handed in cannot be used · 401 no token, or one nobody gave · 403 not yours · 404 absent or hidden, told
alike · 409 the same request is still being answered · 422 the request is not shaped as the reference says · 429 wait so
many seconds · 503 the database is away.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from regulars.connections.files import CannotRead
from regulars.desks.shared.arriving import demand_room
from regulars.desks.shared.mistakes import sentence_for, sentence_of
from regulars.desks.shared.refusals import NOT_KEEPABLE, status_of, wait_of
from regulars.rules.permission.errors import BadInput, RegularsError

MOST_DETAILS: Final = 20
#: As the draft on idempotency keys wants them.
OTHER_STATUS: Final[Mapping[str, int]] = {"still_under_way": 409, "idempotency_key_reused": 422}
log = logging.getLogger("regulars.api")


def tell_mistakes(api: NinjaAPI) -> None:
    """Every error of this API is told in one shape from now on."""
    for kind, tell in _TELLING.items():
        api.add_exception_handler(kind, tell)


def told(status: int, code: str, sentence: str, values: Mapping[str, object] | None = None) -> HttpResponse:
    """A mistake as an answer."""
    mistake = {"code": code, "sentence": sentence, "values": plain(values or {})}
    return JsonResponse(mistake, status=status, json_dumps_params={"ensure_ascii": False})


def nothing_here(_request: HttpRequest, _error: Any = None) -> HttpResponse:
    """The answer to an address there is none of."""
    return told(404, "no_such_address", _("There is no such address. The reference at /api/ lists those there are."))


def broken(request: HttpRequest, error: Any) -> HttpResponse:
    """Something of ours broke: noted in the log, told without its innards."""
    log.error("%s %s", request.method, request.path, exc_info=error)
    return told(
        500, "broken", _("Something broke on our side. What was under way has been undone. It is noted in the log.")
    )


def plain(value: object) -> Any:
    """The value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    answer = told(OTHER_STATUS.get(error.code) or status_of(error), error.code, sentence_for(error), error.values)
    if seconds := wait_of(error):
        answer.headers["Retry-After"] = seconds
    return answer


def _not_keepable(request: HttpRequest, _error: Any) -> HttpResponse:
    return _refused(request, BadInput("not_keepable"))


def _broken_off(request: HttpRequest, _error: Any) -> HttpResponse:
    return _refused(request, BadInput("broken_off_on_the_way"))


def _unknown(_request: HttpRequest, _error: Any) -> HttpResponse:
    answer = told(
        401, "token_unknown", _("A token is needed: Authorization: Bearer rg_… The privacy officer gives them.")
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _not_shaped(request: HttpRequest, error: Any) -> HttpResponse:
    try:
        demand_room(request)
    except BadInput as no_room:
        return _refused(request, no_room)
    details = [_detail(one) for one in error.errors[:MOST_DETAILS]]
    spoken = "; ".join(f"{one['where']}: {one['what']}" for one in details)
    return told(
        422, "request_not_readable", sentence_of("request_not_readable", {"details": spoken}), {"details": details}
    )


def _detail(error: Mapping[str, Any]) -> dict[str, str]:
    """Where and what; never the value itself, which may say who somebody is."""
    where: Iterable[object] = error.get("loc", ())
    return {
        "where": ".".join(str(part) for part in where),
        "what": str(error.get("msg", "")),
        "kind": str(error.get("type", "")),
    }


def _unreadable(_request: HttpRequest, error: Any) -> HttpResponse:
    values = {"details": str(error)}
    return told(error.status_code, "request_not_readable", sentence_of("request_not_readable", values), values)


def _no_table(_request: HttpRequest, error: Any) -> HttpResponse:
    return told(400, error.code, sentence_for(error), error.values)


def _away(_request: HttpRequest, error: Any) -> HttpResponse:
    answer = told(503, "database_away", sentence_for(error))
    answer.headers["Retry-After"] = "30"
    return answer


_TELLING: Final[Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]]] = {
    RegularsError: _refused,
    CannotRead: _no_table,
    ValidationError: _not_shaped,
    AuthenticationError: _unknown,
    HttpError: _unreadable,
    Http404: nothing_here,
    OperationalError: _away,
    InterfaceError: _away,
    **dict.fromkeys(NOT_KEEPABLE, _not_keepable),
    UnreadablePostError: _broken_off,
    Exception: broken,
}
