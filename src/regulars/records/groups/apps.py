from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.groups"
    label = "groups"
    default_auto_field = "django.db.models.BigAutoField"
