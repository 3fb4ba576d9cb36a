"""A file is taken into the house, looked at, and understood: what it is, what its columns mean, what is still open."""

import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from regulars.connections.files import CannotRead, FileLook, look
from regulars.records.company.access import company
from regulars.records.intake.access import SourceFacts
from regulars.records.intake.actions import KeptFile
from regulars.rules.cleaning.cleaned import NOTHING_LEFT
from regulars.rules.intake.changed_columns import ChangedColumns, changed_columns
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.proposing import Proposal, propose
from regulars.rules.permission.errors import BadInput

FOLDER: Final = "imports"
LONGEST_NAME: Final = 120
#: What reading the file again needs of the look.
_KEPT: Final = (
    "format", "size", "headers", "rows", "rows_exact", "header_row", "encoding", "delimiter", "sheet",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A file taken in and understood as far as it can be without asking; `remembered` is how the source's last file was
    understood."""

    file: KeptFile
    look: FileLook
    proposal: Proposal
    remembered: ImportSettings | None = None

    @property
    def changed(self) -> ChangedColumns | None:
        """How its columns differ from those of the source's last file of the kind; None where they do not."""
        before = self.remembered
        same_kind = before is not None and before.kind == self.proposal.settings.kind
        has_headings = self.look.header_row or self.look.format == "parquet"
        return changed_columns(before, self.look.headers) if same_kind and has_headings else None


def keep_file(path: str | Path) -> KeptFile:
    """A copy of the file in the house; BadInput when it is not there, is a folder, or the disk has no room for it."""
    origin = Path(path)
    if origin.is_dir():
        raise BadInput("is_a_folder", {"name": origin.name})
    try:
        with origin.open("rb") as file:
            return _kept(origin.name, iter(lambda: file.read(1 << 22), b""), os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        raise BadInput("not_there", {"name": str(path)}) from None
    except PermissionError:
        raise BadInput("not_readable", {"name": str(path)}) from None


def keep_upload(name: str, pieces: Iterable[bytes], size: int) -> KeptFile:
    """The same for a file that comes in pieces."""
    return _kept(name, pieces, size)


def drop_file(file_path: str) -> None:
    """The house's copy is gone; nothing happens when it was already."""
    kept = place_of(file_path)
    kept.unlink(missing_ok=True)


def place_of(file_path: str) -> Path:
    """Where a kept file is. BadInput for a name that would lead out of the folder."""
    folder = settings.HOME.files / FOLDER
    place = folder / file_path
    if place.parent != folder:
        raise BadInput("not_there", {"name": file_path})
    return Path(place)


def look_at_file(
    file: KeptFile,
    *,
    source_ref: str,
    source: SourceFacts | None,
    kind: str = "",
    wishes: Mapping[str, Any] | None = None,
) -> LookedAt:
    """What the kept file is and how it would be read. `wishes` (encoding, delimiter, sheet, header_row) count as said;
    a header_row of 0 says that the file has no headings.

    BadInput with CannotRead's code when it is no table.
    """
    remembered = _remembered(source, kind)
    asked = {name: value for name, value in (wishes or {}).items() if _is_said(value)}
    try:
        seen = look(place_of(file.path), **(asked or _reading(remembered)))
    except CannotRead as error:
        raise BadInput(error.code, error.values | {"name": file.name}) from error
    facts = company()
    proposal = propose(
        seen.headers, seen.evidence, source_ref=source_ref, kind=kind, zone=facts.timezone, currency=facts.currency,
        country=facts.country, remembered=remembered,
    )  # fmt: skip
    leave = frozenset(source.leave) if source else NOTHING_LEFT
    proposal = replace(proposal, settings=replace(proposal.settings, leave=leave))
    named = replace(seen, name=file.name)
    return LookedAt(replace(file, digest=seen.digest), named, _with_wishes(proposal, asked), remembered)


def look_settings(looked: FileLook) -> dict[str, Any]:
    """What must be known to read the file again, for a JSON column."""
    return {name: list(value) if isinstance(value := getattr(looked, name), tuple) else value for name in _KEPT}


def look_again(file: KeptFile, kept: Mapping[str, Any]) -> FileLook:
    """The look that `look_settings` came from, without reading the file."""
    known: dict[str, Any] = {name: tuple(kept[name]) if isinstance(kept[name], list) else kept[name] for name in _KEPT}
    return FileLook(path=str(place_of(file.path)), name=file.name, digest=file.digest, **known)


def _kept(name: str, pieces: Iterable[bytes], size: int) -> KeptFile:
    folder = settings.HOME.folder(settings.HOME.files.name) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size:
        raise BadInput("no_room_for_file", {"name": name, "needed": size, "free": free})
    shown = "".join(letter for letter in Path(name).name if letter.isprintable())[:LONGEST_NAME] or "file"
    place = folder / uuid.uuid4().hex
    try:
        _write(place, pieces)
    except OSError as error:
        place.unlink(missing_ok=True)
        raise BadInput("no_room_for_file", {"name": shown, "needed": size, "free": free}) from error
    return KeptFile(shown, place.name, "")


def _write(place: Path, pieces: Iterable[bytes]) -> None:
    """The name is ours alone and the file is for our eyes only."""
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _remembered(source: SourceFacts | None, kind: str) -> ImportSettings | None:
    """How the last file of this kind from this source was understood; without a kind, the last of any."""
    if source is None:
        return None
    kinds = [kind] if kind else [known for known in ("orders", "customers") if known in source.settings]
    found = next((source.settings[known] for known in kinds if known in source.settings), None)
    return ImportSettings.from_json(found) if found else None


def _reading(remembered: ImportSettings | None) -> dict[str, Any]:
    """What a person once set by hand for reading this source's files."""
    if remembered is None:
        return {}
    asked = {name: getattr(remembered, name) for name in ("encoding", "delimiter", "sheet", "header_row")}
    return {name: value for name, value in asked.items() if _is_said(value)}


def _is_said(value: object) -> bool:
    """A heading row of 0 is an answer: there are no headings."""
    return value is not None and value != ""


def _with_wishes(proposal: Proposal, asked: Mapping[str, Any]) -> Proposal:
    known = {field.name for field in fields(ImportSettings)}
    return replace(proposal, settings=replace(proposal.settings, **{n: v for n, v in asked.items() if n in known}))


def question_values(proposal: Proposal) -> list[dict[str, Any]]:
    """The open questions as plain values, for pages and programs."""
    return [asdict(question) | {"values": dict(question.values)} for question in proposal.questions]
