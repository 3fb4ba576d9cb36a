"""Opens the bundle: a zip of stored files, a manifest with the digest of each, the manifest's signature beside it."""

import hashlib
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars_verifier.trees import is_signed
from regulars_verifier.words import Said, some

MANIFEST, SIGNATURE, KIND = "manifest.json", "manifest.sig", "regulars bundle 1"


class Unreadable(Exception):
    """The file is no bundle, or so broken that nothing can be said about what it holds."""


@dataclass(frozen=True)
class Bundle:
    """An open bundle: what the manifest says, and every file by its name (KeyError when it is not there)."""

    manifest: dict[str, Any]
    archive: zipfile.ZipFile

    def json(self, name: str) -> Any:
        """The file, understood."""
        return json.loads(self.archive.read(name))

    def lines(self, name: str) -> list[bytes]:
        """The file, line by line."""
        return self.archive.read(name).split(b"\n")[:-1]


def read(file: str, key: str | None) -> tuple[Bundle, list[Said]]:
    """The bundle, and whether it is whole and signed: by `key`, or by the key it says itself."""
    try:
        archive = _stored(file)
        said, signature = archive.read(MANIFEST), archive.read(SIGNATURE).decode().strip()
        manifest, held = json.loads(said), archive.namelist()
        own, listed = str(manifest["key"]), dict(manifest["files"])
        if manifest["kind"] != KIND:
            raise ValueError(manifest["kind"])
        damaged = sorted(name for name in held if name in listed and _digest(archive, name) != listed[name])
    except Exception as error:  # whatever somebody made of the file
        raise Unreadable(f"{type(error).__name__} {error}") from error
    other = sorted({MANIFEST, SIGNATURE, *listed} ^ set(held)) + [n for n, times in Counter(held).items() if times > 1]
    facts = {"who": manifest.get("company"), "when": manifest.get("made_at"), "n": len(listed), "key": own}
    return Bundle(manifest, archive), [
        Said(True, "bundle", facts),
        Said(is_signed(said, signature, own), "signature", facts),
        Said(key is None or key.strip().lower() == own, "key_expected" if key else "key_by_eye", facts),
        Said(not damaged, "files_whole", {**facts, "what": some(damaged)}),
        Said(not other, "files_listed", {"what": some(other)}),
    ]


def _stored(file: str) -> zipfile.ZipFile:
    """The open archive. A bundle is never compressed: what claims to hold more than the file has room for is none."""
    archive = zipfile.ZipFile(file)
    room = Path(file).stat().st_size
    for one in archive.infolist():
        if one.compress_type != zipfile.ZIP_STORED or one.flag_bits & 1 or one.file_size > room:
            raise ValueError(f"{one.filename} is not stored as it is")
    return archive


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    try:
        return hashlib.sha256(archive.read(name)).hexdigest()
    except zipfile.BadZipFile:  # its own checksum does not hold
        return ""
