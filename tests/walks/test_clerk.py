"""Every command of docs/guides/clerk.md, executed one after the other, and its table against the API."""

import re
import shlex
from collections.abc import Iterator

import pytest

from regulars.desks.api.house_api import api
from regulars.records.codes.access import forget_codes
from regulars.records.codes.models import Code
from tests.desks.cli.terminal import regulars
from tests.house.files import PROJECT
from tests.story import shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
GUIDE = (PROJECT / "docs" / "guides" / "clerk.md").read_text()


@pytest.fixture(autouse=True)
def as_before(house: None) -> Iterator[None]:
    before = list(Code.objects.values())
    yield
    Code.objects.all().delete()
    Code.objects.bulk_create(Code(**one) for one in before)
    forget_codes()


def test_every_command_of_the_guide_does_what_it_says() -> None:
    wanqing(shop())
    lines = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
    said = {line: regulars(*shlex.split(line)[1:]) for line in lines}
    assert {line: one.err for line, one in said.items() if one.status} == {}
    assert "the goods" in said[lines[0]].out
    assert "C-20418" in said[lines[-1]].out
    assert Code.objects.get(key="parking").merged_into == "service"
    assert Code.objects.get(kind="call", key="wrong-number").valid_until is not None


def test_every_address_of_the_guide_is_there() -> None:
    told = {(method, path.partition("?")[0]) for method, path in re.findall(r"`(GET|POST) (/api/[^`]+)`", GUIDE)}
    paths = api.get_openapi_schema()["paths"]
    assert len(told) == 5
    assert {(method, path) for method, path in told if method.lower() not in paths.get(path, {})} == set()
