"""Django's router: migrations run as the owner; nothing is ever read or written by guess."""

from typing import Any


class ByDoor:
    """Doors name their login with `using`; what does not is the writer's own bookkeeping (sessions, jobs)."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str | None:
        """The login the object came through, else the writer's."""
        instance = hints.get("instance")
        return instance._state.db if instance is not None and instance._state.db else "default"

    def db_for_write(self, model: type[Any], **hints: Any) -> str:
        """Writing goes through the writer only."""
        return "default"

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        """All aliases are one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Only the owner shapes tables."""
        return db == "owner"
