"""The description is kept: whatever anybody sends, nothing breaks, and answers are as described (schemathesis)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from regulars.desks.api.house_api import api
from regulars.site.wsgi import application
from tests.cast import ann, bob, cleo
from tests.desks.api.programs import program
from tests.shop import everybody_segment, open_shop, refreshed, sell, spring_campaign

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)
#: Half of the requests go to what is really there, or most would end at 404.
THERE = {"number": "C-20001", "key": "everybody", "import_id": "1", "task_id": "1", "month": "2026-02"}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip
#: Checking the whole house takes seconds and has nothing to do with what is sent; a bundle is a file on the disk, which
#: schemathesis' client never closes (tests/desks/api/test_evidence.py asks for one); a database login outlives the test
#: (tests/desks/api/test_staff.py gives one and takes it).
LEFT_OUT = {("POST", "/api/checks"), ("POST", "/api/evidence/bundle"), ("POST", "/api/sql-logins")}


@pytest.fixture
def description(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The API as it describes itself, with people, figures, a segment and a campaign behind it."""
    # schemathesis' client never closes an answer, so a file on the disk would stay open
    in_memory = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    monkeypatch.setattr(django_settings, "FILE_UPLOAD_HANDLERS", in_memory)
    open_shop(TODAY)
    for one in (ann(), bob(), cleo()):
        sell(one, date(2026, 2, 1), 10_000)
    refreshed(TODAY)
    spring_campaign(everybody_segment())
    brought = program("steward").bring(b"customer,date,amount\nM1,2026-02-01,10.00\n", source="web")
    monkeypatch.setitem(THERE, "import_id", brought.told["id"])
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", application)


def tokens() -> dict[str, str]:
    """Role → what its program sends along."""
    return {role: f"Bearer {program(role).secret}" for role in ("marketer", "service", "officer", "steward")}


def asked(description: Any, mode: Any, examples: int, *, more_checks: tuple[Any, ...] = ()) -> int:
    """How many requests were sent; fails at the first operation that does not do as it says."""
    held = tokens()
    operations = [found.ok() for found in description.get_all_operations()]
    return sum(
        asked_of(one, held, mode, examples, [*CHECKS, *more_checks])
        for one in operations
        if (one.method.upper(), one.path) not in LEFT_OUT
    )


def asked_of(operation: Any, held: dict[str, str], mode: Any, examples: int, checks: list[Any]) -> int:
    """The same for one operation."""
    role = operation.definition.raw.get("x-roles", ["officer"])[0]
    sent = 0

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        nonlocal sent
        assume("" not in (case.query or {}))  # a parameter without a name never arrives, nor does one of nothing
        assume(all(value not in ([], {}, None) for value in (case.query or {}).values()))
        assume(mode == schemathesis.GenerationMode.POSITIVE or not _alone(operation, case.query or {}))
        sent += 1
        if sent % 2 and mode == schemathesis.GenerationMode.POSITIVE:
            case.path_parameters |= {name: THERE[name] for name in case.path_parameters if name in THERE}
        headers = {"Authorization": held[role], "Accept-Language": "zh" if sent % 2 else "en"}
        case.call_and_validate(headers=headers, checks=checks)

    with suppress(Unsatisfiable):  # nothing can be misshapen where nothing is asked for
        ask()
    return sent


def _alone(operation: Any, query: Mapping[str, Any]) -> bool:
    """Whether a value stands where several may: on its way it becomes the list of one it should have been."""
    listed = {
        one["name"]
        for one in operation.definition.raw.get("parameters", ())
        if one["in"] == "query" and _is_list(one.get("schema", {}))
    }
    return any(name in listed and not isinstance(value, list | tuple) for name, value in query.items())


def _is_list(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "array" or any(_is_list(one) for one in schema.get("anyOf", ()))


def test_answers_to_fitting_requests_are_as_described(description: Any) -> None:
    assert asked(description, schemathesis.GenerationMode.POSITIVE, 3) > 100


def test_misshapen_requests_are_refused_as_described(description: Any) -> None:
    assert asked(description, schemathesis.GenerationMode.NEGATIVE, 3) > 100


@pytest.mark.engine
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_nothing_breaks_whatever_is_sent(description: Any, mode: Any) -> None:
    assert asked(description, mode, 15, more_checks=(ignored_auth,)) > 1_000


def test_every_operation_is_described_and_named_once() -> None:
    paths = api.get_openapi_schema()["paths"]
    told = [one for methods in paths.values() for one in methods.values()]
    assert all(one["description"].endswith(".") for one in told)
    assert len({one["operationId"] for one in told}) == len(told)


def test_no_two_shapes_share_a_name() -> None:
    """The description knows a shape by its name alone: a second one would silently replace the first."""
    named: dict[str, set[str]] = {}
    for shape in _subclasses(Schema):
        if shape.__module__.startswith("regulars."):
            named.setdefault(shape.__name__, set()).add(shape.__module__)
    assert not {name: places for name, places in named.items() if len(places) > 1}


def _subclasses(of: type) -> set[type]:
    return {one for sub in of.__subclasses__() for one in (sub, *_subclasses(sub))}
