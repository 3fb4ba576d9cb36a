from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.company"
    label = "company"
    default_auto_field = "django.db.models.BigAutoField"
