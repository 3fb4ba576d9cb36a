"""What can go wrong before Django is awake, told all the same: wrong settings, a broken key, a folder not ours."""

from collections.abc import Callable
from gettext import translation
from pathlib import Path
from typing import Final

from regulars.connections import environment
from regulars.connections.company_door.configured import DoorMisread
from regulars.connections.environment import SettingMisread
from regulars.connections.keys import key_file
from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.postgres import launch_errors
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.desks.cli.language import CHINESE, overview_words, terminal_language

SHARED: Final = Path(__file__).parents[1] / "shared" / "locale"
MISREAD: Final = "The file for signing in with the company's own account cannot be used. Mend it, or take it away:"
CODED: Final = {
    SettingMisread: environment.SENTENCES,
    LauncherError: launch_errors.SENTENCES,
    KeyFileError: key_file.SENTENCES,
}


def sentence_before_waking(error: Exception) -> str:
    """The sentence for an error that keeps Django from waking up, in the terminal's language; "" for any other."""
    if isinstance(error, DoorMisread):
        return f"{overview_words(terminal_language())(MISREAD)} {error}"
    if isinstance(error, SettingMisread | LauncherError | KeyFileError):
        return _words()(CODED[type(error)][error.code]).format(**error.values)
    return ""


def _words() -> Callable[[str], str]:
    if not terminal_language().startswith("zh"):
        return str
    return translation("django", SHARED, [CHINESE], fallback=True).gettext
