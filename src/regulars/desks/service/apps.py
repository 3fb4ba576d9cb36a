from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.service"
    label = "service_desk"
