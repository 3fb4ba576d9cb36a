"""What the value rules leave behind."""

from regulars.rules.privacy.dictionary import Table, personal, plain, pseudonym
from regulars.rules.privacy.exposure import ANALYSED, EVERYWHERE
from regulars.rules.privacy.vocabulary import plains

_HISTORY = "user.behavior.purchase_history"

TABLES = (
    Table("score", "Each customer's figures at the last refresh", (
        pseudonym("customer_id", "Customer", "客户", coarser="renewed"), plain("as_of", "As of", "截至"),
        personal("recency_days", _HISTORY, "Recency in days", "最近一次消费（天）"), personal("frequency", _HISTORY, "Frequency", "消费频率"),
        personal("monetary_minor", _HISTORY, "Monetary in minor units", "消费金额（分）", coarser="band"),
        personal("r", _HISTORY, "R", "R"), personal("f", _HISTORY, "F", "F"), personal("m", _HISTORY, "M", "M"),
        personal("rfm_group", _HISTORY, "Group", "组"), personal("first_on", _HISTORY, "First order", "首单", coarser="month"),
        personal("last_on", _HISTORY, "Last order", "末单"), personal("rhythm_days", _HISTORY, "Rhythm in days", "节奏（天）"),
        personal("due_on", _HISTORY, "Due", "该来"), personal("grace_until", _HISTORY, "Grace until", "宽限到"),
        personal("state", _HISTORY, "State", "状态"),
    ), person="customer_id", views=ANALYSED),
    Table("rfm_month", "Groups month by month", plains(("id", "month", "rfm_group", "customers", "amount_minor")), views=EVERYWHERE),
    Table("bucket_month", "The leaky bucket month by month", plains((
        "month", "gained", "kept", "won_back", "lapsed", "inside", "gained_minor", "kept_minor", "won_back_minor", "lapsed_minor")),
        views=EVERYWHERE),
    Table("list_month", "The three lists month by month", plains(("month", "due", "bought", "within_grace", "lapsed", "bought_minor")), views=EVERYWHERE),
    Table("refresh", "Runs of the refresh", plains((
        "id", "as_of", "state", "step", "order_lines", "customers", "started_at", "finished_at")), views=EVERYWHERE),
)  # fmt: skip
