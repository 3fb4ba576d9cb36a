"""Mistakes and refusals about exports, watched customers and acts that take two, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.words import Words

MISTAKES: Final[Words] = {
    "exports_are_the_officers": _("What was exported is shown to the privacy officer only."),
    "exports_end_by_the_officer": _("How long an export may be used is decided by the privacy officer."),
    "tracing_is_the_officers": _("A found list is traced by the privacy officer. Hand it over there."),
    "recheck_not_for_this_role": _("Old lists are checked by marketing and by the privacy officer. Ask one of them."),
    "watching_is_the_officers": _("Who is watched over is decided by the privacy officer, and shown to nobody else."),
    "case_needed": _(
        "This file opens only for a case of this customer. Name the task, complaint or order you work on; the "
        "privacy officer sees who opened it, and why."
    ),
    "no_reason_given": _(
        "This file opens for a reason somebody else gave: a task that is yours or offered to all, an order, visit or "
        "call of today. Ask a colleague to hand you the task; or, if the customer is here, type what the customer says."
    ),
    "said_is_not_hers": _(
        "That is not what this customer's record says. Ask once more: whole phone number, e-mail or customer number."
    ),
    "said_here_too_often": _(
        "You have said of %(customers)s customers within the hour that they were here, so for now only tasks, orders "
        "and calls open a file. The privacy officer has been told and can let you go on."
    ),
    "reason_not_askable": _("A given reason is asked of %(roles)s only: the other seats work with lists."),
    "reading_slowed": _(
        "You have read more than is usual, so the next answer comes in %(seconds)s seconds. The privacy officer has "
        "been told. Nothing is lost."
    ),
    "export_not_there": _("There is no export %(export)s that still stands."),
    "canary_not_there": _("This customer raises no alarm."),
    "not_protected": _("This customer is not protected."),
    "protected_already": _("This customer is protected already."),
    "canary_unclear": _("An invented customer needs a name, and a mail address or phone number of your own."),
    "export_days_unclear": _("An export may be used for 1 to %(most)s days."),
    "list_is_no_text": _("This is no list as text. Save it as CSV, or paste the rows."),
    "list_too_long": _("The list has more than %(most)s rows. Bring a part of it; any part will do."),
    "waits_for_second": _(
        "This takes two people. Proposal %(proposal)s now waits for another privacy officer to approve it."
    ),
    "proposal_not_there": _("This proposal has been answered already, or never was."),
    "own_proposal": _("You proposed this yourself. Somebody else has to approve it."),
    "approvals_are_the_officers": _("What takes two people is decided by privacy officers."),
    "act_unknown": _("%(act)s is no act that can take two people."),
}

#: How sure a trace is.
VERDICTS: Final[Words] = {
    "certain": _("certain"),
    "likely": _("very likely"),
    "possible": _("possible: it holds the same people"),
}
#: What a re-check says of a row, and of an export whose rows must all go.
ROW_ANSWERS: Final[Words] = {
    "may": _("may be used"),
    "person_closed": _("said no since, or is gone"),
    "not_in_export": _("was not in this export"),
    "not_certain": _("has no number, and somebody of this list was erased since: it may be hers"),
    "must_go": _("said no since, is gone, or was not in this export"),
    "export_unknown": _("no export on record is surely this one"),
    "export_ended": _("ended by the privacy officer"),
    "export_expired": _("expired"),
    "export_columns_changed": _("its own attributes are no longer shown as they were then"),
}
#: Through which door a list left.
EXPORT_DOORS: Final[Words] = {
    "people_file": _("file"),
    "api": _("read by a program"),
    "api_tasks": _("work list, read by a program"),
    "terminal": _("at the terminal"),
    "terminal_tasks": _("work list, at the terminal"),
}
#: Acts that may take two people.
ACTS: Final[Words] = {
    "staff_roles": _("Roles given to staff"),
    "statement": _("A new privacy statement"),
    "release": _("A release to a partner"),
    "cube": _("A declaration of figures"),
    "extract": _("A declaration of an extract"),
    "erasure": _("Erasing a customer"),
    "merge": _("Merging two customers"),
    "no_reason": _("Asking for no given reason any more"),
    "key_rotation": _("Changing the master key"),
    "key_retirement": _("Giving up an old master key"),
    "fewer_eyes": _("One is enough again for"),
}
PROPOSAL_STATES: Final[Words] = {
    "waiting": _("waits for a second person"),
    "approved": _("approved and carried out"),
    "refused": _("was refused"),
}
