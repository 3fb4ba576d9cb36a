"""What is kept about the quality of data: counts, which are about nobody, and whom to ask again."""

from regulars.rules.privacy.dictionary import Table, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE

_CARE = frozenset({"service", "data_care", "oversight"})

TABLES = (
    Table("quality_figure", "Quality of the data, counted by night, source and field", (
        plain("id", "Number", "编号"), plain("counted_on", "Counted on", "统计日"), plain("source_id", "Source", "来源"),
        plain("field", "Field", "字段"), plain("people", "People", "人数"), plain("filled", "Filled", "已填"), plain("valid", "Valid", "有效"),
        plain("fresh", "Fresh", "新近"), plain("disputed", "Disputed", "有分歧"), plain("confirmed", "Confirmed", "已确认"),
    ), views=OWN_HOUSE),
    Table("quality_conflict", "Sources that disagree, counted by night and field", (
        plain("id", "Number", "编号"), plain("counted_on", "Counted on", "统计日"), plain("source_id", "Source", "来源"),
        plain("field", "Field", "字段"), plain("said", "People it speaks of", "涉及人数"),
        plain("against", "Otherwise than believed", "与采信值不同"),
    ), views=OWN_HOUSE),
    Table("quality_cost", "What bad data cost in the year before", (
        plain("id", "Number", "编号"), plain("counted_on", "Counted on", "统计日"), plain("kind", "Kind", "种类"), plain("cases", "Cases", "件数"),
        plain("cost_minor", "Cost in minor units", "成本（分）"), plain("currency", "Currency", "币种"),
    ), views=OWN_HOUSE),
    Table("quality_case", "Whom to ask again at the next touchpoint, and for what", (
        pseudonym("customer_id", "Customer", "客户"),
        personal("asks", "user.privacy_preferences", "What to ask and why", "要问什么、为什么", purposes=_CARE, coarser="gone"),
        personal("worth_minor", "user.behavior.purchase_history", "Bought so far in minor units", "累计消费（分）", purposes=_CARE),
        plain("found_on", "Found on", "发现日"),
    ), person="customer_id", views=OWN_HOUSE, merged_stay=True),
)  # fmt: skip
