from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.free_texts"
    label = "free_texts"
    default_auto_field = "django.db.models.BigAutoField"
