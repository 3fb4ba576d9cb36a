"""What programs were answered, kept for a day: a request that comes again with the same key gets the same answer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from regulars.records.staff.access import token_digest
from regulars.records.staff.models import ApiAnswer, ApiToken
from regulars.rules.permission.errors import BadInput

KEPT_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: its HTTP status and body, and whether it was given before."""

    status: int
    body: Mapping[str, Any]
    again: bool = False


def answered_once(
    secret: str, key: str, request_digest: str, answer: Callable[[], tuple[int, dict[str, Any]]], *, at: datetime
) -> Given:
    """The answer of that key: made now, or the one given before.

    An answer that raised was not given, and may be asked for again; so may one that was being made when the house was
    killed: what it does must bear being done twice. BadInput `idempotency_key_reused` when the key came with another
    request, `still_under_way` while the first is being answered.
    """
    token = ApiToken.objects.values_list("id", flat=True).get(digest=token_digest(secret))
    with _alone_with(token, key):
        ApiAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()
        given = ApiAnswer.objects.filter(token_id=token, key=key).first()
        if given is not None:
            return _again(given, request_digest)
        status, body = answer()
        ApiAnswer.objects.create(
            token_id=token, key=key, request_digest=request_digest, status=status, body=body, at=at
        )
    return Given(status, body)


def _again(given: ApiAnswer, request_digest: str) -> Given:
    if given.request_digest != request_digest:
        raise BadInput("idempotency_key_reused", {"key": given.key})
    return Given(given.status, given.body, again=True)


@contextmanager
def _alone_with(token: int, key: str) -> Iterator[None]:
    """A lock of this database session: it goes with the session, whatever happens to the process."""
    # No transaction around the work: doors read what was written through other logins, and would not see it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, %s))", [key, token])
        if not (cursor.fetchone() or (False,))[0]:
            raise BadInput("still_under_way", {"key": key})
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, %s))", [key, token])
