"""What is kept about events. What nobody has named plain is sealed; devices are known by digests only."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym, secret
from regulars.rules.privacy.exposure import OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

_SEEN = OWN_HOUSE | {"automated"}
_BEHAVIOUR = "user.behavior.browsing_history"
_OFFICE = frozenset({"oversight"})
_STAFF_SEES = frozenset({"service", "data_care", "oversight", "direct_marketing", "automated_decision"})

TABLES = (
    Table("event", "Events of streams", (
        plain("id", "Number", "编号"), pseudonym("message_key", "Message", "消息", purposes=_STAFF_SEES),
        plain("source_id", "Source", "来源"), personal("kind", _BEHAVIOUR, "Kind", "种类"), personal("name", _BEHAVIOUR, "Name", "名称"),
        personal("occurred_at", _BEHAVIOUR, "Moment", "时间", coarser="day"), plain("received_at", "Received", "收到时间"),
        pseudonym("visitor", "Visitor", "访客", purposes=_OFFICE), pseudonym("customer_id", "Customer", "客户"),
        personal("properties", _BEHAVIOUR, "What happened", "事件内容", purposes=_STAFF_SEES, coarser="gone",
                 keep="1095 days after noted"),
        identifying("free", "user.contact", "What else was said", "其他内容", purposes=_OFFICE, sealed=True),
    ), person="customer_id", views=_SEEN, noted="t.occurred_at", rows_go=True),
    Table("customer_events", "A customer's events in figures", (
        pseudonym("customer_id", "Customer", "客户"), personal("events", _BEHAVIOUR, "Events", "事件数"),
        personal("first_at", _BEHAVIOUR, "First event", "首次事件", coarser="day"),
        personal("last_at", _BEHAVIOUR, "Last event", "最近事件", coarser="day"),
    ), person="customer_id", views=_SEEN),
    Table("write_key", "Keys that events are sent with; digests only", (
        plain("id", "Number", "编号"), plain("source_id", "Source", "来源"), plain("name", "Name", "名称"), secret("digest", "Digest", "摘要"),
        plain("hint", "Begins with", "开头"), plain("events_a_second", "Events a second at most", "每秒事件上限"),
        identifying("made_by", "user.name", "Made by", "建立人"), plain("made_at", "Made", "建立时间"), plain("revoked_at", "Ended", "终止时间"),
    ), views=OWN_HOUSE),
    Table("webhook_in", "Where programs of others send messages; secrets sealed", (
        plain("id", "Number", "编号"), plain("source_id", "Source", "来源"), plain("name", "Name", "名称"), secret("address", "Address", "地址"),
        secret("sealed", "Sealed secret", "加密密钥"), secret("previous", "Secret before it, sealed", "上一个密钥（已加密）"),
        plain("previous_until", "That one holds until", "上一个密钥有效至"), plain("mapping", "Mapping", "对应关系"),
        identifying("made_by", "user.name", "Made by", "建立人"), plain("made_at", "Made", "建立时间"), plain("ended_at", "Ended", "终止时间"),
    ), views=OWN_HOUSE),
    Table("event_batch", "Batches of events and what became of them", plains(
        ("id", "at", "source_id", "write_key_id", "webhook_id", "kept", "repeated", "told", "denied", "refused", "size", "first_at", "last_at"),
    ), views=OWN_HOUSE),
    house_table("event_seen", "Digests of messages that were taken, so that none is taken twice", (
        pseudonym("key", "Message", "消息"),)),
    house_table("visitor_link", "Whose a visitor is", (
        pseudonym("visitor", "Visitor", "访客"), pseudonym("customer_id", "Customer", "客户"), plain("shared", "Used by several", "多人共用"),
        plain("linked_at", "Linked", "关联时间"),
        plain("told_at", "Newest word", "最近一次告知时间"))),
    house_table("told_traits", "What streams said about persons, on its way into the record", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), plain("said_at", "Said", "告知时间"),
        plain("source_id", "Source", "来源"), pseudonym("ref", "Reference", "来源中的编号"),
        pseudonym("visitor", "Visitor", "访客"), pseudonym("devices", "Devices", "设备"),
        pseudonym("previous", "Earlier reference", "原编号"),
        identifying("traits", "user.contact", "What was said, sealed", "内容（已加密）"))),
    house_table("event_reader", "Who hears of every batch of events", (
        plain("name", "Name", "名称"), plain("since", "Since", "起始时间"), plain("names", "Of which events", "关注的事件"))),
    house_table("event_news", "Batches of events that have not been read yet", (
        plain("reader", "Reader", "读者"), plain("batch_id", "Batch", "批次"))),
    house_table("awaited_event", "Events the house will act on when it is known whose they are", (
        plain("event_id", "Event", "事件"), plain("occurred_at", "Moment", "时间"), plain("noted_at", "Noted", "记录时间"),
        plain("tries", "Tried in vain", "尝试未果次数"), plain("again_at", "Tried again", "再次尝试时间"),
        plain("order_key", "Order it waits for", "等待的订单"))),
    Table("event_rule", "What is done when an event happens", (
        plain("id", "Number", "编号"), plain("name", "Name", "名称"), plain("event", "Event", "事件"), plain("unless", "Unless", "除非"),
        plain("wait_minutes", "Minutes waited", "等待分钟数"), plain("task", "Task", "任务"), plain("due_days", "Days to do it", "期限天数"),
        plain("purpose", "Purpose", "用途"), identifying("made_by", "user.name", "Made by", "建立人"), plain("made_at", "Made", "建立时间"),
        plain("ended_at", "Ended", "终止时间"),
    ), views=OWN_HOUSE),
    house_table("event_wait", "Who did the one thing, while it is waited for the other", (
        plain("rule_id", "Rule", "规则"), pseudonym("customer_id", "Customer", "客户"), plain("since", "Since", "起始时间"),
        plain("due_at", "Until", "截止时间"))),
)  # fmt: skip
