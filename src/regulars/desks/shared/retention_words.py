"""How long something is kept, in words."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.desks.shared.figures import number
from regulars.desks.shared.words import Words, say
from regulars.rules.privacy.keeping import Keep

AFTER: Final[Words] = {
    "noted": gettext_lazy("%(days)s days after it was noted"),
    "last_purchase": gettext_lazy("%(days)s days after the last purchase"),
    "last_seen": gettext_lazy("%(days)s days after the last sign of life"),
}


def keep_words(keep: Keep) -> str:
    """The keep as a person says it."""
    if keep.days is None:
        return _("as long as one of its purposes lives")
    return say(AFTER, keep.anchor) % {"days": number(keep.days)}
