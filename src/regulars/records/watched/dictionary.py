"""What is kept about watched customers. Who they are is in no view: whoever could list canaries would step around."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, secret
from regulars.rules.privacy.exposure import OFFICE

TABLES = (
    house_table("canary", "Invented customers who raise an alarm", (
        secret("id", "Number", "编号"), secret("customer_id", "Customer", "客户"), secret("planted_at", "Planted", "设置时间"),
        secret("planted_by", "Planted by", "设置人"), secret("note", "Note", "备注"))),
    Table("canary_alarm", "Who touched an invented customer", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), plain("who", "Key of the reader", "读者标识"), identifying("name", "user.name", "Who", "谁"),
        plain("role", "Role", "角色"), plain("view", "View", "视图"), plain("door", "Door", "入口"), personal("because", "user.content", "Reason", "理由"),
        plain("number", "Customer number", "客户编号"), plain("export", "Export", "导出"), plain("released_at", "Answered", "处理时间"),
        identifying("released_by", "user.name", "Answered by", "处理人"), personal("answer", "user.content", "Answer", "处理说明"),
    ), views=OFFICE),
    house_table("protected_customer", "Customers whose file opens only for a case", (
        secret("id", "Number", "编号"), secret("customer_id", "Customer", "客户"), secret("since", "Since", "起始时间"),
        secret("marked_by", "Marked by", "标记人"), secret("because", "Why", "理由"))),
    house_table("reader_wait", "Who waits before the next request", (
        secret("who", "Key of the reader", "读者标识"), secret("until", "Until", "至"))),
    Table("alarm_notice", "Alarms on their way to the officer", (
        plain("id", "Number", "编号"), plain("kind", "Kind", "种类"), plain("alarm", "Alarm", "警报"), plain("place", "Place", "去处"),
        plain("raised_at", "Raised", "触发时间"), plain("sent_at", "Sent", "送达时间"), plain("tried_at", "Last tried", "上次尝试"), plain("tries", "Tries", "尝试次数"),
        plain("message", "What went wrong", "失败原因"),
    ), views=OFFICE),
)  # fmt: skip
