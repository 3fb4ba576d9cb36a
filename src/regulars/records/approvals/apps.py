from django.apps import AppConfig


class Config(AppConfig):
    name = "regulars.records.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
