from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.night_shift"
    label = "night_shift_desk"
