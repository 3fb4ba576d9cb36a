"""What the company's tables hold."""

from regulars.rules.privacy.dictionary import Table, plain
from regulars.rules.privacy.exposure import EVERYWHERE

TABLES = (
    Table("company", "The one company this house serves", (
        plain("id", "Number", "编号"), plain("name", "Name", "名称"), plain("name_zh", "Chinese name", "中文名称"),
        plain("business_on", "Business day", "营业日"), plain("jurisdiction", "Jurisdiction", "法域"),
        plain("currency", "Currency", "币种"), plain("timezone", "Time zone", "时区"), plain("is_demo", "Demonstration", "演示"),
    ), views=EVERYWHERE),
    Table("branch", "Shops and other places of business", (
        plain("id", "Number", "编号"), plain("ref", "Reference", "代号"), plain("name", "Name", "店名"),
        plain("city", "City", "城市"), plain("region", "Region", "地区"),
    ), views=EVERYWHERE),
    Table("statement", "Privacy statements in all their versions", (
        plain("id", "Number", "编号"), plain("version", "Version", "版本"), plain("language", "Language", "语言"),
        plain("body", "Text", "正文"), plain("in_force_at", "In force from", "生效时间"),
        plain("is_by_hand", "Written by hand", "手写"),
    ), views=EVERYWHERE),
)  # fmt: skip
