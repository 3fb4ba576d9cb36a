"""The sentences for what the check of the house found: what it is, where, and what it means for a customer.

The page and the command line say the same; the Chinese stands in the privacy office's catalogue.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from regulars.desks.shared.words import Words, say
from regulars.rules.privacy.drift import Finding

SENTENCES: Final[dict[str, str | Promise]] = {
    "column_unclassed": _("Nobody has classed the column %(place)s. It reaches nobody until somebody does."),
    "column_absent": _("The dictionary names %(place)s, and the database has no such column."),
    "column_twice": _("The dictionary names %(place)s twice."),
    "ledger_absent": _("The book %(place)s is to be added to only, and the dictionary does not have it."),
    "person_absent": _("%(place)s is to be joined by %(expected)s, which is none of its columns."),
    "view_unknown": _("%(place)s is to appear in %(found)s, and there is no such view."),
    "label_missing": _("%(place)s has no name in one of the two languages."),
    "named_in_anonymous": _("%(place)s would show something %(found)s in a view without names."),
    "comment_differs": _("The catalogue says something else of %(place)s than the dictionary."),
    "comment_missing": _("The catalogue does not say how %(place)s is classed."),
    "relation_extra": _("%(place)s lies in the vault and is no table of ours."),
    "owner_differs": _("%(place)s belongs to %(found)s instead of %(expected)s."),
    "schema_missing": _("The schema %(place)s is not there."),
    "schema_extra": _("There is a schema %(place)s that nobody declared."),
    "schema_differs": _("The schema %(place)s belongs to %(found)s instead of %(expected)s."),
    "view_missing": _("The view %(place)s is not there."),
    "view_extra": _("There is a relation %(place)s that nobody declared, where people look."),
    "view_differs": _("The view %(place)s is not what the dictionary compiles to. It may show people who closed it."),
    "view_owner": _("The view %(place)s belongs to %(found)s; with %(expected)s, the second wall stands behind it."),
    "view_not_barrier": _("The view %(place)s is no security barrier: hidden rows can be probed through it."),
    "row_security_off": _("The second wall behind %(place)s is down: row security is not on and forced."),
    "policy_missing": _("The row rule %(place)s is not there."),
    "policy_extra": _("There is a row rule %(place)s that nobody declared."),
    "policy_differs": _("The row rule %(place)s says something else than declared."),
    "trigger_missing": _("The trigger %(place)s is not there; what it kept true is no longer kept."),
    "trigger_extra": _("There is a trigger %(place)s that nobody declared."),
    "trigger_differs": _("The trigger %(place)s is switched off or does something else: %(found)s."),
    "rule_extra": _("A rewriting rule %(found)s changes what is done to %(place)s."),
    "function_extra": _("There is a function %(place)s that nobody declared."),
    "function_differs": _("The text of the function %(place)s is not the one we wrote."),
    "function_callers": _("The function %(place)s may be called by %(found)s instead of %(expected)s."),
    "function_search_path": _("The function %(place)s works for its owner and does not fix where it looks."),
    "right_missing": _("A right is missing: %(expected)s."),
    "right_extra": _("A right nobody declared: %(found)s."),
    "schema_right_missing": _("A right on a schema is missing: %(expected)s."),
    "schema_right_extra": _("A right on a schema that nobody declared: %(found)s."),
    "database_right_missing": _("A right on the database is missing: %(expected)s."),
    "database_right_extra": _("A right on the database that nobody declared: %(found)s."),
    "default_right_extra": _("Whatever is made next would be open: %(found)s."),
    "role_missing": _("The role %(place)s is not there."),
    "role_extra": _("There is a role %(place)s that no book knows."),
    "role_differs": _("The role %(place)s %(found)s; declared: %(expected)s."),
    "role_strong": _("The role %(place)s can do more than read and write: it makes roles, or passes row rules."),
    "membership_missing": _("A membership is missing: %(expected)s."),
    "membership_extra": _("A membership nobody declared: %(found)s."),
    "setting_missing": _("Sessions no longer start with: %(expected)s."),
    "setting_extra": _("Sessions start with something nobody declared: %(found)s."),
    "connection_limit": _("%(place)s may open %(found)s connections instead of %(expected)s."),
    "choice_disagrees": _("For %(place)s the ledger says %(expected)s, and what holds is %(found)s."),
    "choice_disagrees_more": _("The same is true of %(found)s more customers."),
    "exception_disagrees": _("%(place)s: a brand or topic taken out differs from the ledger."),
    "choice_writable": _("The permissions of %(place)s can be written past the ledger."),
    "log_batch_differs": _("Lines of the log were altered, taken out or put in after it was closed: %(place)s."),
    "log_marks_other": _("The key of the pseudonyms in the log is not the one it was closed with (from %(place)s on)."),
    "log_gap": _("The log is not whole: before %(place)s something is missing."),
    "log_checkpoint_broken": _("%(place)s of the log does not follow from the one before it (%(found)s)."),
    "log_tree_differs": _("The log is not what its last checkpoint was signed for."),
    "log_key_other": _("The log was last signed with another key than this house has."),
    "log_heartbeat_missing": _("The log has not been closed since %(found)s: nobody works behind the console."),
    "log_unclosed": _("The %(place)s has lines that nobody has closed for %(found)s."),
    "log_shorter_than_copy": _(
        "The end of the log is missing: the copy %(place)s has %(expected)s, the database ends with %(found)s."
    ),
    "log_copy_otherwise": _("The copy %(place)s tells of another %(expected)s than the database. One was altered."),
    "log_copy_behind": _("The copy %(place)s has not been added to for long: it ends with %(found)s."),
    "log_copy_away": _("The copy %(place)s cannot be read: %(found)s."),
    "log_copy_missing": _("The copy %(place)s is not there."),
    "canary_touched": _("%(place)s touched an invented customer: %(found)s."),
    "alarm_not_sent": _("An alarm has not reached the officer by %(place)s: %(found)s."),
    "reading_stopped": _(
        "%(place)s read so much that it was stopped: %(found)s files and lines in an hour, bound %(expected)s files."
    ),
    "said_here_often": _(
        "%(place)s said of many customers that they were here: more than %(expected)s within an hour."
    ),
    "reading_slowed": _(
        "%(place)s reads unusually much: %(found)s files and lines in an hour, bound %(expected)s files."
    ),
    "attribute_unclassed": _("Nobody has classed the own attribute %(place)s. Nobody sees it until somebody does."),
    "attribute_shown_missing": _("An own attribute is not shown as it was classed: %(expected)s."),
    "attribute_shown_extra": _("An own attribute is shown though nobody decided so: %(found)s."),
    "attribute_lies_wrong": _("%(found)s values of the own attribute %(place)s lie otherwise than its class wants."),
    "order_orphan": _("Order lines point to a %(expected)s that does not exist: %(found)s."),
}

LOGS: Final[Words] = {
    "access log": pgettext_lazy("log", "access log"),
    "privacy log": pgettext_lazy("log", "privacy log"),
}

LIMITS: Final[dict[str, str | Promise]] = {
    "sql_uncounted": _(
        "What analysts read with SQL is not counted on this server. Look into the server's own statistics."
    ),
    "statistics": _("This server tells everybody how often its tables are read and written."),
    "sizes": _("This server tells everybody how large its tables are."),
    "locks": _("This server tells everybody which tables are locked."),
    "advisory_locks": _("On this server everybody may take advisory locks."),
    "large_objects": _("On this server everybody may keep large objects."),
    "wal": _("On this server everybody may write messages into its log of changes."),
    "catalogue_counts": _("This server's catalogue tells everybody roughly how many rows a table has."),
    "setting_temp_file_limit": _("On this server an analyst's question may fill the disk with temporary files."),
    "language_plpgsql": _("On this server everybody may program in plpgsql."),
    "language_sql": _("On this server everybody may program in sql."),
}


def sentence_of(finding: Finding) -> str:
    """What was found, as a sentence in the reader's language; the bare facts for a code nobody has words for."""
    words = SENTENCES.get(finding.code)
    facts = {"place": place_of(finding), "expected": finding.expected, "found": _how_long(finding.found)}
    return str(words) % facts if words else f"{finding.code}: {finding.place}"


def place_of(finding: Finding) -> str:
    """Where it was found: a log by its name in the reader's language, everything else as the database calls it."""
    return say(LOGS, finding.place)


def _how_long(found: str) -> str:
    """Minutes in words; anything else as it was found."""
    minutes, _space, unit = found.partition(" ")
    if unit != "min" or not minutes.isdecimal():
        return found
    return ngettext("%(n)s minute", "%(n)s minutes", int(minutes)) % {"n": minutes}


def sentence_of_limit(code: str) -> str:
    """What this server leaves open, as a sentence."""
    return str(LIMITS.get(code, code))
