"""The warehouse of this house, opened with the tables the rules declare."""

from django.conf import settings

from regulars.connections.warehouse import Warehouse
from regulars.rules.tables import layout


def open_warehouse() -> Warehouse:
    """The warehouse under the house's home; close it soon."""
    return Warehouse(settings.HOME.folder("warehouse"), layout())
