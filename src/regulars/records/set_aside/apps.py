from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.set_aside"
    label = "set_aside"
    default_auto_field = "django.db.models.BigAutoField"
