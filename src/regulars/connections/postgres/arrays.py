"""Lists as PostgreSQL writes arrays, for statements that take a hundred rows at once.

The driver looks at every element by itself and costs ten microseconds for a row of ten cells; one pass over the text
costs one.
"""

from collections.abc import Iterable


def array_of(texts: Iterable[str | None]) -> str:
    """The texts as one array literal, to be cast to `text[]`, `uuid[]` or `timestamptz[]`; None is NULL.

    >>> array_of(["a", None, 'say "x"', "b\\\\c", "", "null"])
    '{"a",NULL,"say \\\\"x\\\\"","b\\\\\\\\c","","null"}'
    """
    return "{" + ",".join("NULL" if text is None else f'"{_quoted(text)}"' for text in texts) + "}"


def array_of_numbers(numbers: Iterable[int | None]) -> str:
    """The numbers as one array literal.

    >>> array_of_numbers([1, None, -3])
    '{1,NULL,-3}'
    """
    return "{" + ",".join("NULL" if number is None else str(number) for number in numbers) + "}"


def array_of_words(words: Iterable[str]) -> str:
    """Words that need no quotes, such as digests, codes and moments with a T, as one array literal.

    >>> array_of_words(["0a1b", "2026-03-12T12:00:00+00:00"])
    '{0a1b,2026-03-12T12:00:00+00:00}'
    """
    return "{" + ",".join(words) + "}"


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text
