from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.own_attributes"
    label = "own_attributes"
    default_auto_field = "django.db.models.BigAutoField"
