from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.audiences"
    label = "audiences"
    default_auto_field = "django.db.models.BigAutoField"
