"""What belongs to a customer, table by table, and what becomes of it when two are merged.

Every table with a customer in it stands here, or it is not said what a merge does with it, and the build says so.
"""

from typing import Final

from regulars.records.merging.handing_over import Belonging, Sealed, by_id
from regulars.rules.cleaning.emails import same_mailbox

#: Goes over to the one who stays, and back.
BELONGINGS: Final = (
    by_id(
        "contact_point", once=("channel", "value"), source=True,
        sealed=Sealed("value", "'contact_point.value'", alike=same_mailbox),
    ),
    by_id(
        "field_said", once=("field", "source_id"), source=True, told="said_at",
        sealed=Sealed("cell", "'customer.' || t.field"),
    ),
    by_id(
        "as_it_came", once=("field", "source_id", "value", "closed", "cell"), source=True,
        sealed=Sealed("cell", "'as_it_came.cell'"),
    ),
    Belonging("contact_point_said", {"contact_point_id": "bigint", "source_id": "bigint"}, source=True),
    by_id("customer_ref"),
    by_id("search_token", once=("token",)),
    Belonging("recognition_mark", {"mark": "bigint"}, once=("mark",)),
    by_id("portal_link"),
    by_id("protected_customer", once=()),
    by_id(
        "own_value", once=("attribute_id",), source=True,
        sealed=Sealed("sealed", "(SELECT 'customer.own.' || a.key FROM own_attribute a WHERE a.id = t.attribute_id)"),
    ),
    by_id(
        "own_value_said", once=("attribute_id", "source_id"), source=True, told="said_at",
        sealed=Sealed("sealed", "(SELECT 'customer.own.' || a.key FROM own_attribute a WHERE a.id = t.attribute_id)"),
    ),
    Belonging("order_line", {"line_key": "uuid", "ordered_at": "timestamptz"}, source=True),
    by_id("desk_order"),
    by_id("touchpoint", source=True),
    by_id("group_member", once=("group_id",), source=True),
    by_id("complaint"),
    by_id("preference"),
    Belonging(
        "event", {"id": "bigint", "occurred_at": "timestamptz"}, source=True, newer="id",
        sealed=Sealed("free", "'event.free'"),
    ),
    Belonging("visitor_link", {"visitor": "uuid"}),
    Belonging("event_wait", {"rule_id": "bigint"}, once=("rule_id",)),
    by_id("task", once=("kind",), only="{}.state = 'open'"),
    by_id("text_flag"),
    by_id("sensitive_text", sealed=Sealed("words", "'sensitive_text.words'")),
    by_id("released_person"),
    by_id("exported_person", once=("export_id",)),
    by_id("audience_member", once=("audience_id",)),
    Belonging("contact", {"id": "uuid"}, once=("campaign_id",)),
    by_id("response", once=("campaign_id", "kind", "ref")),
)  # fmt: skip
#: Stays with whom it was written of, and why.
STAYS: Final = {
    "customer_key": "opens what stays hers, and is what an erasure destroys",
    "customer_change": "a book to which one only adds; sealed under her own key",
    "erasure": "nobody erased is merged",
    "erased_ref": "nobody erased is merged",
    "anonymous_key": "goes when she does; drawn anew every night",
    "former_number": "follows the merges by itself",
    "canary": "somebody invented is not put into anybody's record",
    "access_entry": "a log tells whose file it was then",
    "change_entry": "a log tells whose record it was then",
    "privacy_entry": "a log tells whom it was about then",
    "choice_entry": "a ledger to which one only adds; the stricter word is said anew of who stays",
    "choice_exception": "follows the ledger by itself",
    "browser_signal": "a book to which one only adds",
    "customer_activity": "counted anew from the lines",
    "customer_events": "counted anew from the events",
    "quality_case": "found anew every night",
    "household_pair": "found anew by the next comparison",
    "newly_marked": "only says whom to compare",
    "score": "goes when she does and comes back with her; who stays has hers by the next refresh",
    "partner_pseudonym": "made from her id under the partner's key",
    "counted_person": "the number a partner's ledger knows her by",
    "merge": "tells it",
}
