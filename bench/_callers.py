"""Sixteen people at their desks, who ask for the next page as soon as the last one has come: HTTP/1.1, kept alive.

A connection the server ends is opened anew, as a browser would; the time that takes belongs to the next answer.

Usage: `python -m bench._callers`, told what to do as JSON on standard input; prints JSON. A process of its own, so that
its work does not stand in the server's way more than a browser's would.
"""

import asyncio
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any


class Unexpected(Exception):
    """The server answered, but not with the page that was asked for."""


async def call(
    connections: int, seconds: float, pages: list[tuple[str, str]], jars: list[str], port: int
) -> list[float]:
    """Milliseconds of every answer, from sending the question to the last byte of the page.

    `pages` are (path, what must stand in the page); each caller goes through them in an order of her own, each page as
    the next of those signed in whose cookies are in `jars`: a clerk may open only so many files an hour.
    """
    until, clerks = time.monotonic() + seconds, itertools.cycle(jars)
    callers = [_caller(number, until, pages, clerks, port) for number in range(connections)]
    return [took for times in await asyncio.gather(*callers) for took in times]


async def _caller(
    number: int, until: float, pages: list[tuple[str, str]], clerks: Iterator[str], port: int
) -> list[float]:
    reader, writer = await _connected(port)
    times: list[float] = []
    for path, marker in _shuffled(pages, number):
        began = time.perf_counter()
        if writer.is_closing():
            reader, writer = await _connected(port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\nCookie: {next(clerks)}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        times.append((time.perf_counter() - began) * 1000)
        if not head.startswith(b"HTTP/1.1 200") or marker.encode() not in body:
            raise Unexpected(f"{path}: {head.decode()}\n{body[:2000].decode(errors='replace')}")
        if b"connection: close" in head.lower():
            writer.close()
        if time.monotonic() > until:
            break
    writer.close()
    return times


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)


def _shuffled(pages: list[tuple[str, str]], number: int) -> Iterator[tuple[str, str]]:
    dice = random.Random(number)  # the same every time, so that runs compare
    while True:
        yield dice.choice(pages)


def _length(head: bytes) -> int:
    fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if b": " in line)
    return int(fields[b"content-length"])


def main() -> None:
    """One run as told."""
    told: dict[str, Any] = json.load(sys.stdin)
    told["pages"] = [tuple(page) for page in told["pages"]]
    began = time.monotonic()
    times = asyncio.run(call(**told))
    print(json.dumps({"seconds": time.monotonic() - began, "times": times}))


if __name__ == "__main__":
    main()
