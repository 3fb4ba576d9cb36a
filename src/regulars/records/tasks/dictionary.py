"""What a task holds."""

from regulars.rules.privacy.dictionary import Table, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE

TABLES = (
    Table("task", "Work about a customer", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), plain("kind", "Kind", "种类"), plain("because", "Reason", "缘由"),
        personal("words", "user.content", "Words", "说明", purposes=frozenset({"service", "data_care", "oversight"}), coarser="gone",
                 keep="730 days after noted"),
        plain("owner_id", "Owner", "负责人"), plain("given_by", "Key of the giver", "指派人标识"), plain("due_on", "Due", "期限"),
        personal("worth_minor", "user.behavior.purchase_history", "Worth in minor units", "价值（分）"), plain("state", "State", "状态"),
        personal("outcome", "user.content", "Outcome", "结果", purposes=frozenset({"service", "data_care", "oversight"}), coarser="gone"),
        plain("opened_at", "Opened", "建立时间"), plain("closed_at", "Closed", "了结时间"),
    ), noted="t.closed_at", person="customer_id", views=OWN_HOUSE, merged_stay=True),
)  # fmt: skip
