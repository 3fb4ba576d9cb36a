"""The installation's secret keys, one small file each, kept outside the database.

A stolen dump of the database can therefore not be searched by a guessed phone number, nor its links be forged.
"""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from regulars.connections.home import Home

KEY_BYTES = 32
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def _(sentence: str) -> str:
    """Marks a sentence for translation; whoever tells it, translates it."""
    return sentence


SENTENCES = {
    "bad_name": _("A key's name has small letters, digits and underscores; {name} has not."),
    "bad_key": _("{where} should hold {bytes} bytes as {digits} hexadecimal digits, and does not."),
    "open_to_others": _(
        "{where} can be opened by other accounts. Take away their rights (chmod 600) or replace the key."
    ),
    "not_readable": _("{where} cannot be read or written by this account: {reason}."),
    "key_missing": _(
        "The key {name} is not there, and what it locks cannot be opened without it. Put it back from its backup."
    ),
    "key_of_another_house": _(
        "The key {name} is not the one this database was locked with. Put back the right one from its backup."
    ),
    "service_silent": _("The key service was asked for {name} and gave no key: {reason}."),
    "does_not_open": _("A cell cannot be opened: it was altered, moved, or locked with another key."),
    "forgotten": _("This key was destroyed when the customer was erased; nothing opens what it locked."),
    "cannot_make": _("The key {name} has to be made where the other keys come from ({where}); then ask again."),
}


class KeyFileError(Exception):
    """A key cannot be read or made. `code` picks the sentence, `values` fill it in; the key itself is in neither."""

    def __init__(self, code: str, values: Mapping[str, object]) -> None:
        self.code = code
        self.values = dict(values)
        super().__init__(SENTENCES[code].format(**values))


class KeyFile:
    """Named keys of 32 random bytes, made when first asked for and the same ever after."""

    def __init__(self, home: Home, environment: Mapping[str, str] | None = None) -> None:
        self._home = home
        self._environment = os.environ if environment is None else environment

    def read(self, name: str) -> bytes:
        """Return the 32 bytes of that key; `REGULARS_KEY_<NAME>` (64 hexadecimal digits) goes before the file.

        Any number of processes may ask at once for a key that is not there yet: they all get the same one.
        """
        if not NAME.match(name):
            raise KeyFileError("bad_name", {"name": name})
        variable = f"REGULARS_KEY_{name.upper()}"
        if variable in self._environment:
            return key_in(self._environment[variable], variable)
        return self._from_file(self.path(name))

    def adopt(self, name: str, key: bytes) -> None:
        """The key of that name is this one, unless there is one already: for a demonstration anybody can reproduce."""
        if len(key) != KEY_BYTES:
            raise KeyFileError("bad_key", {"where": name, "bytes": KEY_BYTES, "digits": 2 * KEY_BYTES})
        if not self.is_there(name):
            self._home.folder(self._home.keys.name)
            _make(self.path(name), key)

    def path(self, name: str) -> Path:
        """Return where the key of that name is kept."""
        return self._home.keys / name

    def is_there(self, name: str) -> bool:
        """Tell whether this key exists already, without making it."""
        return f"REGULARS_KEY_{name.upper()}" in self._environment or self.path(name).exists()

    def _from_file(self, path: Path) -> bytes:
        try:
            if not path.exists():
                self._home.folder(self._home.keys.name)
                _make(path)
            return _read(path)
        except OSError as error:
            raise KeyFileError("not_readable", {"where": path, "reason": error.strerror}) from error


def _make(path: Path, key: bytes | None = None) -> None:
    """Write a new key whole to the disk before it gets its name; whoever comes second leaves the first one's alone."""
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write((key.hex() if key else secrets.token_hex(KEY_BYTES)) + "\n")
        file.flush()
        os.fsync(file.fileno())
        give_to_owner_of(path.parent, file.fileno())
    try:
        os.link(half, path)  # unlike a rename, this fails when the name is taken
    except FileExistsError:
        pass
    finally:
        half.unlink()
    sync_folder(path.parent)


def _read(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise KeyFileError("open_to_others", {"where": path})
    return key_in(path.read_text(errors="replace"), str(path))


def key_in(text: str, where: str) -> bytes:
    """The key these hexadecimal digits say; KeyFileError `bad_key`, which repeats none of them."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError("bad_key", {"where": where, "bytes": KEY_BYTES, "digits": 2 * KEY_BYTES})
    return key


def give_to_owner_of(folder: Path, file: int) -> None:
    """Root may make a key in the home of another account, which has to read it tomorrow."""
    if os.geteuid() == 0:
        entry = folder.stat()
        os.fchown(file, entry.st_uid, entry.st_gid)


def write_over(file: IO[bytes]) -> None:
    """Nothing but zeros is where the file's words were, and on the disk."""
    file.seek(0)
    file.write(bytes(os.fstat(file.fileno()).st_size))
    file.flush()
    os.fsync(file.fileno())


def destroy(path: Path) -> None:
    """The file is gone, and what a killed process left half made of it; what they said is written over first."""
    for one in (path, *path.parent.glob(f".{path.name}.*")):
        if one.exists():
            with suppress(PermissionError), one.open("r+b") as file:  # root's: it can be taken away all the same
                write_over(file)
            one.unlink()


def sync_folder(folder: Path) -> None:
    """Have the new name itself on the disk, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
