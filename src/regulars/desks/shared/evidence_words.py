"""Words for the log as evidence; the pages and the command line say the same."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.words import Words

COPY_STATES: Final[Words] = {
    "well": pgettext_lazy("copy of the log", "up to date"),
    "behind": pgettext_lazy("copy of the log", "behind"),
    "away": pgettext_lazy("copy of the log", "not to be reached"),
    "otherwise": pgettext_lazy("copy of the log", "tells something else"),
    "nothing": pgettext_lazy("copy of the log", "nothing there yet"),
}
BOOK_WORDS: Final[Words] = {
    "access": _("Access log"),
    "privacy": _("Privacy log"),
}
DEED_WORDS: Final[Words] = {
    "choice": pgettext_lazy("deed", "Choice"),
    "right": pgettext_lazy("deed", "Right"),
    "view": pgettext_lazy("deed", "Views"),
    "key": pgettext_lazy("deed", "Key"),
    "export": pgettext_lazy("deed", "Export"),
    "erasure": pgettext_lazy("deed", "Erasure"),
    "merge": pgettext_lazy("deed", "Merge"),
    "statement": pgettext_lazy("deed", "Statement"),
    "drift": pgettext_lazy("deed", "Drift"),
    "bundle": pgettext_lazy("deed", "Bundle"),
    "reading": pgettext_lazy("deed", "Reading"),
    "disclosure": pgettext_lazy("deed", "Disclosure"),
    "log_moved": pgettext_lazy("deed", "Log moved"),
    "approval": pgettext_lazy("deed", "Four eyes"),
    "canary": pgettext_lazy("deed", "Invented customer"),
    "protection": pgettext_lazy("deed", "Protected customer"),
    "dictionary": pgettext_lazy("deed", "Dictionary"),
    "retention": pgettext_lazy("deed", "Retention"),
    "text": pgettext_lazy("deed", "Free text"),
    "company": pgettext_lazy("deed", "Company"),
}
UNUSED_WORDS: Final[Words] = {
    "seat": pgettext_lazy("right", "Seat"),
    "token": pgettext_lazy("right", "Token"),
    "sql_login": pgettext_lazy("right", "SQL login"),
}
