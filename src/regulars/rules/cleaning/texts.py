"""The characters of a text put in order, before anything is read from it.

Widths and look-alikes follow Unicode's compatibility forms (UAX #15), only where one sign is plainly meant for another:
full-width digits, half-width kana, radicals typed for characters. Joiners stay: in Persian and in emoji they mean
something.
"""

import re
import unicodedata
from typing import Final

from regulars.rules.cleaning.cleaned import LONGEST, Notes

#: Placeholders people type where a form insists.
NOTHING: Final = frozenset(
    """
    - -- . .. ... / \\ ? ?? * ** x xx xxx xxxx n/a na none null nil nan unknown unbekannt inconnu undefined test tbd
    empty leer keine aucun 无 無 没有 未知 不详 不詳 未填 待定 空 暂无 測試 测试 保密 同上 同前 ditto
    """.split()
)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]+")
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]+")  # fmt: skip  # noqa: E501
_WIDE: Final = re.compile("[\u3000\uff01-\uffee]")
_LOOKALIKE: Final = re.compile("[\u0149\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_SPACES: Final = re.compile(r"\s+")


def tidied(text: str, notes: Notes) -> str:
    """The text in plain characters and single spaces; what was done to it is in `notes`.

    >>> notes = Notes()
    >>> tidied(" １３８\\u200b 0013  8000", notes), [change.reason for change in notes.changes]
    ('138 0013 8000', ['invisible_characters', 'full_width', 'spaces'])
    """
    if text.isascii() and text.isprintable():
        return notes.change("spaces", text, _SPACES.sub(" ", text).strip())
    text = notes.change("control_characters", text, _CONTROL.sub(" ", text))
    text = notes.change("invisible_characters", text, _INVISIBLE.sub("", text))
    text = notes.change("full_width", text, _WIDE.sub(_compatible, text))
    text = notes.change("lookalike_characters", text, _LOOKALIKE.sub(_compatible, text))
    text = notes.change("composed", text, unicodedata.normalize("NFC", text))
    return notes.change("spaces", text, _SPACES.sub(" ", text).strip())


def _compatible(sign: re.Match[str]) -> str:
    """What the sign stands for; a filler or a mark that stands alone would leave nothing to see, so it goes."""
    meant = unicodedata.normalize("NFKC", sign[0])
    return meant if not _CONTROL.search(meant) and not _INVISIBLE.search(meant) else ""


def objection_to(text: str) -> str:
    """Why a tidied text says nothing: nothing_there, too_long or placeholder; empty when it may say something.

    >>> objection_to(""), objection_to("N/A"), objection_to("Ann")
    ('nothing_there', 'placeholder', '')
    """
    if not text:
        return "nothing_there"
    if len(text) > LONGEST:
        return "too_long"
    return "placeholder" if text.casefold() in NOTHING else ""


def without_label(text: str, labels: re.Pattern[str], notes: Notes) -> str:
    """The text without a word such as `Tel:` in front, however often it stands there."""
    bare, before = text, ""
    while bare != before:
        before, bare = bare, labels.sub("", bare, count=1).strip()
    return notes.change("label_removed", text, bare)
