"""Attackers with a connection of their own: the application's login, and named analysts with a password."""

import os
from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from django.conf import settings

from regulars.connections.postgres.analysts import end_analyst
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.securing import Connection
from regulars.journeys.give_sql_login import give_sql_login
from tests.cast import EMIL, NOON

Attacker = psycopg.Connection[tuple[Any, ...]]
LogIn = Callable[..., Attacker]


@pytest.fixture
def log_in(standing_house: None) -> Iterator[LogIn]:
    """Opens a connection as any role that the house's system account may become, or with a password."""
    opened: list[Attacker] = []

    def knock(role: str, **more: Any) -> Attacker:
        words = Server(settings.HOME).connection_parameters(role)
        opened.append(psycopg.connect(**words, autocommit=True, **more))
        return opened[-1]

    yield knock
    for connection in opened:
        connection.close()


@pytest.fixture
def named(log_in: LogIn) -> Iterator[Callable[[str, str], Attacker]]:
    """Opens a connection as an analyst with a login and password of her own, who is gone after the test."""
    given: list[str] = []

    def knock(name: str, view: str) -> Attacker:
        login = give_sql_login(name, view=view, by=EMIL, at=NOON)
        given.append(login.role_name)
        return log_in(login.role_name, password=login.password)

    yield knock
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        for role in given:
            end_analyst(connection, role)


@pytest.fixture(params=["regulars_standard", "bi_lin", "bi_mo"])
def analyst(request: pytest.FixtureRequest, log_in: LogIn, named: Callable[[str, str], Attacker]) -> Attacker:
    """Somebody who asks with SQL of her own: through the application's login, or through her own."""
    if request.param == "regulars_standard":
        return log_in(request.param)
    return named("lin", "standard") if request.param == "bi_lin" else named("mo", "anonymous")


@pytest.fixture
def lin(named: Callable[[str, str], Attacker]) -> Attacker:
    """The analyst of the standard view."""
    return named("lin", "standard")


@pytest.fixture
def mo(named: Callable[[str, str], Attacker]) -> Attacker:
    """The analyst of the anonymous view."""
    return named("mo", "anonymous")


@pytest.fixture
def notices(analyst: Attacker) -> list[str]:
    """Everything the server says to the analyst beside its answers."""
    heard: list[str] = []
    analyst.add_notice_handler(lambda said: heard.append(f"{said.message_primary} {said.message_detail}"))
    return heard


def ask(connection: Attacker | Connection, question: LiteralString, *values: object) -> Any:
    """The one value the question has for an answer."""
    row = connection.execute(question, values or None).fetchone()
    return row[0] if row else None
