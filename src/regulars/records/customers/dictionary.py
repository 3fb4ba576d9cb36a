"""What is kept about a customer, column by column."""

from regulars.rules.privacy.dictionary import (
    EVERYDAY,
    Column,
    Table,
    house_table,
    identifying,
    personal,
    plain,
    pseudonym,
    secret,
    sensitive,
)
from regulars.rules.privacy.exposure import EVERYWHERE, MENDING, OFFICE, OPENING, OWN_HOUSE, READERS

_ALL = EVERYDAY | {"delivery"}
_SERVED = frozenset(
    {"service", "data_care", "oversight", "analysis", "direct_marketing", "automated_decision", "sensitive_use"}
)


def _allows(name: str, label: str, zh: str) -> Column:
    return personal(name, "user.privacy_preferences", label, zh, purposes=_ALL)


TABLES = (
    Table("customer", "Customers", (
        pseudonym("id", "Customer", "客户", purposes=_ALL, coarser="renewed"),
        pseudonym("number", "Customer number", "客户号", purposes=_ALL, coarser="gone"),
        personal("kind", "user.demographic", "Person or household", "个人或家庭", purposes=_ALL),
        personal("stage", "user.behavior", "Prospect or customer", "潜在客户或客户"),
        identifying("name", "user.name", "Name", "姓名", purposes=_ALL),
        identifying("given_name", "user.name.first", "Given name", "名", purposes=_ALL),
        identifying("family_name", "user.name.last", "Family name", "姓", purposes=_ALL),
        identifying("name_sort", "user.name", "Sort key", "排序键"),
        identifying("honorific", "user.name", "Honorific", "称谓", purposes=_ALL),
        personal("sex", "user.demographic.gender", "Sex", "性别"),
        personal("birth_on", "user.demographic.date_of_birth", "Birth date", "出生日期", coarse="year", coarser="decade", purposes=_ALL),
        personal("language", "user.demographic.language", "Language", "语言", purposes=_ALL),
        personal("city", "user.contact.address.city", "City", "城市"),
        personal("region", "user.contact.address.state", "Region", "省州"),
        personal("country", "user.contact.address.country", "Country", "国家", purposes=_ALL),
        personal("postcode", "user.contact.address.postal_code", "Postcode", "邮编", coarse="prefix", coarser="gone"),
        personal("timezone", "user.location.imprecise", "Time zone", "时区", purposes=_ALL),
        personal("home_branch_id", "user.location.imprecise", "Home branch", "常去门店"),
        personal("household_size", "user.demographic", "Household size", "家庭人数", purposes=_SERVED),
        personal("marital_status", "user.demographic.marital_status", "Marital status", "婚姻状况", purposes=_SERVED),
        personal("income_band", "user.financial", "Income band", "收入段", keep="1095 days after last_seen",
                 purposes=frozenset({"oversight", "analysis", "direct_marketing", "automated_decision"})),
        personal("potential_index", "user.behavior.purchase_history", "Potential-consumption index", "潜在消费指数"),
        personal("product_knowledge", "user.behavior", "Product knowledge", "商品知识", coarser="gone"),
        sensitive("allergies", "user.health_and_medical", "Allergies", "过敏", sealed=True, keep="1095 days after last_seen"),
        identifying("id_document", "user.government_id", "Id document", "证件号", sealed=True, keep="365 days after last_seen"),
        personal("preferred_channel", "user.privacy_preferences", "Preferred channel", "偏好渠道", purposes=_ALL),
        personal("quiet_from", "user.privacy_preferences", "Quiet from (hour)", "勿扰开始（时）", purposes=_ALL),
        personal("quiet_until", "user.privacy_preferences", "Quiet until (hour)", "勿扰结束（时）", purposes=_ALL),
        personal("jurisdiction", "user.location.imprecise", "Jurisdiction", "法域", purposes=_ALL),
        plain("source_id", "Source", "来源"),
        personal("first_seen_on", "user.behavior", "First seen", "初次到来", coarser="month"),
        plain("told_at", "Told", "告知时间", coarser="day"),
        plain("changed_at", "Changed", "改动时间", coarser="day"),
        plain("invented", "Invented", "虚构"),
        plain("erased_at", "Erased", "删除时间"),
        _allows("allows_direct_marketing", "Direct marketing", "直接营销"),
        _allows("allows_disclosure", "Third-party disclosure", "向第三方披露"),
        _allows("allows_automated_decision", "Automated decisions", "智能决策"),
        _allows("allows_sensitive_use", "Use of sensitive data", "敏感数据使用"),
        _allows("allows_email", "E-mail", "电子邮件"), _allows("allows_phone", "Phone", "电话"),
        _allows("allows_letter", "Letter", "信件"), _allows("allows_sms", "Text message", "短信"),
    ), person="id", views=EVERYWHERE),
    Table("contact_point", "Ways to reach a customer", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户", purposes=_ALL),
        personal("channel", "user.privacy_preferences", "Channel", "渠道", purposes=_ALL),
        plain("label", "Label", "标签"),
        identifying("value", "user.contact", "Phone, mail or street", "电话、邮箱或街道", purposes=_ALL, sealed=True),
        plain("valid", "Works", "可用"), plain("source_id", "Source", "来源"), plain("noted_at", "Noted", "记录时间"),
    ), person="customer_id", views=READERS | {"opening", "delivery"}, merged_stay=True),
    Table("field_said", "What sources say of a customer's fields", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), plain("field", "Field", "字段"),
        plain("source_id", "Source", "来源"), identifying("value", "user.name", "Value", "值"),
        identifying("closed", "user.contact", "Value that everyday views mask or coarsen", "日常视图遮盖或粗化的值"),
        identifying("cell", "user.government_id", "Sealed value", "密封的值", sealed=True),
        plain("said_at", "Said", "说出时间"), plain("confirmed_at", "Confirmed", "确认时间"),
        identifying("confirmed_by", "user.name", "Confirmed by", "确认人"),
        personal("because", "user.content", "Why it was corrected", "更正原因"),
    ), person="customer_id", views=OWN_HOUSE, merged_stay=True),
    Table("as_it_came", "Values as they came, where cleaning changed them", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), plain("field", "Field", "字段"),
        plain("source_id", "Source", "来源"), identifying("value", "user.name", "As it came, and what became of it", "原样及其结果"),
        identifying("closed", "user.contact", "The same, of what everyday views mask or coarsen", "同上，日常视图遮盖或粗化的"),
        identifying("cell", "user.contact", "The same, sealed", "同上，密封的", sealed=True),
        plain("reasons", "Why it was changed", "改动原因"), plain("noted_at", "Noted", "记录时间"),
    ), person="customer_id", views=OWN_HOUSE | {"opening"}, merged_stay=True),
    Table("contact_point_said", "Further sources of ways to reach a customer", (
        plain("contact_point_id", "Way to reach", "联系方式"), plain("source_id", "Source", "来源"),
        pseudonym("customer_id", "Customer", "客户"), plain("noted_at", "Noted", "记录时间"),
    ), person="customer_id", views=OWN_HOUSE),
    Table("customer_ref", "What sources call a customer", (
        plain("id", "Number", "编号"), plain("source_id", "Source", "来源"),
        pseudonym("ref", "Reference", "来源中的编号", purposes=frozenset({"service", "data_care", "oversight"})),
        pseudonym("customer_id", "Customer", "客户"),
    ), person="customer_id", views=READERS),
    house_table("former_number", "Numbers of customers who were merged into others", (
        pseudonym("number", "Customer number", "客户号"), pseudonym("customer_id", "Customer", "客户"), plain("since", "Since", "自"))),
    Table("search_token", "Keys a customer is found by", (
        plain("id", "Number", "编号"),
        identifying("token", "user.name", "Key", "检索键", purposes=frozenset({"service", "data_care", "oversight", "direct_marketing"})),
        pseudonym("customer_id", "Customer", "客户"),
    ), person="customer_id", views=frozenset({"standard", "personal", "marketing"}), merged_stay=True),
    Table("customer_key", "Keys of customers' sealed cells, locked themselves", (
        pseudonym("customer_id", "Customer", "客户", purposes=_ALL), plain("wrapped", "Locked key", "加锁的密钥"),
        plain("master", "Version of the master key", "主密钥版本"), plain("made_at", "Made", "制作时间"),
    ), person="customer_id", views=OPENING),
    Table("file_key", "Keys of rows of files that were set aside, locked themselves", (
        plain("import_run_id", "Import", "导入"), plain("wrapped", "Locked key", "加锁的密钥"),
        plain("master", "Version of the master key", "主密钥版本"), plain("made_at", "Made", "制作时间"),
    ), views=MENDING),
    Table("customer_change", "What was changed in customers' own records", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), identifying("who", "user.name", "Who", "谁"), plain("door", "Door", "入口"),
        pseudonym("customer_id", "Customer", "客户"), plain("field", "Field", "字段"),
        personal("old", "user", "Before", "改前", sealed=True), personal("new", "user", "After", "改后", sealed=True),
    ), views=OFFICE),
    Table("erasure", "Customers who were erased, and the proof of it", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), identifying("who", "user.name", "Who", "谁"),
        personal("because", "user.content", "Reason", "理由"), personal("reference", "user.content", "Reference", "事由编号"),
        pseudonym("customer_id", "Customer", "客户"), plain("number_digest", "Digest of the number", "客户号摘要"),
        plain("key_digest", "Digest of the key", "密钥摘要"), plain("leaf", "Leaf of the key tree", "密钥树叶"),
        plain("closed", "What was closed", "关闭了什么"), plain("forgotten_at", "Forgotten", "遗忘时间"),
    ), views=OFFICE),
    house_table("recognition_mark", "Keyed marks by which a customer comes into question", (
        identifying("mark", "user.name", "Mark", "识别标记", purposes=frozenset()), pseudonym("customer_id", "Customer", "客户"))),
    house_table("newly_marked", "Who has new marks since customers were last compared", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"))),
    house_table("name_slip", "Words of names, found with a slip in them; whose they are is not said", (
        plain("slip", "Mark of a spelling", "拼写标记"), identifying("word", "user.name", "Word", "词", purposes=frozenset()))),
    house_table("marking_progress", "How far the customers of before have been marked", (
        plain("recipe", "Recipe", "方法版本"), plain("done_until", "Done until", "已完成至"), plain("finished_at", "Finished", "完成时间"))),
    house_table("erased_ref", "What sources called those who were erased, while an import of then is under way; digests only", (
        plain("id", "Number", "编号"), plain("source_id", "Source", "来源"), secret("digest", "Digest of the reference", "来源编号摘要"),
        pseudonym("customer_id", "Customer", "客户"), plain("through_run", "Up to import", "截至导入"))),
    house_table("master_key", "Versions of the master key; the keys are not in the database", (
        plain("version", "Version", "版本"), plain("mark", "Mark", "标记"), plain("made_at", "Made", "制作时间"))),
    house_table("given_up_key", "Master keys that were given up, and whether their files are gone", (
        plain("version", "Version", "版本"), plain("mark", "Mark", "标记"), plain("given_up_at", "Given up", "停用时间"),
        plain("destroyed_at", "Destroyed", "销毁时间"))),
    house_table("anonymous_key", "Keys of the anonymous view, renewed every night", (
        pseudonym("customer_id", "Customer", "客户"), pseudonym("key", "Key of the night", "当夜的键"))),
    house_table("portal_link", "Links to customers' own pages; digests only", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), secret("digest", "Digest", "摘要"),
        identifying("issued_by", "user.name", "Issued by", "签发人"), plain("issued_at", "Issued", "签发时间"),
        plain("expires_at", "Ends", "到期时间"), plain("revoked_at", "Revoked", "收回时间"))),
)  # fmt: skip
