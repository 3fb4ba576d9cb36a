from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.disclosures"
    label = "disclosures"
    default_auto_field = "django.db.models.BigAutoField"
