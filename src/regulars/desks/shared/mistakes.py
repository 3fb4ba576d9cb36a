"""What went wrong, in a sentence somebody can act on: every code of the error family in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.intake_words import MISTAKES as FILE_MISTAKES
from regulars.rules.permission.errors import RegularsError

SENTENCES: Final[Mapping[str, str | Promise]] = {
    "no_such_campaign": _("There is no campaign called %(key)s."),
    "no_such_segment": _("There is no segment called %(key)s."),
    **FILE_MISTAKES,
}


def sentence_for(error: RegularsError) -> str:
    """The sentence for this error, its values filled in; the bare code where nobody has written one yet."""
    said = SENTENCES.get(error.code)
    if said is None:
        return str(error)
    try:
        return str(said) % error.values
    except (KeyError, TypeError, ValueError):
        return str(said)
