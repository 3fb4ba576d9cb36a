"""What is kept about contacts and complaints. Free text may hold anything: it is in no anonymous view."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE

_SAID = frozenset({"service", "data_care", "oversight"})
_FIVE_YEARS = "1825 days after noted"

TABLES = (
    Table("touchpoint", "Contacts between customer and company", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), personal("at", "user.behavior", "Moment", "时间", coarser="day"),
        personal("kind", "user.behavior", "Kind", "种类"), personal("channel", "user.behavior", "Channel", "渠道"),
        personal("title", "user.content", "Title", "标题", purposes=_SAID, coarser="gone", keep=_FIVE_YEARS),
        personal("detail", "user.content", "Words", "内容", purposes=_SAID, coarser="gone", keep=_FIVE_YEARS),
        personal("code", "user.behavior", "Code", "代码"),
        identifying("staff_name", "user.name", "Staff", "经手人"), plain("branch_id", "Branch", "门店"), plain("source_id", "Source", "来源"),
        plain("invented", "Invented", "虚构"),
    ), person="customer_id", views=OWN_HOUSE, noted="t.at"),
    Table("complaint", "Complaints and how they ended", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), personal("opened_at", "user.behavior", "Opened", "提出时间"),
        personal("code", "user.behavior", "Matter", "事项"),
        personal("detail", "user.content", "Words", "内容", purposes=_SAID, coarser="gone", keep=_FIVE_YEARS),
        plain("answer_by", "Answer by", "答复期限"), plain("closed_at", "Closed", "了结时间"),
        personal("outcome", "user.content", "Outcome", "结果", purposes=_SAID, coarser="gone"),
        plain("severity", "Severity", "轻重"), plain("owner_id", "Who answers", "由谁答复"),
        personal("answer", "user.content", "Answer", "答复", purposes=_SAID, coarser="gone", keep=_FIVE_YEARS),
        plain("answered_at", "Answered", "答复时间"), plain("invented", "Invented", "虚构"),
    ), person="customer_id", views=OWN_HOUSE, noted="t.closed_at"),
    Table("preference", "What customers prefer", (
        plain("id", "Number", "编号"), pseudonym("customer_id", "Customer", "客户"), personal("code", "user.behavior", "Code", "代码"),
        personal("words", "user.content", "Words", "内容", purposes=_SAID, coarser="gone", keep=_FIVE_YEARS),
        plain("noted_at", "Noted", "记录时间"), identifying("staff_name", "user.name", "Staff", "经手人"), plain("ended_at", "Ended", "结束时间"),
    ), person="customer_id", views=OWN_HOUSE, noted="t.noted_at"),
    house_table("phone_call", "Calls while they ring; the number is sealed, and goes when the call is over", (
        plain("id", "Number", "编号"), plain("key", "Key", "键"),
        identifying("phone", "user.contact.phone_number", "Number that calls", "来电号码", purposes=frozenset()),
        identifying("staff_id", "user.name", "For whom", "呼叫谁", purposes=frozenset()), plain("branch_id", "Branch", "门店"),
        plain("line", "Line", "线路"), plain("rang_at", "Rang", "响铃时间"), plain("state", "State", "状态"), plain("over_at", "Over", "结束时间"),
        identifying("taken_by_id", "user.name", "Taken by", "接听人", purposes=frozenset()), plain("touchpoint_id", "Touchpoint", "接触点"))),
)  # fmt: skip
