"""What is kept about choices."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

_CHOICE = "user.privacy_preferences"

TABLES = (
    Table("choice_entry", "The ledger of choices", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), personal("purpose", _CHOICE, "Purpose", "用途"),
        personal("channel", _CHOICE, "Channel", "渠道"), personal("value", _CHOICE, "Choice", "选择"), personal("at", _CHOICE, "Moment", "时间"),
        identifying("by", "user.name", "By", "经手"), personal("source", _CHOICE, "Through", "途径"),
        personal("statement_version", _CHOICE, "Statement", "声明版本"), personal("wording", _CHOICE, "Wording", "措辞"),
        personal("brand", _CHOICE, "Brand", "品牌"), personal("topic", _CHOICE, "Topic", "话题"),
        personal("by_guardian", _CHOICE, "Said by a guardian", "由监护人表示"),
    ), person="customer_id", views=OWN_HOUSE),
    Table("choice_default", "What counts when nothing was said", (
        plain("id", "Number", "编号"), plain("jurisdiction", "Jurisdiction", "法域"), plain("purpose", "Purpose", "用途"),
        plain("channel", "Channel", "渠道"), plain("allowed", "Allowed", "许可"), plain("law", "Law", "法律依据"),
    ), views=OWN_HOUSE),
    Table("choice_age", "From which age a person's own word counts", (
        plain("id", "Number", "编号"), plain("jurisdiction", "Jurisdiction", "法域"), plain("country", "Country", "国家"),
        plain("own_word_from", "Own word from", "本人表示有效的年龄"), plain("silence_is_no_under", "Silence is no under", "未表示视为拒绝的年龄"),
        plain("law", "Law", "法律依据"),
    ), views=OWN_HOUSE),
    Table("choice_exception", "Brands and topics a customer has taken out", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), personal("purpose", _CHOICE, "Purpose", "用途"),
        personal("channel", _CHOICE, "Channel", "渠道"), personal("brand", _CHOICE, "Brand", "品牌"), personal("topic", _CHOICE, "Topic", "话题"),
    ), person="customer_id", views=OWN_HOUSE, merged_stay=True),
    Table("choice_subject", "Brands and topics that can be taken out", (
        plain("id", "Number", "编号"), plain("kind", "Kind", "种类"), plain("key", "Key", "代号"), plain("name", "Name", "名称"),
        plain("name_zh", "Chinese name", "中文名称"), identifying("made_by", "user.name", "Made by", "建立人"), plain("made_at", "Made", "建立时间"),
        plain("ended_at", "Ended", "结束时间"),
    ), views=OWN_HOUSE),
    Table("browser_signal", "What browsers asked on their owners' behalf", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), personal("signal", _CHOICE, "Signal", "信号"),
        personal("outcome", _CHOICE, "What became of it", "处理结果"), personal("at", _CHOICE, "Moment", "时间"),
        identifying("by", "user.name", "By", "经手"),
    ), person="customer_id", views=OWN_HOUSE),
    house_table("do_not_contact_file", "Lists of people who want no contact, as far as they were taken in", plains((
        "id", "file_digest", "file_name", "done_through", "asked_by", "changed_at", "finished_at"))),
    house_table("suppression", "Contacts never to be used, as keyed digests", (
        plain("id", "Number", "编号"), plain("channel", "Channel", "渠道"), pseudonym("token", "Keyed digest", "带钥摘要"),
        personal("reason", _CHOICE, "Reason", "理由"), identifying("by", "user.name", "By", "经手"), plain("at", "Moment", "时间"))),
)  # fmt: skip
