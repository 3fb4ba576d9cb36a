from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.api"
    label = "api_desk"
