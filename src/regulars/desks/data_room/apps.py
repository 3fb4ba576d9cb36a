from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.data_room"
    label = "data_room_desk"
