"""The code system says nothing about any person."""

from regulars.rules.privacy.dictionary import Table, plain
from regulars.rules.privacy.exposure import OWN_HOUSE

TABLES = (
    Table("code", "The company's codes for preferences, complaints and calls", (
        plain("id", "Number", "编号"), plain("kind", "Kind", "种类"), plain("key", "Code", "代码"), plain("parent_key", "Beneath", "上级"),
        plain("label", "Label", "英文名"), plain("label_zh", "Label in Chinese", "中文名"), plain("valid_from", "Valid from", "启用日"),
        plain("valid_until", "Valid until", "停用日"), plain("merged_into", "Merged into", "并入"), plain("place", "Place", "次序"),
    ), views=OWN_HOUSE),
)  # fmt: skip
