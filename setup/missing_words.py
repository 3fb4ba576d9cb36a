"""Prints every sentence that no translation file knows yet, desk by desk, as entries to be filled in with 中文."""

import sys
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.house.words import Sentence, catalogues, marked_sentences


def main() -> None:
    """Print the missing sentences; those of one folder together, each once."""
    known = list(catalogues().values())
    missing = [s for s in marked_sentences() if all(c.get(s.english, s.context or None) is None for c in known)]
    for desk, sentences in groupby(sorted(missing, key=desk_of), key=desk_of):
        print(f"\n# ---- {desk}")  # noqa: T201  what this program is for
        once = {(sentence.context, sentence.english): sentence for sentence in sentences}
        for sentence in once.values():
            print(entry(sentence))  # noqa: T201  likewise


def desk_of(sentence: Sentence) -> str:
    """'src/regulars/desks/service/card.py:12' is of src/regulars/desks/service."""
    return "/".join(sentence.where.split("/")[:4])


def entry(sentence: Sentence) -> str:
    """The sentence as an entry of a .po file."""
    context = f"msgctxt {quoted(sentence.context)}\n" if sentence.context else ""
    return f'\n#: {sentence.where}\n{context}msgid {quoted(sentence.english)}\nmsgstr ""'


def quoted(text: str) -> str:
    """The text between quotes, as .po files want it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
