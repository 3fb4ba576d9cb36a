from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.marketing"
    label = "marketing_desk"
