from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.merging"
    label = "merging"
    default_auto_field = "django.db.models.BigAutoField"
