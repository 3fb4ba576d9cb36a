from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.watched"
    label = "watched"
    default_auto_field = "django.db.models.BigAutoField"
