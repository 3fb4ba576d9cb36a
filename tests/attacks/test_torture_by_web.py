"""Files that nobody wants, through the page and through the HTTP API, in both languages: each ends in a sentence one
can act on, nothing is lost or doubled, nothing of it lies about afterwards or stands in a log."""

import io
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from regulars.desks.night_shift.jobs import run_worker
from regulars.desks.shared import arriving
from regulars.desks.shared.turns import InTurn
from regulars.journeys.sweep_files import sweep_files
from regulars.records.customers.models import Customer
from regulars.records.intake.models import ImportRun
from regulars.records.orders.models import OrderLine
from regulars.records.staff.actions import hire
from regulars.site.quiet_log import WithoutValues
from tests.desks.api.programs import Program, program
from tests.desks.data_room.test_pages import confirmed
from tests.desks.visitors import signed_in
from tests.journeys.order_files import open_shop
from tests.set_aside import rows_aside
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")

HEADINGS = "order_no,customer_no,order_date,product_name,amount\r\n"
MAIL, PHONE = "zoe.quist@example.org", "+8613900007654"
LANGUAGES = ("en", "zh-hans")
#: Files that cannot be a file of orders: what they hold, and why they are refused.
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("orders.csv", b"", "empty"),
    "only headings": ("orders.csv", HEADINGS.encode(), "only_header"),
    "one column": ("orders.csv", b"order_no\r\nR1\r\nR2\r\n", "meaning_missing"),
    "a column of formulas": (
        "sums.csv",
        "订单号,会员号,下单时间,实付\r\n".encode()
        + b"".join(b"R%d,M1,2025-03-01,=SUM(A1:B1)\r\n" % n for n in range(9)),
        "column_holds_something_else",
    ),
    "endless line": ("orders.csv", HEADINGS.encode() + b"R1,M1,2025-03-01,x," + b"9" * 2_000_000, "line_too_long"),
    "a picture": ("orders.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
    "an archive": ("orders.zip", b"PK\x03\x04" + bytes(200), "damaged"),
    "broken parquet": ("orders.parquet", b"PAR1" + bytes(50) + b"PAR1", "damaged"),
}


@pytest.fixture(autouse=True)
def staff() -> None:
    open_shop()
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Everything the house wrote to its log, as its handler writes it."""
    caplog.set_level(logging.INFO)
    form = WithoutValues()
    yield lambda: "\n".join(form.format(one) for one in caplog.records)


def page_says(client: Client, name: str, content: bytes) -> str:
    """The page the steward ends at, who does what each page offers her."""
    answer = client.post("/data/bring/", {"file": SimpleUploadedFile(name, content), "new_source": "till"})
    if answer.status_code == 302:
        run = ImportRun.objects.latest("id").id
        answer = confirmed(client, run)
        if answer.status_code == 302:
            client.get(answer["Location"])
            client.post(f"/data/imports/{run}/start/")
            run_worker(until_empty=True, signals=False)
            answer = client.get(f"/data/imports/{run}/")
    assert answer.status_code in (200, 422)
    return str(answer.content.decode())


def api_says(asks: Program, name: str, content: bytes) -> tuple[str, str]:
    """(code, sentence) a program ends at that does one step after the other as proposed."""
    answer = asks.bring(content, name, source="till")
    if answer.status == 201:
        run = answer.told["id"]
        look = asks.get(f"/imports/{run}/look").told
        answer = asks.put(f"/imports/{run}/settings", {"columns": look["columns"], "answers": {}})
        if answer.status == 200:
            asks.post(f"/imports/{run}/trial", {})
            assert asks.post(f"/imports/{run}/start").status == 202
            run_worker(until_empty=True, signals=False)
            return "", str(asks.get(f"/imports/{run}").told)
    assert 400 <= answer.status < 500, answer
    return answer.code(), answer.told["sentence"]


def lies_about() -> list[str]:
    """Files of the home's folder for files that no import reads."""
    kept = set(ImportRun.objects.exclude(state="finished").values_list("file_path", flat=True))
    return [str(one) for one in settings.HOME.files.rglob("*") if one.is_file() and one.name not in kept]


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_file_of_orders_ends_in_a_sentence_by_page_and_program(what: str, told: Callable[[], str]) -> None:
    name, content, code = REFUSED[what]
    said = set()
    for language in LANGUAGES:
        asks = program("steward", language)
        got, sentence = api_says(asks, name, content)
        assert got == code, sentence
        said.add(sentence)
        page = page_says(signed_in("sten", language), name, content)
        assert sentence[:20] in page, sentence
    assert len(said) == 2, "each language has a sentence of its own"
    assert not OrderLine.objects.exists() and not Customer.objects.exists()
    for run in ImportRun.objects.filter(state="looking"):
        assert program("steward").delete(f"/imports/{run.id}").status == 204
    assert lies_about() == []
    assert "Traceback" not in told()


