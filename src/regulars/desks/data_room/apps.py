from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "regulars.desks.data_room"
    label = "data_room_desk"

    def ready(self) -> None:
        """The data room is in the side bar."""
        from regulars.desks.data_room.counting import files_under_way
        from regulars.desks.shared import navigation

        navigation.register(
            "trust",
            "data",
            _("Data room"),
            "data_room:sources",
            "database",
            {"steward", "officer"},
            40,
            files_under_way,
        )
        navigation.register("trust", "codes", _("Codes"), "data_room:codes", "tag", {"steward"}, 45)
