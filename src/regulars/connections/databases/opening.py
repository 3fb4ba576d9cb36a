"""A connection to a database of others, by its address: it only reads, and what goes wrong is told without the
password.

SQLite, PostgreSQL, MySQL and MariaDB are read with what is here. For others a driver is installed beside.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from psycopg import DataError
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from regulars.connections.databases.errors import DatabaseAway

CONNECT: Final = 10  # seconds until a server that is silent counts as away
LOCKED: Final = 60  # seconds to wait for a table that somebody holds
LONGEST_REASON: Final = 200
STATE: Final = 5  # letters of an SQLSTATE
UNREACHED: Final = (2002, 2003, 2005)
#: The driver of an address that names none.
DRIVERS: Final = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql",
                  "mariadb": "mariadb+pymysql", "mssql": "mssql+pymssql"}  # fmt: skip
#: What to install where the module has another name.
PACKAGES: Final = {"MySQLdb": "mysqlclient", "mysql": "mysql-connector-python", "psycopg2": "psycopg2-binary"}
FILES: Final = ("ssl_ca", "ssl_cert", "ssl_key")
#: What an error's number, its SQLSTATE or a part of its words says is the matter.
CAUSES: Final = {
    "database_lets_not_in": (1045, 1698, 1130, "28P01", "28000", "authentication failed"),
    "database_keeps_closed": (1044, 1142, 1143, 1370, "42501"),
    "table_locked": (1205, "55P03", "database is locked", "database table is locked"),
    "database_broke_off": (1053, 1317, 1927, 2006, 2013, "57P01", "57P02", "server closed the connection",
                           "consuming input failed", "terminating connection"),
    "database_unproven": (2026, "certificate verify failed", "CERTIFICATE_VERIFY_FAILED", "does not match host name"),
}  # fmt: skip


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """A connection that only reads. Whatever goes wrong while it is open is a DatabaseAway."""
    import sqlalchemy as sa
    from sqlalchemy import exc

    address = _address(url)
    try:
        engine = sa.create_engine(address, poolclass=sa.NullPool, connect_args=_manners(address))
        with _connected(engine) as connection:
            yield connection
    except exc.NoSuchModuleError:
        raise DatabaseAway("database_kind_unknown", {"kind": address.drivername[:40]}) from None
    except ImportError as error:
        missing = (error.name or str(error)).partition(".")[0]
        found = {"kind": address.get_backend_name()[:40], "package": PACKAGES.get(missing, missing)}
        raise DatabaseAway("database_driver_missing", found) from None
    except (exc.SQLAlchemyError, OSError, ValueError) as error:
        reason = _reason(error)
        raise DatabaseAway(_cause(error, reason), {"reason": _hushed(reason, url)}) from None


@contextmanager
def _connected(engine: Any) -> Iterator[Any]:
    try:
        connection = engine.connect()
    except (TypeError, AttributeError, LookupError) as error:  # the driver's, where it does not know a word of it
        raise DatabaseAway("database_option_unknown", {"reason": str(error)[:LONGEST_REASON]}) from None
    driver = connection.connection.driver_connection
    with connection:
        try:
            yield _settled(connection, driver)
        finally:
            if engine.dialect.driver == "pymysql":
                from regulars.connections.databases.mysql import let_go

                let_go(connection, driver)


def _address(url: str) -> Any:
    """With the driver we have; DatabaseAway `database_address_unfit` for one that cannot be read, or that names no
    database of a server's."""
    import sqlalchemy as sa

    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise DatabaseAway("database_address_unfit", {}) from None
    if address.get_backend_name() in ("mysql", "mariadb") and not address.database:
        raise DatabaseAway("database_address_unfit", {})
    return address.set(drivername=DRIVERS.get(address.drivername, address.drivername))


def _manners(address: Any) -> dict[str, Any]:
    """How long to wait, and how to read, in the words of each driver; one nobody knows waits as long as it likes.

    FileNotFoundError for a file the address names: SQLite would make it, others would not say which.
    """
    named = [one for one in map(address.query.get, FILES) if isinstance(one, str)]
    if address.get_backend_name() == "sqlite" and not str(address.database or "").startswith("file:"):
        named.append(address.database or "")
    for one in named:
        if not Path(one).is_file():
            raise FileNotFoundError(f"no such file: {Path(one).name}")
    match address.get_driver_name():
        case "pysqlite":
            return {"timeout": CONNECT}
        case "psycopg":
            return {"connect_timeout": CONNECT, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
        case "pymysql":
            from regulars.connections.databases.mysql import CONVERSIONS, READ

            return {"connect_timeout": CONNECT, "read_timeout": READ, "conv": CONVERSIONS}
    return {}


def _settled(connection: Any, driver: Any) -> Any:
    """As each of them only reads."""
    match connection.dialect.driver:
        case "psycopg":
            connection = connection.execution_options(postgresql_readonly=True)
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCKED}s'")
            _read_endless_days(driver)
        case "pymysql":
            from regulars.connections.databases.mysql import settle

            settle(connection, LOCKED)
    return connection


def _read_endless_days(driver: Any) -> None:
    """`infinity`, which many tables hold where nothing ends, comes as that word and costs no other row."""
    for kind, usual in (("date", DateLoader), ("timestamp", TimestampLoader), ("timestamptz", TimestamptzLoader)):
        driver.adapters.register_loader(kind, type(f"Endless{usual.__name__}", (_Endless, usual), {}))


class _Endless:
    """Before a loader of psycopg: what is no day of Python's is the text it is."""

    def load(self, data: Any) -> Any:
        """The day or moment, or the text."""
        try:
            return super().load(data)  # type: ignore[misc]  # the loader it stands before
        except DataError:
            return bytes(data).decode()


def _cause(error: Exception, reason: str) -> str:
    """What is the matter, by the driver's number, the standard's state, or its words."""
    origin = getattr(error, "orig", None)
    number = next(iter(getattr(origin, "args", ())), None)
    told = {getattr(origin, "sqlstate", None), number if isinstance(number, int) else None}
    for code, signs in CAUSES.items():
        if told & set(signs) or any(sign in reason for sign in signs if isinstance(sign, str) and len(sign) > STATE):
            return code
    return "database_silent" if _is_silence(error, number) else "database_refuses"


def _is_silence(error: Exception, number: Any) -> bool:
    from sqlalchemy import exc

    return number in UNREACHED if isinstance(number, int) else isinstance(error, exc.OperationalError | OSError)


def _reason(error: Exception) -> str:
    """The driver's own first line."""
    origin = getattr(error, "orig", None) or error
    words = origin.args[1] if len(origin.args) == 2 and isinstance(origin.args[0], int) else origin
    return (str(words).strip().splitlines() or [type(error).__name__])[0]


def _hushed(reason: str, url: str) -> str:
    """Without what stands before the @ of the address."""
    secret = url.partition("://")[2].rpartition("@")[0].partition(":")[2]
    for one in {secret, unquote(secret)} - {""}:
        reason = reason.replace(one, "…")
    return reason[:LONGEST_REASON]
