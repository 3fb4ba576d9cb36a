"""What is kept about own attributes. How a value is shown is not the column's to say but the attribute's, row by row."""

from regulars.rules.privacy.dictionary import (
    EVERYDAY,
    Column,
    Table,
    by_row,
    house_table,
    identifying,
    personal,
    plain,
    pseudonym,
)
from regulars.rules.privacy.exposure import OFFICE
from regulars.rules.privacy.own_attributes import VALUE_VIEWS

_ALL = EVERYDAY | {"delivery"}


def _staff(name: str, label: str, zh: str) -> Column:
    return identifying(name, "user.name", label, zh, purposes=frozenset({"oversight"}))


TABLES = (
    Table("own_attribute", "Attributes of the company's own", (
        plain("id", "Number", "编号"), plain("key", "Key", "代号"), plain("kind", "Kind", "种类"), plain("label", "Label", "标签"),
        plain("label_zh", "Chinese label", "中文标签"), plain("choices", "Choices", "选项"), plain("data_class", "Class", "分类"),
        plain("category", "Category", "类别"), plain("purposes", "Purposes", "用途"), plain("coarse", "Coarse", "粗化"),
        plain("coarser", "Coarser", "更粗"), plain("keep", "Keep until", "保存至"), _staff("made_by", "Made by", "建立人"),
        plain("made_at", "Made", "建立时间"), _staff("changed_by", "Changed by", "改动人"), plain("changed_at", "Changed", "改动时间"),
        plain("retired_at", "Retired", "停用时间"),
    ), views=VALUE_VIEWS),
    house_table("own_shown", "Through which view an own attribute is shown how", (
        plain("id", "Number", "编号"), plain("attribute_id", "Attribute", "属性"), plain("view", "View", "视图"), plain("shape", "Shape", "呈现方式"))),
    Table("own_value", "What customers' own attributes are", (
        plain("id", "Number", "编号", coarser="gone"),
        pseudonym("customer_id", "Customer", "客户", purposes=_ALL, coarser="renewed"),
        plain("attribute_id", "Attribute", "属性"),
        by_row("text", "Text or choice", "文字或选项"), by_row("amount", "Number or money", "数字或金额"),
        by_row("day", "Day", "日期"), by_row("yes", "Yes or no", "是或否"), by_row("sealed", "Sealed value", "加密值", sealed=True),
        plain("source_id", "Source", "来源"), plain("noted_at", "Noted", "记录时间", coarser="day"),
    ), person="customer_id", views=VALUE_VIEWS, shown_by="own_shown", merged_stay=True),
    Table("own_value_said", "What sources say of customers' own attributes", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), plain("attribute_id", "Attribute", "属性"),
        plain("source_id", "Source", "来源"),
        by_row("text", "Text or choice", "文字或选项"), by_row("amount", "Number or money", "数字或金额"),
        by_row("day", "Day", "日期"), by_row("yes", "Yes or no", "是或否"), by_row("sealed", "Sealed value", "加密值", sealed=True),
        plain("said_at", "Said", "说出时间"), plain("confirmed_at", "Confirmed", "确认时间"), _staff("confirmed_by", "Confirmed by", "确认人"),
        personal("because", "user.content", "Why it was corrected", "更正原因"),
    ), person="customer_id", views=OFFICE, shown_by="own_shown", merged_stay=True),
)  # fmt: skip
