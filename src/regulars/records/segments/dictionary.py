"""What a segment holds. Its members are a bitmap of pseudonyms that no view shows."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

TABLES = (
    Table("segment", "Living rules", (
        plain("id", "Number", "编号"), plain("key", "Key", "代号"), plain("name", "Name", "名称"), plain("name_zh", "Chinese name", "中文名称"),
        plain("rule", "Rule", "规则"), plain("version", "Version", "版本"), identifying("made_by", "user.name", "Made by", "建立者"), plain("made_at", "Made", "建立时间"),
        plain("count", "Customers", "人数"), plain("worth_minor", "Worth", "价值"), plain("counted_at", "Counted", "计数时间"),
        plain("retired_at", "Retired", "停用时间"), pseudonym("members", "Members", "成员", purposes=frozenset(), hidden=True),
    ), views=OWN_HOUSE),
    house_table("segment_version", "What rules said before", plains(("id", "segment_id", "version", "rule", "changed_by", "changed_at"))),
)  # fmt: skip
