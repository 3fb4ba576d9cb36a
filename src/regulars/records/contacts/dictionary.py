"""What is kept about planned contacts and answers."""

from regulars.rules.privacy.dictionary import EVERYDAY, Table, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE

_ALL = EVERYDAY | {"delivery"}
_TOLD = "user.behavior"

TABLES = (
    Table("contact", "Planned messages and the gate's reasons", (
        pseudonym("id", "Contact", "联系", purposes=_ALL), plain("campaign_id", "Campaign", "活动"),
        pseudonym("customer_id", "Customer", "客户", purposes=_ALL), plain("channel", "Channel", "渠道"), plain("arm", "Arm", "组别"),
        personal("state", _TOLD, "State", "状态", purposes=_ALL), personal("strip", _TOLD, "Gate", "准则", purposes=_ALL),
        personal("reasons", _TOLD, "Reasons", "理由", purposes=_ALL), personal("decided_at", _TOLD, "Decided", "决定时间", purposes=_ALL),
        personal("not_before", _TOLD, "Not before", "不早于", purposes=_ALL), personal("claimed_at", _TOLD, "Claimed", "领取时间", purposes=_ALL),
        personal("sent_at", _TOLD, "Sent", "寄出时间", purposes=_ALL), pseudonym("message_id", "Message", "消息", purposes=_ALL),
    ), person="customer_id", views=OWN_HOUSE | {"delivery"}, merged_stay=True),
    Table("response", "Answers", (
        plain("id", "Number", "编号"), plain("campaign_id", "Campaign", "活动"), pseudonym("customer_id", "Customer", "客户"),
        personal("kind", _TOLD, "Kind", "种类"), personal("at", _TOLD, "Moment", "时间"), personal("ref", _TOLD, "Reference", "凭据"),
        personal("amount_minor", _TOLD, "Amount in minor units", "金额（分）"),
    ), person="customer_id", views=OWN_HOUSE, merged_stay=True),
)  # fmt: skip
