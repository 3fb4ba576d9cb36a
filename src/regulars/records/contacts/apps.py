from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
