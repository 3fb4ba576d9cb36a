from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "regulars.desks.privacy_office"
    label = "privacy_office_desk"

    def ready(self) -> None:
        """The privacy office is in the side bar of the privacy officer, with the number of open disagreements."""
        from regulars.desks.privacy_office.office import disagreements
        from regulars.desks.shared import navigation

        navigation.register(
            "trust",
            "privacy",
            _("Privacy office"),
            "privacy_office:overview",
            "shield-lock",
            roles={"officer"},
            order=10,
            count=disagreements,
        )
