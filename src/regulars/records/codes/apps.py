from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.codes"
    label = "codes"
    default_auto_field = "django.db.models.BigAutoField"
