from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.touchpoints"
    label = "touchpoints"
    default_auto_field = "django.db.models.BigAutoField"