def rows(count: int) -> str:
    return "".join(f"R{n},M{n % 7},2025-03-{n % 28 + 1:02},Wool,{n}.00\r\n" for n in range(count))


ODD = (
    "R1'; DROP TABLE order_line; --,=HYPERLINK(0),2025-03-01,<script>alert(1)</script>,1.00\r\n"
    "R2,M1,2025/3/2,毛衣,2.00\r\nR3,M1,20250303,Wool,3.00\r\n"
    "R4,M1,2025年3月4日,Wool,4.00\r\nR5,M1,5 Mar 2025,Wool,5.00\r\n"
    f"R6,{MAIL},2025-03-06,Wool,6.00\r\nR7,{PHONE},2025-03-07,Wool,7.00\r\n"
    f"R8,M1,{MAIL},Wool,8.00\r\nR9,M1,2025-03-09,{PHONE},=1+1\r\nR10,M1,2025-03-10\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("way", ["page", "program"])
def test_odd_rows_are_taken_or_set_aside_and_every_one_is_there(
    way: str, encoding: str, told: Callable[[], str]
) -> None:
    """Names that are SQL, HTML and formulas, dates in five formats, mails among numbers: 7 taken, 3 set aside."""
    content = (HEADINGS + ODD).encode(encoding)
    page = page_says(signed_in("sten"), "odd.csv", content) if way == "page" else ""
    if way == "program":
        code, said = api_says(program("steward"), "odd.csv", content)
        assert code == "", said
    run = ImportRun.objects.get()
    assert (run.state, run.rows_read, run.rows_new, run.rows_refused) == ("finished", 10, 7, 3)
    assert sorted(row.row_number for row in rows_aside() if row.raw) == [9, 10, 11]
    assert set(OrderLine.objects.values_list("ordered_at__day", flat=True)) <= {1, 2, 3, 4, 5, 6, 7, 28}
    assert "<script>" not in page
    assert MAIL not in told() and PHONE not in told()
    assert lies_about() == []


def test_many_bad_rows_are_all_set_aside_and_read_page_by_page(told: Callable[[], str]) -> None:
    bad = HEADINGS + rows(200) + "".join(f"R{n},M1,{MAIL},Wool,?\r\n" for n in range(1000, 1130))
    sten = signed_in("sten")
    page = page_says(sten, "bad.csv", bad.encode())
    run = ImportRun.objects.get()
    assert (run.rows_new, run.rows_refused) == (200, 130)
    assert len(page) < 60_000
    assert MAIL not in told()
    seen, after, pages = 0, 0, 0
    while True:
        part = sten.get(f"/data/imports/{run.id}/set-aside/", {"after": after})
        assert len(part.content) < 150_000
        seen, pages = seen + part.content.decode().count("<tr>") - 1, pages + 1
        further = {int(one) for one in re.findall(r"after=([0-9]+)", part.content.decode())} - {after}
        if not further:
            break
        after = max(further)
    assert (seen, pages) == (130, 2)
    assert sum(MAIL in row.raw for row in rows_aside()) == 130


def test_the_same_file_twice_at_once_is_there_once() -> None:
    """Two programs bring it, confirm it and start it in the same second; the night shift does both."""
    content = (HEADINGS + rows(300)).encode()
    asks = [program("steward") for _ in range(2)]
    brought: list[int] = []

    def bring(one: Program) -> None:
        try:
            run = one.bring(content, source="till").told["id"]
            look = one.get(f"/imports/{run}/look").told
            one.put(f"/imports/{run}/settings", {"columns": look["columns"], "answers": {}})
            assert one.post(f"/imports/{run}/start").status == 202
            brought.append(run)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=bring, args=(one,)) for one in asks]
    [one.start() for one in threads], [one.join() for one in threads]
    run_worker(until_empty=True, signals=False)
    assert len(set(brought)) == 2
    assert OrderLine.objects.count() == 300
    runs = ImportRun.objects.order_by("started_at")
    assert [one.state for one in runs] == ["finished"] * 2
    assert sum(one.rows_new for one in runs) == 300
    assert Customer.objects.count() == 7


# broken off and too large


def through(client: Client, path: str, body: bytes, length: int, **more: str) -> tuple[str, bytes]:
    """The answer of the whole application, as the server hands it a body that ends after what came."""
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    environ = RequestFactory()._base_environ(
        PATH_INFO=path, REQUEST_METHOD="POST", CONTENT_TYPE=MULTIPART_CONTENT, CONTENT_LENGTH=str(length),
        HTTP_COOKIE=cookies, **more,
    )  # fmt: skip
    environ["wsgi.input"] = io.BytesIO(body)
    said: list[str] = []
    answer: Any = InTurn(get_wsgi_application())(environ, lambda status, _headers, *_: said.append(status))
    body = b"".join(answer)
    getattr(answer, "close", list)()
    return said[0], body


