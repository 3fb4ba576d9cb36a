from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"
