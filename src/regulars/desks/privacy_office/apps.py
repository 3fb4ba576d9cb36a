from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.privacy_office"
    label = "privacy_office_desk"
