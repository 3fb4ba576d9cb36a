"""What a campaign holds: nothing about any one person."""

from regulars.rules.privacy.dictionary import Table
from regulars.rules.privacy.exposure import OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

_CAMPAIGN = (
    "id", "key", "name", "name_zh", "selling_point", "channel", "purpose", "reason", "priority", "cap_30d", "segment_id", "audience_id",
    "subject", "subject_zh", "body", "body_zh", "test_share", "holdout_share", "threshold", "expected_response", "budget_minor",
    "cost_each_minor", "currency", "answers_until", "state", "owner", "made_at", "funnel", "result", "replay_of",
    "brand", "topic",
)  # fmt: skip

TABLES = (
    Table("campaign", "Campaigns", plains(_CAMPAIGN), views=OWN_HOUSE | {"delivery"}),
    Table("campaign_look", "Looks taken at a test", plains(("id", "campaign_id", "number", "at", "by", "people", "responses")), views=OWN_HOUSE),
    Table("campaign_step", "States a campaign entered", plains(("id", "campaign_id", "state", "at", "by", "detail")), views=OWN_HOUSE),
)  # fmt: skip
