"""What MySQL and MariaDB keep in their own way, as everybody else has it: read with PyMySQL.

A TIMESTAMP is a moment and comes as one, whatever zone the server lives in; in the server's own zone its rows would
stand in no order in the hour that an autumn has twice. Days of zeros are none.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions, convert_date, convert_datetime

READ: Final = 600  # seconds until a server that sends nothing counts as away; a long table is sorted in less
MOMENTS: Final = (FIELD_TYPE.TIMESTAMP, FIELD_TYPE.DATETIME, FIELD_TYPE.DATE)
EARLIEST: Final = "'0001-01-01'"  # before it there are only zeros


def settle(connection: Any, lock_seconds: int) -> None:
    """It only reads, tells moments in UTC, and waits for a lock so long instead of a day."""
    connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
    connection.exec_driver_sql(f"SET SESSION time_zone = '+00:00', lock_wait_timeout = {lock_seconds}")


def let_go(connection: Any, driver: Any) -> None:
    """It is closed at once; PyMySQL would first read to its end whatever nobody asks for any more."""
    if driver._result is not None:
        driver._result.unbuffered_active = False
    if not connection.invalidated:
        connection.invalidate()


def _none_for_zeros(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text.startswith("0000-00-00") else convert(text)


def _moment(text: str) -> datetime | date | str:
    found = convert_datetime(text)
    return found.replace(tzinfo=UTC) if isinstance(found, datetime) else found


#: How cells are read; what is no day of Python's stays the text it is.
CONVERSIONS: Final[dict[Any, Any]] = conversions | {
    FIELD_TYPE.TIMESTAMP: _none_for_zeros(_moment),
    FIELD_TYPE.DATETIME: _none_for_zeros(convert_datetime),
    FIELD_TYPE.DATE: _none_for_zeros(convert_date),
    FIELD_TYPE.BIT: lambda bits: int.from_bytes(bits),
}
