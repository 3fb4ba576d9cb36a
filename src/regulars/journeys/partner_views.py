"""Partners' views follow the register: made when a contract begins to stand, gone when it is stopped or has run out."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from django.conf import settings

from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.logins import administrator, by_url, login_password
from regulars.connections.postgres.partners import end_partner_login, make_partner_login
from regulars.connections.postgres.securing import TABLE_FIRST, Connection
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import ContractFacts, standing_contract, standing_terms
from regulars.rules.privacy.compiler import PERSON, VAULT, CompiledView, create_view, login_role, owner_role
from regulars.rules.privacy.partners import ALLOWS, Terms, compile_partner, view_of
from regulars.rules.privacy.rights import view_rights
from regulars.rules.privacy.roles import READER_SETTINGS
from regulars.rules.privacy.views import View

Types = Mapping[tuple[str, str], str]


def open_partner_view(key: str) -> None:
    """The partner's schema and login stand as its contract says when this returns."""
    found = standing_contract(key)
    if found is not None and found[1].fields:
        with house_administrator() as connection:
            _make(connection, *found)


def close_partner_view(key: str) -> None:
    """The partner's schema and login are gone when this returns, and what it had open is ended."""
    view = view_of(key)
    with house_administrator() as connection:
        end_partner_login(connection, login=login_role(view), owner=owner_role(view), schema=view.name)


def remake_partner_views(connection: Connection) -> None:
    """Every standing contract's view is compiled anew: for a new shape of the tables beneath."""
    for terms in standing_terms():
        found = standing_contract(terms.key)
        if found is not None:
            _make(connection, *found)


def compiled_partners(connection: Connection) -> tuple[CompiledView, ...]:
    """What the views of all standing contracts should be."""
    types = types_of(connection)
    return tuple(one for terms in _terms(types) for one in compile_partner(terms, DICTIONARY, types))


def partners_with_a_view(connection: Connection) -> tuple[View, ...]:
    """The views of all partners whose contract stands."""
    return tuple(view_of(terms.key) for terms in _terms(types_of(connection)))


def _terms(types: Types) -> list[Terms]:
    """None in a house whose register has not been made yet."""
    return standing_terms() if ("disclosure_contract", "id") in types else []


def partner_policy(view: View, person: str) -> tuple[str, str]:
    """The second wall behind a partner's view, on a table shaped like the customer table: (its name, its statement)."""
    name, rule = f"view_{view.name}", f"erased_at IS NULL AND {ALLOWS}"
    return name, f"CREATE POLICY {name} ON {person} FOR SELECT TO {owner_role(view)} USING ({rule})"


def partner_settings(view: View) -> dict[str, str]:
    """What a partner's session starts with."""
    return {"search_path": view.name, **READER_SETTINGS}


def house_administrator() -> Any:
    """The administrator's own connection: only it makes logins."""
    return psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True)


def _make(connection: Connection, facts: ContractFacts, terms: Terms) -> None:
    view, login = view_of(terms.key), login_role(view_of(terms.key))
    make_partner_login(
        connection, login=login, owner=owner_role(view), schema=view.name,
        statements=tuple(_statements(connection, terms)), settings=partner_settings(view),
        password=login_password(settings.HOME, login) if by_url(os.environ) else None, until=facts.valid_until,
    )  # fmt: skip


def _statements(connection: Connection, terms: Terms) -> Iterator[str]:
    view = view_of(terms.key)
    compiled = compile_partner(terms, DICTIONARY, types_of(connection))
    owner, (policy, statement) = owner_role(view), partner_policy(view, f"{VAULT}.{PERSON}")
    yield TABLE_FIRST
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {VAULT} FROM {owner}"
    yield f"GRANT USAGE ON SCHEMA {VAULT} TO {owner}"
    yield f"DROP POLICY IF EXISTS {policy} ON {VAULT}.{PERSON}"
    yield statement
    yield f"CREATE SCHEMA {view.name} AUTHORIZATION {owner}"
    yield f"GRANT USAGE ON SCHEMA {view.name} TO {login_role(view)}"
    for one in compiled:
        yield create_view(one)
        yield f"ALTER VIEW {one.name} OWNER TO {owner}"
    for right in view_rights(compiled):
        yield right.statement
