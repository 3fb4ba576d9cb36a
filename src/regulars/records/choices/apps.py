from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.choices"
    label = "choices"
    default_auto_field = "django.db.models.BigAutoField"
