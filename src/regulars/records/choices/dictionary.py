"""What is kept about choices."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE

_CHOICE = "user.privacy_preferences"

TABLES = (
    Table("choice_entry", "The ledger of choices", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), personal("purpose", _CHOICE, "Purpose", "用途"),
        personal("channel", _CHOICE, "Channel", "渠道"), personal("value", _CHOICE, "Choice", "选择"), personal("at", _CHOICE, "Moment", "时间"),
        identifying("by", "user.name", "By", "经手"), personal("source", _CHOICE, "Through", "途径"),
        personal("statement_version", _CHOICE, "Statement", "声明版本"), personal("wording", _CHOICE, "Wording", "措辞"),
    ), person="customer_id", views=OWN_HOUSE),
    Table("choice_default", "What counts when nothing was said", (
        plain("id", "Number", "编号"), plain("jurisdiction", "Jurisdiction", "法域"), plain("purpose", "Purpose", "用途"),
        plain("channel", "Channel", "渠道"), plain("allowed", "Allowed", "许可"), plain("law", "Law", "法律依据"),
    ), views=OWN_HOUSE),
    house_table("suppression", "Contacts never to be used, as keyed digests", (
        plain("id", "Number", "编号"), plain("channel", "Channel", "渠道"), pseudonym("token", "Keyed digest", "带钥摘要"),
        personal("reason", _CHOICE, "Reason", "理由"), identifying("by", "user.name", "By", "经手"), plain("at", "Moment", "时间"))),
)  # fmt: skip
