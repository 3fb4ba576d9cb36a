from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.scores"
    label = "scores"
    default_auto_field = "django.db.models.BigAutoField"
