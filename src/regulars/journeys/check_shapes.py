"""Shapes as they are against shapes as compiled: comments, views, policies, triggers and functions."""

from collections.abc import Iterator, Mapping

from django.db.migrations import RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from regulars.connections.postgres.catalogue import (
    HeldFunction,
    comments_of,
    held_functions_of,
    policies_of,
    row_security_of,
    rules_of,
    triggers_of,
    types_of,
    vault_relations_of,
    views_of,
)
from regulars.connections.postgres.securing import Connection, run
from regulars.journeys.limited_views import compiled_limited, limited_policy, limited_views
from regulars.journeys.partner_views import compiled_partners, partner_policy, partners_with_a_view
from regulars.journeys.secure_house import policy_statements, present_columns
from regulars.rules.privacy.compiler import PERSON, SCRATCH, VAULT, compile_views, owner_role
from regulars.rules.privacy.dictionary import comment
from regulars.rules.privacy.drift import Finding, differences
from regulars.rules.privacy.roles import VAULT_OWNER, WRITER
from regulars.rules.privacy.views import VIEWS
from regulars.rules.privacy.written import Written, digest, triggers_in, written

SEARCHES_HERE = "search_path=vault, pg_temp"
STATES = {"O": "on", "D": "off", "R": "replica only", "A": "always"}

Types = Mapping[tuple[str, str], str]


def shape_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Every comment, view, policy, trigger and function that is not as the dictionary and the migrations say."""
    types = types_of(connection)
    yield from _comments(connection, types)
    yield from _owners(connection)
    connection.execute(f"CREATE SCHEMA {SCRATCH}")  # rolled back with everything in it
    yield from _views(connection, types, counts)
    yield from _row_security(connection)
    yield from _code(connection, counts)


def _comments(connection: Connection, types: Types) -> Iterator[Finding]:
    expected = {f"{t.name}.{c.name}": comment(c) for t in present_columns(types) for c in t.columns}
    held = comments_of(connection)
    found = {
        place: held.get((table, column), "") for table, column in types if (place := f"{table}.{column}") in expected
    }
    yield from differences("comment", {place: expected[place] for place in found}, found)


def _owners(connection: Connection) -> Iterator[Finding]:
    """Everything in the vault is a table or sequence of the vault's owner."""
    for name, (kind, owner) in sorted(vault_relations_of(connection).items()):
        if kind not in "rpS":
            yield Finding("relation_extra", f"{VAULT}.{name}", found=kind)
        if owner != VAULT_OWNER:
            yield Finding("owner_differs", f"{VAULT}.{name}", VAULT_OWNER, owner)


def _views(connection: Connection, types: Types, counts: dict[str, int]) -> Iterator[Finding]:
    """Views as held against views as PostgreSQL words the compiled text, which it is asked to do beside them."""
    views = (*VIEWS, *partners_with_a_view(connection), *limited_views(connection))
    own = (*compiled_partners(connection), *compiled_limited(connection))
    compiled = (*compile_views(tuple(present_columns(types)), types), *own)
    run(connection, tuple(f'CREATE VIEW {SCRATCH}."{one.name}" AS {one.select}' for one in compiled))
    wanted = {name.partition(".")[2]: view.definition for name, view in views_of(connection, [SCRATCH]).items()}
    held = views_of(connection, [view.name for view in views])
    counts["views"] = len(held)
    yield from differences("view", wanted, {name: view.definition for name, view in held.items()})
    owners = {f"{view.name}.": owner_role(view) for view in views}
    for name, view in sorted(held.items()):
        owner = owners[name[: name.index(".") + 1]]
        if view.owner != owner:
            yield Finding("view_owner", name, owner, view.owner)
        if not view.barrier:
            yield Finding("view_not_barrier", name)


def _row_security(connection: Connection) -> Iterator[Finding]:
    """The second wall: on, forced, with the policies declared, worded by PostgreSQL on a table like the real one."""
    on, forced = row_security_of(connection, PERSON)
    if not (on and forced):
        yield Finding("row_security_off", f"{VAULT}.{PERSON}", "on, forced", f"{on=}, {forced=}")
    like = f"{SCRATCH}.{PERSON}"
    partners = tuple(partner_policy(view, like)[1] for view in partners_with_a_view(connection))
    partners += tuple(limited_policy(view, like)[1] for view in limited_views(connection))
    run(connection, (f"CREATE TABLE {like} (LIKE {VAULT}.{PERSON})", *policy_statements(like), *partners))
    all_policies = policies_of(connection)
    wanted = {name.removeprefix(f"{like}."): said for name, said in all_policies.items() if name.startswith(like)}
    found = {name: said for name, said in all_policies.items() if not name.startswith(like)}
    yield from differences("policy", {f"{VAULT}.{PERSON}.{name}": said for name, said in wanted.items()}, found)


def _code(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Triggers and functions against the migrations' own text."""
    left = written(_migrations())
    held = triggers_of(connection)
    counts["triggers"] = len(held)
    expected = {name: f"{trigger} (on)" for name, trigger in left.triggers.items()}
    found = {name: f"{triggers_in(said)[0]} ({STATES.get(state, state)})" for name, (said, state) in held.items()}
    yield from differences("trigger", expected, found)
    for where, rule in sorted(rules_of(connection)):
        yield Finding("rule_extra", where, found=rule)
    functions = held_functions_of(connection)
    counts["functions"] = len(functions)
    yield from (finding for function in functions for finding in _function(function, left))


def _function(held: HeldFunction, left: Written) -> Iterator[Finding]:
    place = f"{held.schema}.{held.name}"
    if held.schema != VAULT or held.name not in left.bodies:
        yield Finding("function_extra", place)
        return
    if digest(held.body) not in left.bodies[held.name]:
        yield Finding("function_differs", place, " or ".join(sorted(left.bodies[held.name])), digest(held.body))
    if held.owner != VAULT_OWNER:
        yield Finding("owner_differs", place, VAULT_OWNER, held.owner)
    if list(held.callers) != [WRITER]:
        yield Finding("function_callers", place, WRITER, ", ".join(held.callers))
    if held.as_owner and held.settings != SEARCHES_HERE:
        yield Finding("function_search_path", place, SEARCHES_HERE, held.settings)


def _migrations() -> Iterator[str]:
    """The SQL of every migration, in the order in which they run."""
    loader = MigrationLoader(None)
    plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    for node in plan:
        for operation in loader.graph.nodes[node].operations:
            yield from _sql_of(operation)


def _sql_of(operation: Operation) -> Iterator[str]:
    if isinstance(operation, SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _sql_of(inner)
    elif isinstance(operation, RunSQL):
        said = operation.sql
        yield said if isinstance(said, str) else "\n".join(str(part) for part in said)
