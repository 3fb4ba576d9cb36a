"""What is kept about free texts that say something sensitive. The flags are the officer's."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, plain, pseudonym, sensitive
from regulars.rules.privacy.exposure import OFFICE

_OFFICER = frozenset({"oversight"})
_ITS_USE = frozenset({"oversight", "sensitive_use"})

TABLES = (
    Table("text_flag", "Free texts that say something sensitive", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), plain("table_name", "Table", "表"),
        plain("column_name", "Column", "列"), plain("row_id", "Row", "行"),
        sensitive("kinds", "user", "Kinds", "种类", purposes=_OFFICER), plain("state", "State", "状态"),
        plain("found_at", "Found", "发现时间"), identifying("found_by", "user.name", "Written by", "书写人", purposes=_OFFICER),
        plain("decided_at", "Decided", "处理时间"), identifying("decided_by", "user.name", "Decided by", "处理人", purposes=_OFFICER),
    ), person="customer_id", views=OFFICE),
    Table("sensitive_text", "Texts moved out of sight, sealed", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), plain("table_name", "Table", "表"),
        plain("column_name", "Column", "列"), plain("row_id", "Row", "行"),
        sensitive("words", "user.content.private", "Words", "内容", purposes=_ITS_USE, sealed=True),
        plain("moved_at", "Moved", "移动时间"),
    ), person="customer_id", views=frozenset({"personal", "sensitive"})),
    house_table("text_sweep", "Up to where old texts have been looked at", ("id", "table_name", "column_name", "through_id")),
)  # fmt: skip
