from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "regulars.desks.service"
    label = "service_desk"

    def ready(self) -> None:
        """Customers, tasks and complaints are in the side bar."""
        from regulars.desks.service.counting import complaints_waiting_for, tasks_waiting_for
        from regulars.desks.shared import navigation

        everybody, serving = {"service", "marketer", "officer", "steward"}, {"service", "officer"}
        working = serving | {"marketer"}
        navigation.register("", "customers", _("Customers"), "service:customers", "users", everybody, 20)
        navigation.register("", "order_desk", _("Order desk"), "service:orders", "basket", {"service"}, 25)
        navigation.register("", "tasks", _("Tasks"), "service:tasks", "list-check", working, 30, tasks_waiting_for)
        navigation.register(
            "",
            "complaints",
            _("Complaints"),
            "service:complaints",
            "alert-triangle",
            serving,
            40,
            complaints_waiting_for,
        )
