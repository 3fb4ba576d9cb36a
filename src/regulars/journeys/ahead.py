"""The next piece of work is made while the one before is still being used."""

import queue
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
_LOOK_UP_SECONDS = 0.2


class Ahead(Generic[T]):
    """The same items in the same order, made in a thread of their own, at most `room` of them waiting.

    An error on the way comes out where the item would have. Use it as a context: leaving it ends the thread.
    """

    def __init__(self, items: Iterator[T], *, room: int = 1) -> None:
        self._items = items
        self._made: queue.Queue[tuple[str, T | BaseException | None]] = queue.Queue(maxsize=room)
        self._enough = threading.Event()
        self._maker = threading.Thread(target=self._make, name="ahead", daemon=True)

    def __enter__(self) -> Iterator[T]:
        self._maker.start()
        return self._handed_out()

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._maker.join()

    def _make(self) -> None:
        try:
            for item in self._items:
                if not self._put(("item", item)):
                    return
            self._put(("end", None))
        except BaseException as error:  # noqa: BLE001  (told where the item would have come out)
            self._put(("error", error))

    def _put(self, made: tuple[str, T | BaseException | None]) -> bool:
        while not self._enough.is_set():
            try:
                self._made.put(made, timeout=_LOOK_UP_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def _handed_out(self) -> Iterator[T]:
        while True:
            kind, item = self._made.get()
            if kind == "end":
                return
            if isinstance(item, BaseException):
                raise item
            yield item  # type: ignore[misc]  # kind is "item"
