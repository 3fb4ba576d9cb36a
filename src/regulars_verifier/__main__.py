"""regulars-verify FILE: says what holds and what does not. Ends with 0 when all holds, 1 when not, 2 when unreadable.

Without --key, compare the key by eye with the one you were told on another way than with the bundle.
"""

import argparse
import os
import sys

from regulars_verifier.bundle import Unreadable, read
from regulars_verifier.house import check_counts, check_dictionary, check_own, check_rights, check_views
from regulars_verifier.log import check_log, goes_on
from regulars_verifier.words import Said, in_words

CHECKS = (check_dictionary, check_views, check_own, check_rights, check_counts, check_log)


def main() -> None:
    """The program."""
    asked = _asked(sys.argv[1:])
    try:
        said = verify(asked.file, key=asked.key, before=asked.before)
    except Unreadable as error:
        print(in_words(Said(False, "unreadable", {"why": error}), chinese=asked.chinese))  # noqa: T201
        sys.exit(2)
    wrong = sum(not one.holds for one in said)
    for one in (*said, Said(not wrong, "verdict", {"n": wrong})):
        print(in_words(one, chinese=asked.chinese))  # noqa: T201  what this program is for
    sys.exit(1 if wrong else 0)


def verify(file: str, *, key: str | None = None, before: str | None = None) -> list[Said]:
    """Everything that was looked at, in the order of the bundle; Unreadable for what is no bundle."""
    bundle, said = read(file, key)
    checks = list(CHECKS)
    if before:
        old, _ = read(before, None)
        checks.append(lambda bundle: goes_on(old, bundle))
    for check in checks:
        try:
            said += check(bundle)
        except Exception as error:  # noqa: BLE001  whatever somebody made of the bundle
            said.append(Said(False, "malformed", {"what": check.__name__, "why": f"{type(error).__name__} {error}"}))
    return said


def _asked(words: list[str]) -> argparse.Namespace:
    speaks = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(n))), "")
    parser = argparse.ArgumentParser(prog="regulars-verify", description=__doc__)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--key", metavar="HEX", help="the public key you expect")
    parser.add_argument("--before", metavar="FILE", help="an earlier bundle, from which the log must go on")
    parser.add_argument("--chinese", action="store_true", default=speaks.startswith("zh"), help="说中文")
    parser.add_argument("--english", dest="chinese", action="store_false")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
