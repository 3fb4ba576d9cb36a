"""How far analysts' logins have been counted, so that what they read since is known."""

from datetime import datetime

from regulars.records.access_log.models import SqlCount


def read_since(role_name: str, *, statements: int, rows: int, at: datetime) -> tuple[int, int]:
    """Statements and rows since the last look, which is now; all of them where the server began to count anew."""
    last = SqlCount.objects.filter(role_name=role_name).first()
    told = {"statements": statements, "rows": rows, "counted_at": at}
    SqlCount.objects.update_or_create(role_name=role_name, defaults=told)
    if last is None or statements < last.statements or rows < last.rows:
        return statements, rows
    return statements - last.statements, rows - last.rows


def count_from_nothing() -> None:
    """The server begins to count anew: whatever it tells next is new."""
    SqlCount.objects.update(statements=0, rows=0)
