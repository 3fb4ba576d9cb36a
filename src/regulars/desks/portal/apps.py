from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.portal"
    label = "portal_desk"
