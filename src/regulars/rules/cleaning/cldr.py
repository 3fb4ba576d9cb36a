"""What countries and languages are called in the languages of the world (Unicode CLDR, as Babel has it)."""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Final, Literal

from babel import Locale
from babel.core import get_global

from regulars.rules.cleaning.writing import plain_letters

#: In whose words files are read. Where one word means different things in two of them, the earlier one counts.
_SPOKEN: Final = (
    "en zh zh_Hant de fr es it pt nl pl ru ja ko sv da nb fi cs hu tr el uk ro vi id ms th ar he hi".split()
)


@cache
def country_words() -> dict[str, str]:
    """What countries are called, in plain letters, and their three letters → two letters (ISO 3166).

    >>> [country_words()[word] for word in ("portugal", "schweden", "墨西哥", "prt")]
    ['PT', 'SE', 'MX', 'PT']
    """
    return {
        word: code
        for word, code in _words("territories", "territory_aliases")
        if len(code) == 2 and not word.isdecimal()
    }


@cache
def language_words() -> dict[str, str]:
    """What languages are called, in plain letters, and their three letters (ISO 639-2) → tag (BCP 47).

    >>> [language_words()[word] for word in ("portuguese", "niederlandisch", "越南语", "dut")]
    ['pt', 'nl', 'vi', 'nl']
    """
    return dict(_words("languages", "language_aliases"))


def _words(what: str, aliases: Literal["territory_aliases", "language_aliases"]) -> Iterator[tuple[str, str]]:
    """(word, code), of two for one word the one that counts last."""
    codes = ((word, code if isinstance(code, str) else code[0]) for word, code in get_global(aliases).items()
             if len(word) == 3 and len(code) == (1 if isinstance(code, list) else 2))  # fmt: skip
    names = chain.from_iterable(
        ((name, code) for code, name in getattr(Locale.parse(language), what).items()) for language in reversed(_SPOKEN)
    )
    return ((plain_letters(word), code) for word, code in chain(codes, names))
