"""What is kept about households, company accounts and agents. That somebody belongs to one is about that person: it is
in no anonymous view and in no warehouse, where who lives with whom would single people out."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE

_SAID = frozenset({"service", "data_care", "oversight", "direct_marketing"})

TABLES = (
    Table("customer_group", "Households, company accounts, agents and channels", (
        plain("id", "Number", "编号"), plain("ref", "Reference", "群组编号"), plain("kind", "Kind", "种类"),
        identifying("name", "user.workplace", "Name of a company or agent", "公司或代理商名称", purposes=_SAID),
        identifying("company_code", "user.workplace", "Company code", "公司代码", purposes=_SAID),
        plain("country", "Country", "国家"), identifying("noted_by", "user.name", "Noted by", "记录人", purposes=_SAID),
        plain("noted_at", "Noted", "记录时间"), plain("source_id", "Source", "来源"),
    ), views=OWN_HOUSE),
    Table("group_place", "Which group stood under which, and when", (
        plain("id", "Number", "编号"), plain("group_id", "Group", "群组"), plain("parent_id", "Group above", "上级群组"),
        plain("since_on", "From", "起始日"), plain("until_on", "Before", "截止日"),
        identifying("noted_by", "user.name", "Noted by", "记录人", purposes=_SAID), plain("noted_at", "Noted", "记录时间"),
    ), views=OWN_HOUSE),
    Table("group_member", "Who belonged to which group, as what, and when", (
        plain("id", "Number", "编号"), pseudonym("group_id", "Group", "群组", purposes=_SAID), pseudonym("customer_id", "Customer", "客户"),
        personal("role", "user.job_title", "As what", "身份", purposes=_SAID, coarser="gone"),
        personal("since_on", "user.demographic", "From", "起始日", purposes=_SAID, coarser="gone"),
        personal("until_on", "user.demographic", "Before", "截止日", purposes=_SAID, coarser="gone"),
        plain("known_by", "How it is known", "得知方式"), identifying("noted_by", "user.name", "Noted by", "记录人", purposes=_SAID),
        plain("noted_at", "Noted", "记录时间"), plain("source_id", "Source", "来源"),
    ), person="customer_id", views=OWN_HOUSE, merged_stay=True),
    house_table("household_pair", "Two who seem to live together, and what was decided", (
        plain("id", "Number", "编号"), pseudonym("low_id", "Customer", "客户"), pseudonym("high_id", "The other customer", "另一位客户"),
        plain("probability", "Probability", "概率"), personal("steps", "user", "What agrees and what does not", "哪些一致、哪些不一致"),
        plain("put_at", "Put up", "列入时间"), plain("state", "State", "状态"), identifying("decided_by", "user.name", "Decided by", "决定人"),
        plain("decided_at", "Decided", "决定时间"), personal("because", "user.content", "Reason", "理由"))),
)  # fmt: skip
