from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "regulars.desks.marketing"
    label = "marketing_desk"

    def ready(self) -> None:
        """Today, RFM, segments and campaigns are in the side bar; the frame knows the house."""
        from regulars.desks.marketing.house_facts import house_facts
        from regulars.desks.shared import frame, navigation

        frame.learn_house_facts_from(house_facts)
        insight, engagement = {"marketer", "officer"}, {"marketer", "officer"}
        navigation.register("", "today", _("Today"), "marketing:today", "sun", set(), 10)
        navigation.register("insight", "rfm", _("RFM"), "marketing:rfm", "layout-grid", insight, 10)
        navigation.register("insight", "segments", _("Segments"), "marketing:segments", "circles-relation", insight, 20)
        navigation.register(
            "engagement", "campaigns", _("Campaigns"), "marketing:campaigns", "speakerphone", engagement, 10
        )
