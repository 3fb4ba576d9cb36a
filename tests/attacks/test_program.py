"""Somebody who holds a program's token and wants more than it was made for: case 41 over HTTP, door by door."""

import re

import pytest
from django.test import Client

from regulars.desks.api.house_api import api
from regulars.records.access_log.models import AccessEntry
from tests.cast import ann, bob
from tests.cast import said as said_by
from tests.desks.api.programs import program_for

pytestmark = pytest.mark.usefixtures("house")
#: What a program without a role may call at all, single customers or totals; everything else is the work of a role.
FOR_PROGRAMS = re.compile(
    r"/(me|health|bucket|lists|refreshes/latest|customers.*|value.*|reference.*|openapi.*|docs.*"
    r"|partners/\{\w+\}/recheck|found-lists/recheck)$"
)


def every_operation() -> list[tuple[str, str]]:
    """(method, path) of everything the API does."""
    told = api.get_openapi_schema()["paths"]
    return [(method, path.removeprefix("/api")) for path, methods in told.items() for method in methods]


def test_41_a_token_for_one_purpose_opens_no_other_door() -> None:
    """Every operation there is, asked with tokens of each purpose: work of a role is refused before it begins."""
    who = ann()
    others = [(method, path) for method, path in every_operation() if not FOR_PROGRAMS.match(path)]
    assert len(others) > 30
    opened = []
    for view in ("automated", "disclosure", "sensitive", "anonymous"):
        asking = program_for(view)
        for method, path in others:
            asked = re.sub(r"\{[^}]*\}", "1", path.replace("{number}", who.number))
            answer = asking._asked(method.upper(), asked, body={} if method in ("post", "put", "patch") else None)
            if answer.status not in (403, 404):
                opened.append((view, method, path, answer.status))
    assert not opened, sorted({(method, path, status) for _, method, path, status in opened})
    assert not AccessEntry.objects.filter(allowed=True, who__startswith="token", rows__gt=0).exists()


SAYINGS = (
    {"headers": {"X-Purpose": "oversight", "X-View": "personal", "X-Role": "officer"}},
    {"query_params": {"because": "x", "view": "personal"}},
    {"query_params": {"because": "x", "purpose": "oversight"}},
    {"headers": {"Cookie": "view=personal; regulars_session=x"}},
)


@pytest.mark.parametrize("said", SAYINGS, ids=["headers", "view", "purpose", "cookie"])
def test_41_nothing_a_request_says_changes_what_its_token_is_for(said: dict[str, dict[str, str]]) -> None:
    """Bob closed it: asked for with other words beside the token, he is as absent as before."""
    hidden = bob()
    said_by(hidden, "automated_decision", "denied")
    asking = program_for("automated")
    more = {"query_params": {"because": "x"}} | said
    more["headers"] = {"Authorization": f"Bearer {asking.secret}"} | said.get("headers", {})
    told = Client().get(f"/api/customers/{hidden.number}", **more)  # type: ignore[arg-type]
    me = Client().get("/api/me", headers=more["headers"]).json()
    assert told.status_code in (404, 422)
    assert (me["view"], me["purpose"]) == ("automated", "automated_decision")


def test_41_two_tokens_together_are_not_more_than_one() -> None:
    """A second Authorization, or one in the address, is not looked at."""
    hidden = bob()
    weak, other = program_for("disclosure"), program_for("automated")
    headers = {"Authorization": f"Bearer {weak.secret}, Bearer {other.secret}"}
    assert Client().get(f"/api/customers/{hidden.number}", headers=headers).status_code == 401
    asked = {"because": "x", "token": other.secret, "access_token": other.secret}
    assert Client().get("/api/me", query_params=asked).status_code in (401, 422)