@pytest.mark.parametrize("size", [200, 20_000], ids=["a small file", "a large file"])
@pytest.mark.parametrize("way", ["page", "program"])
def test_an_upload_that_breaks_off_is_nothing_at_all(way: str, size: int, told: Callable[[], str]) -> None:
    """Half of the file has come when the line goes: no half file waits to be confirmed, and none lies on the disk."""
    client, content = Client(), (HEADINGS + rows(size)).encode()
    client.cookies = signed_in("sten").cookies
    asks = program("steward")
    body = encode_multipart(
        BOUNDARY, {"source": "till", "new_source": "till", "file": SimpleUploadedFile("o.csv", content)}
    )
    path = "/data/bring/" if way == "page" else "/api/imports"
    more = {} if way == "page" else {"HTTP_AUTHORIZATION": f"Bearer {asks.secret}", "HTTP_IDEMPOTENCY_KEY": "k-1"}
    status, answer = through(client, path, body[: len(body) * 2 // 3], len(body), **more)
    assert status[:3] in ("400", "403")
    assert not ImportRun.objects.exists()
    assert lies_about() == []
    assert "Traceback" not in told()
    if way == "program":
        assert "whole" in answer.decode()
        status, answer = through(client, path, body, len(body), **more)
        assert status[:3] == "201", answer


def test_a_stranger_puts_nothing_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """She has no account, a form of her own making and patience."""
    written: list[int] = []
    receive = arriving.IntoTheHome.receive_data_chunk
    monkeypatch.setattr(
        arriving.IntoTheHome,
        "receive_data_chunk",
        lambda self, raw, start: written.append(len(raw)) or receive(self, raw, start),
    )
    for path in ("/data/bring/", "/sign-in/", "/me/", "/api/imports", "/nowhere/", "/api/nowhere"):
        answer = Client().post(path, {"file": SimpleUploadedFile("x", b"x" * 300_000), "csrfmiddlewaretoken": "a"})
        assert answer.status_code in (200, 302, 401, 403, 404, 405, 422), path
    assert written == []
    assert lies_about() == []
    assert signed_in("sten").post("/data/bring/", {"file": SimpleUploadedFile("x", b"x" * 300_000)}).status_code == 200
    assert sum(written) == 300_000, "the same file of somebody who works here is written"


def test_a_file_the_disk_has_no_room_for_is_told_before_it_is_written(
    monkeypatch: pytest.MonkeyPatch, told: Callable[[], str]
) -> None:
    full = type("Usage", (), {"free": 100_000, "total": 1, "used": 1})
    monkeypatch.setattr(arriving.shutil, "disk_usage", lambda _: full)
    content = (HEADINGS + rows(5_000)).encode()
    sentences = {"en": "no room on the disk", "zh-hans": "磁盘放不下"}
    for language in LANGUAGES:
        assert sentences[language] in page_says(signed_in("sten", language), "large.csv", content)
        code, sentence = api_says(program("steward", language), "large.csv", content)
        assert (code, sentences[language] in sentence) == ("no_room_for_file", True)
    assert not ImportRun.objects.exists()
    assert lies_about() == []
    assert "Traceback" not in told()


def test_what_arrives_lies_in_the_home_for_our_eyes_only_and_is_swept_when_somebody_was_killed() -> None:
    """Nothing of a file is ever in a folder others look into; what a killed process left goes after a day."""
    seen: dict[str, int] = {}

    class Looking(arriving.IntoTheHome):
        def file_complete(self, file_size: int) -> Any:
            place = Path(self.file.temporary_file_path())
            seen.update({str(one): one.stat().st_mode & 0o777 for one in (place, place.parent, place.parent.parent)})
            return super().file_complete(file_size)

    handlers, settings.FILE_UPLOAD_HANDLERS = settings.FILE_UPLOAD_HANDLERS, [f"{__name__}.Looking"]
    globals()["Looking"] = Looking
    try:
        signed_in("sten").post("/data/bring/", {"file": SimpleUploadedFile("o.csv", rows(9).encode())})
    finally:
        settings.FILE_UPLOAD_HANDLERS = handlers
    assert list(seen.values()) == [0o600, 0o700, 0o700]
    assert all(str(settings.HOME.files) in one for one in seen)
    run = program("steward").bring((HEADINGS + rows(9)).encode(), source="till").told["id"]
    needed = settings.HOME.files / "imports" / ImportRun.objects.get(id=run).file_path
    left = [settings.HOME.files / one for one in ("arriving/half.upload", "imports/" + "0" * 32, "tmpabc/x.parquet")]
    for one in left:
        one.parent.mkdir(parents=True, exist_ok=True)
        one.write_bytes(MAIL.encode())
    assert sweep_files() == 0, "whoever is at work is left alone"
    long_ago = time.time() - 2 * 86_400
    for one in (*left, left[2].parent, needed):
        os.utime(one, (long_ago, long_ago))
    assert sweep_files() == 3
    assert not any(one.exists() for one in left)
    assert needed.exists()
