from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.desks.cli"
    label = "cli_desk"
