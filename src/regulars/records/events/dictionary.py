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
    Table("event_batch", "Batches of events and what became of them", plains(
        ("id", "at", "source_id", "write_key_id", "kept", "repeated", "told", "denied", "refused", "size", "first_at", "last_at"),
    ), views=OWN_HOUSE),
    house_table("event_seen", "Digests of messages that were taken, so that none is taken twice", (
        pseudonym("key", "Message", "消息"),)),
    house_table("visitor_link", "Whose a visitor is", (
        pseudonym("visitor", "Visitor", "访客"), pseudonym("customer_id", "Customer", "客户"), plain("shared", "Used by several", "多人共用"),
        plain("linked_at", "Linked", "关联时间"))),
    house_table("told_traits", "What streams said about persons, on its way into the record", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), plain("source_id", "Source", "来源"), pseudonym("ref", "Reference", "来源中的编号"),
        pseudonym("visitor", "Visitor", "访客"), pseudonym("devices", "Devices", "设备"),
        pseudonym("previous", "Earlier reference", "原编号"),
        identifying("traits", "user.contact", "What was said, sealed", "内容（已加密）"))),
    house_table("event_reader", "Who hears of every batch of events", (plain("name", "Name", "名称"), plain("since", "Since", "起始时间"))),
    house_table("event_news", "Batches of events that have not been read yet", (
        plain("reader", "Reader", "读者"), plain("batch_id", "Batch", "批次"))),
)  # fmt: skip
