"""Sessions as Django keeps them in the database, read with one plain question: every page asks it.

What stands there is not the key the browser shows but its digest, so that a copy of the database opens no session.
"""

from typing import Any, Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, Row, asked_together, first, question
from regulars.records.staff.access import SignedIn, signed_in_by
from regulars.records.staff.sessions import kept_of

_ALIVE: Final = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Ended on sign-out and by date, for every process at once; nothing is kept in the browser but its key."""

    seated: SignedIn | None = None  # in whose list this session stands, as read together with it

    def load(self) -> dict[str, Any]:
        """What was kept; nothing, under no key, when the session is unknown or has ended."""
        row = self._row(self.session_key) if self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(row[0])
        return kept

    def _row(self, key: str) -> Row | None:
        alive = question(WRITER, _ALIVE, [kept_of(key), timezone.now()])
        rows, self.seated = asked_together(alive, signed_in_by.asked(key))
        return first(rows)

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of that key."""
        return super().exists(kept_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row as it is kept."""
        row: AbstractBaseSession = super().create_model_instance(data)
        row.session_key = kept_of(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """There is no session of that key when this returns."""
        named = session_key or self.session_key
        if named:
            super().delete(kept_of(named))
