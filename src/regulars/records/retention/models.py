"""How each rule of retention stands: only watched, or letting go; how much was found, how much has gone."""

from django.db import models


class RetentionRule(models.Model):
    """One rule by its key. `goes` is false until the officer has seen what it would take."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    goes = models.BooleanField(default=False)
    found = models.BigIntegerField(default=0)
    found_at = models.DateTimeField(null=True)
    gone = models.BigIntegerField(default=0)
    gone_at = models.DateTimeField(null=True)
    changed_by = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "retention_rule"
