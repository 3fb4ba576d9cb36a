"""What a frozen audience holds."""

from regulars.rules.privacy.dictionary import Table, plain, pseudonym
from regulars.rules.privacy.exposure import OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

TABLES = (
    Table("audience", "Frozen lists", plains((
        "id", "segment_id", "segment_version", "rule", "size", "frozen_at", "frozen_by")), views=OWN_HOUSE),
    Table("audience_member", "People on frozen lists", (
        plain("id", "Number", "编号"), plain("audience_id", "Audience", "受众"), pseudonym("customer_id", "Customer", "客户"),
        plain("arm", "Arm", "组别"),
    ), person="customer_id", views=OWN_HOUSE, merged_stay=True),
)  # fmt: skip
