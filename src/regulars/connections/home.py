"""Where everything of one installation lives: database, warehouse, keys, uploaded files, mail."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PRIVATE = 0o700
# Root's database server runs as another account: it has to walk through the home, but not to look around in it.
WALK_THROUGH = 0o711


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one installation. Nothing is created before `folder()` or `create()` is called."""

    path: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Home":
        """Return the home that `REGULARS_HOME` names, else `.regulars` in the checkout, else the user's data folder."""
        environment = os.environ if environment is None else environment
        if named := environment.get("REGULARS_HOME"):
            return cls(Path(named).expanduser().absolute())
        return cls(_home_in_checkout(Path(__file__)) or _home_of_user(environment))

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def files(self) -> Path:
        """Uploaded files, kept until their import is finished, and the refused rows of each import."""
        return self.path / "files"

    @property
    def mail(self) -> Path:
        """Messages the local post box received."""
        return self.path / "mail"

    def create(self) -> Path:
        """Make the home folder if it is missing; the permissions of one that is there already stay as they are."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return _made(self.path, WALK_THROUGH if os.geteuid() == 0 else PRIVATE)

    def folder(self, name: str) -> Path:
        """Return the private (0700) folder of that name in the home, made if it is missing."""
        return _made(self.create() / name, PRIVATE)


def _made(folder: Path, mode: int) -> Path:
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        return folder
    folder.chmod(mode)  # mkdir's mode is cut down by the umask
    _give_to_owner_of(folder.parent, folder)
    return folder


def _give_to_owner_of(parent: Path, folder: Path) -> None:
    """Root may work in the home of another account, which has to get along without root tomorrow."""
    if os.geteuid() == 0 and parent.name and (entry := parent.stat()).st_uid != 0:
        os.chown(folder, entry.st_uid, entry.st_gid, follow_symlinks=False)


def _home_in_checkout(file: Path) -> Path | None:
    """Return `.regulars` of the checkout that holds this file, if it is one and we may write there."""
    project = file.resolve().parents[3]
    home = project / ".regulars"
    if not (project / "pyproject.toml").is_file() or not (project / "src" / "regulars").is_dir():
        return None
    return home if home.exists() or os.access(project, os.W_OK) else None


def _home_of_user(environment: Mapping[str, str]) -> Path:
    data = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser().absolute() / "regulars"
