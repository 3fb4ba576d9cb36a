"""Files on their way in: into the home and nowhere else, only from who may bring any, and as long as there is room.

A browser's form is read before its page is asked anything, so whatever a stranger sends would lie on the disk before
anybody had looked at who she is. Files left by a process that was killed are swept by the night shift.
"""

import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from regulars.rules.permission.errors import BadInput

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class NothingHalf:
    """Middleware: of a file that broke off on its way in nothing lies about once the answer is made."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            for one in getattr(request, "arriving", ()):
                one.drop_half()


class IntoTheHome(TemporaryFileUploadHandler):
    """Keeps a file in the home's folder for files; what nobody may bring, or nobody has room for, is not written."""

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *more: Any) -> None:
        """Twice the size has to be free: the file as it arrives, and the house's copy of it."""
        folder = settings.HOME.folder(settings.HOME.files.name) / settings.ARRIVING
        folder.mkdir(mode=0o700, exist_ok=True)
        self.half = False
        self.request.arriving = [self]  # type: ignore[union-attr]
        free = shutil.disk_usage(folder).free
        self.known = _may_bring(self.request)
        self.room = 2 * content_length < free
        if self.known and not self.room:
            self.request.no_room = {"needed": 2 * content_length, "free": free}  # type: ignore[union-attr]

    def new_file(self, *said: Any, **named: Any) -> None:
        """SkipFile where it is not to be kept: the rest of the form is read."""
        if not (self.known and self.room):
            raise SkipFile
        super().new_file(*said, **named)
        self.half = True

    def file_complete(self, file_size: int) -> Any:
        """The file, which is whole."""
        self.half = False
        return super().file_complete(file_size)

    def drop_half(self) -> None:
        """A file that was begun and did not end is gone."""
        if self.half:
            self.upload_interrupted()
            self.half = False


def demand_room(request: HttpRequest) -> None:
    """BadInput where a file that came with this request was too large for the disk."""
    if wanted := getattr(request, "no_room", None):
        raise BadInput("no_room_for_file", {"name": "", **wanted})


def _may_bring(request: HttpRequest | None) -> bool:
    """Whoever is signed in; a program's token is looked at before its files are."""
    return request is not None and (getattr(request, "staff", None) is not None or request.path.startswith("/api/"))
