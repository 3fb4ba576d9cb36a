"""What is said of sources, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.words import PURPOSES, Words
from regulars.rules.intake.sources import SOURCE_PURPOSES

SOURCE_KINDS: Final[Words] = {
    "internal": _("Our own system"),
    "external": _("Somebody else's data"),
    "bought_in": _("A list that was bought"),
}
LAWFUL_BASES: Final[Words] = {
    "contract": pgettext_lazy("lawful basis", "Contract"),
    "consent": pgettext_lazy("lawful basis", "Consent"),
    "legitimate_interest": pgettext_lazy("lawful basis", "Legitimate interest"),
    "legal_obligation": pgettext_lazy("lawful basis", "Legal obligation"),
}
PERMITTED: Final[Words] = {purpose: PURPOSES[purpose] for purpose in SOURCE_PURPOSES}
TRUST: Final[Words] = {
    "1": pgettext_lazy("trust", "1: the last to be believed"),
    "2": pgettext_lazy("trust", "2: less than most"),
    "3": pgettext_lazy("trust", "3: like most"),
    "4": pgettext_lazy("trust", "4: more than most"),
    "5": pgettext_lazy("trust", "5: the first to be believed"),
}
#: What a list that was bought must say of itself.
NEEDED: Final[Words] = {
    "supplier": pgettext_lazy("needed of a bought list", "who sold it"),
    "licence": pgettext_lazy("needed of a bought list", "the licence"),
    "purposes": pgettext_lazy("needed of a bought list", "what it may be used for"),
    "expires_on": pgettext_lazy("needed of a bought list", "until when it may be kept"),
}
#: What a source makes whoever answers for it do.
SOURCE_TASKS: Final[Words] = {
    "columns_changed": _("Its columns have changed: gone %(gone)s; new %(new)s. Say what stands for %(lost)s now."),
    "message_changed": _("Its messages have another form: %(fields)s is not where the mapping says."),
}
#: By which rule the best source is chosen.
RULES_SAID: Final[Words] = {
    "trusted": pgettext_lazy("rule", "confirmed, then the more trusted, then the newer"),
    "newest": pgettext_lazy("rule", "confirmed, then the newer, then the more trusted"),
}
#: Why of several sources one is believed.
WHY_BELIEVED: Final[Words] = {
    "confirmed": pgettext_lazy("believed", "confirmed"),
    "trusted": pgettext_lazy("believed", "more trusted than the others"),
    "newest": pgettext_lazy("believed", "newer than the others"),
    "first": pgettext_lazy("believed", "was there first"),
    "agree": pgettext_lazy("believed", "others say the same"),
    "only": pgettext_lazy("believed", "nobody else says anything"),
    "fills": pgettext_lazy("believed", "the best source says nothing of it"),
    "all": pgettext_lazy("believed", "everything that is said counts"),
}
SOURCE_MISTAKES: Final[Words] = {
    "no_such_rule": _("No rule is called %(rule)s. There are: %(known)s."),
    "no_such_thing": _("No source speaks of %(thing)s. Choose one of: %(known)s."),
    "rules_are_the_stewards": _("Which source is believed is the data steward's to say. Ask there."),
    "source_expired": _(
        "What comes from %(source)s could be kept until %(day)s only, so nothing more of it is taken. If the contract "
        "goes on, say the new last day of the source first."
    ),
    "field_not_shown": _("This is not shown to you, so you cannot confirm or correct it. Ask the privacy officer."),
    "columns_changed": _(
        "The columns of this source have changed, so nothing of the file has been read. Gone: %(gone)s. New: %(new)s. "
        "Perhaps only called otherwise: %(alike)s. What is still there keeps its meaning; say what stands for %(lost)s "
        "now (%(say)s), or that nothing does."
    ),
    "message_changed": _(
        "Messages of %(source)s have another form than their mapping was made for: %(fields)s is not where it was. "
        "Nothing was kept; mend the mapping, and have them sent again."
    ),
    "sources_are_the_stewards": _("What has to be said of sources is told to the data steward. Ask there."),
    "correction_empty": _("Type what the customer says, or leave the field as it is."),
    "correction_unclear": _(
        "That cannot be understood as a value of “%(field)s”. Type it as it would stand in a file."
    ),
    "correction_reason": _("Say in a few words why, up to %(longest)s characters: it stands beside the value."),
    "source_says_nothing": _("That source says nothing of this any more. Look at the page again."),
    "confirming_not_for_this_role": _(
        "What a customer says of herself is written down by those who serve her and by the data steward. Pass it on."
    ),
    "no_such_basis": _("“%(basis)s” is no lawful basis. There are: %(known)s."),
    "no_such_field": _("A source has no %(fields)s. It has: %(known)s."),
    "no_such_source_kind": _("There is no kind of source called %(kind)s. Choose one of: %(known)s."),
    "no_such_purpose": _("No data serves this: %(purposes)s. Choose among: %(known)s."),
    "no_such_cleaning": _("Cleaning cannot leave that out: %(reasons)s. It can leave out: %(known)s."),
    "no_such_trust": _("How far a source is trusted is a number from 1 to 5, and %(trust)s is none of them."),
    "cost_unclear": _("What a source costs is a sum of nought or more."),
    "bought_in_needs": _(
        "Of a list that was bought we have to know more before anything of it may come in: %(missing)s. It stands in "
        "the contract with the supplier."
    ),
}
