"""Sessions as Django keeps them in the database, read with one plain question: every page asks it."""

from typing import Any, Final

from django.contrib.sessions.backends import db
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask_one

_ALIVE: Final = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Ended on sign-out and by date, for every process at once; nothing is kept in the browser but its key."""

    def load(self) -> dict[str, Any]:
        """What was kept; nothing, under no key, when the session is unknown or has ended."""
        row = ask_one(WRITER, _ALIVE, [self.session_key, timezone.now()])
        if row is None:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(row[0])
        return kept
