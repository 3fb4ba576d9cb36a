"""Names as nobody expects them: in by every door, and to every page they are shown on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from regulars.journeys.open_stream import give_write_key
from regulars.journeys.tell_people import tell_people
from regulars.records.customers.models import Customer
from regulars.records.intake.actions import ensure_source
from regulars.records.merging.models import ReviewPair
from regulars.records.orders.models import Product
from regulars.records.staff.actions import hire
from tests.cast import NOON, STEN
from tests.desks.api.programs import program
from tests.desks.api.test_stream_door import batch, sent
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import at_home, signed_in
from tests.journeys.order_files import bring, write_rows
from tests.story import PASSWORD, Shop, shop

pytestmark = pytest.mark.usefixtures("house")
NAMES = {
    "ten thousand letters": "x" * 10_000, "ten thousand characters": "王" * 10_000, "emoji": "👩‍👩‍👧 Ann 😀",
    "right to left": "شيماء أحمد", "turned round": "\u202eAnn Archer", "half-width": "ﾊﾝｶｸ ﾀﾛｳ",
    "full-width": "Ａｎｎ　Ａｒｃｈｅｒ", "html": "<b onmouseover=alert(1)>Ann</b>",
    "invisible": "An\u200bn Ar\u00adcher",
    "one letter": "X", "very many words": "Ann " * 90,
}  # fmt: skip


@pytest.fixture(params=NAMES)
def told(request: pytest.FixtureRequest, house: None, tmp_path: Path) -> Iterator[str]:
    """The name has come in by a file, by a stream and by a till, each time with a mail address of its own."""
    name, at = NAMES[request.param], shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    rows = [
        ["M1", name, "file@example.com"],
        ["M2", "Bob Baker", "bob@example.com"],
        ["M3", "Cleo Baker", "c@example.com"],
    ]
    assert bring(write_rows(tmp_path / "people.csv", rows, ("member_no", "name", "email"))).customers_new == 3
    ensure_source("site", by=STEN, at=NOON)
    key = give_write_key("site", "site", by=STEN, at=NOON)[1]
    traits = {"name": name, "email": "stream@example.com"}
    assert sent(key, "batch", batch({"type": "identify", "userId": "u-1", "traits": traits})).told["told"] == 1
    tell_people(at=NOON)
    ordered(name, at)
    Customer.objects.update(home_branch_id=at.lake)
    yield name


def ordered(name: str, at: Shop) -> None:
    """The till takes her in with her order, or says why it does not."""
    tea = Product.objects.create(source_id=at.source, ref="tea", name="Tea").id
    asked = {"order": "w-1", "person": {"name": name, "email": "till@example.com"}, "branch": "lake",
             "lines": [{"product": tea, "price": "9"}]}  # fmt: skip
    got = program("service").post("/orders", asked)
    assert got.status == 201 or (got.status in (400, 422) and "name" in got.told["sentence"]), got


def opened(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = answer.content.decode()
    assert "<b onmouseover" not in page
    assert "\u202e" not in page
    return page


def test_every_page_shows_her_and_every_search_goes_on(told: str) -> None:
    dora, sten = signed_in("dora"), signed_in("sten", "zh-hans")
    for typed in (told, told[:100], told[:3]):
        assert dora.get("/customers/", {"q": typed}).status_code == 200
        assert regulars("customer", "find", typed, "--because", "she calls").status == 0
        assert program("service").post("/recognise", {"text": typed[:200], "because": "she calls"}).status == 200
    people = list(Customer.objects.exclude(name__in=["Bob Baker", "Cleo Baker"]))
    assert len(people) >= 2
    for one in people:
        opened(dora, f"/customers/{one.number}/")
        opened(sten, f"/customers/{one.number}/sources/")
        opened(at_home(one.number), "/me/data/")
    assert opened(dora, "/customers/?q=bob").count("Bob Baker") >= 1


def test_whoever_seems_to_be_there_twice_is_looked_at_side_by_side_and_merged(told: str) -> None:
    sten = signed_in("sten")
    assert regulars("match", "--because", "spring cleaning").status == 0
    for pair in ReviewPair.objects.all():
        opened(sten, f"/data/duplicates/{pair.id}/")
    first, second = Customer.objects.exclude(name__in=["Bob Baker", "Cleo Baker"]).order_by("id")[:2]
    assert regulars("merge", second.number, first.number, "--yes", "--because", "one person").status == 0
    opened(sten, f"/customers/{first.number}/")
    assert regulars("unmerge", second.number, "--because", "two").status == 0
