"""The whole data dictionary: every record's tables, and those the house itself runs on."""

from regulars.records.access_log.dictionary import TABLES as ACCESS_LOG
from regulars.records.approvals.dictionary import TABLES as APPROVALS
from regulars.records.audiences.dictionary import TABLES as AUDIENCES
from regulars.records.campaigns.dictionary import TABLES as CAMPAIGNS
from regulars.records.choices.dictionary import TABLES as CHOICES
from regulars.records.codes.dictionary import TABLES as CODES
from regulars.records.company.dictionary import TABLES as COMPANY
from regulars.records.contacts.dictionary import TABLES as CONTACTS
from regulars.records.customers.dictionary import TABLES as CUSTOMERS
from regulars.records.disclosures.dictionary import TABLES as DISCLOSURES
from regulars.records.events.dictionary import TABLES as EVENTS
from regulars.records.exports.dictionary import TABLES as EXPORTS
from regulars.records.free_texts.dictionary import TABLES as FREE_TEXTS
from regulars.records.groups.dictionary import TABLES as GROUPS
from regulars.records.house_tables import TABLES as HOUSE
from regulars.records.intake.dictionary import TABLES as INTAKE
from regulars.records.merging.dictionary import TABLES as MERGING
from regulars.records.orders.dictionary import TABLES as ORDERS
from regulars.records.own_attributes.dictionary import TABLES as OWN_ATTRIBUTES
from regulars.records.quality.dictionary import TABLES as QUALITY
from regulars.records.retention.dictionary import TABLES as RETENTION
from regulars.records.scores.dictionary import TABLES as SCORES
from regulars.records.segments.dictionary import TABLES as SEGMENTS
from regulars.records.set_aside.dictionary import TABLES as SET_ASIDE
from regulars.records.staff.dictionary import TABLES as STAFF
from regulars.records.statistics.dictionary import TABLES as STATISTICS
from regulars.records.tasks.dictionary import TABLES as TASKS
from regulars.records.touchpoints.dictionary import TABLES as TOUCHPOINTS
from regulars.records.watched.dictionary import TABLES as WATCHED
from regulars.rules.privacy.dictionary import Table

DICTIONARY: tuple[Table, ...] = (
    *COMPANY, *STAFF, *ACCESS_LOG, *APPROVALS, *CODES, *INTAKE, *WATCHED, *CUSTOMERS, *MERGING, *OWN_ATTRIBUTES,
    *SET_ASIDE, *ORDERS, *TOUCHPOINTS, *GROUPS, *EVENTS, *TASKS, *FREE_TEXTS, *CHOICES, *DISCLOSURES, *STATISTICS,
    *EXPORTS,
    *SCORES, *SEGMENTS, *AUDIENCES, *CAMPAIGNS, *CONTACTS, *QUALITY, *RETENTION, *HOUSE,
)  # fmt: skip

#: Added to, never altered: the writer may not update or delete here.
LEDGERS = frozenset(
    {
        "access_entry",
        "change_entry",
        "check_run",
        "customer_change",
        "choice_entry",
        "browser_signal",
        "privacy_entry",
        "log_batch",
        "log_checkpoint",
    }
)
