"""Turns every django.po into the django.mo that gettext reads; compiled files are not committed."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES = Path(__file__).resolve().parent.parent / "src" / "regulars"


def main() -> None:
    """Write each .mo file that is missing or older than its .po file."""
    for source in sorted(SOURCES.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_one(source, target)


def compile_one(source: Path, target: Path) -> None:
    """Compile one file; a translation that is marked as unsure (fuzzy) is left out, as gettext does."""
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parents[1].name, abort_invalid=True)
    half = target.with_suffix(".new")
    with half.open("wb") as compiled:
        write_mo(compiled, catalogue)
    half.replace(target)
    sys.stderr.write(f"Compiled {target.relative_to(SOURCES)}\n")


if __name__ == "__main__":
    main()
