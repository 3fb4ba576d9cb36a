"""What was found in free texts, and what was decided. A flag says where and of which kind, never what."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class TextFlag(models.Model):
    """One text that says something sensitive; `state` is open, accepted, redacted or moved."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    table_name = models.TextField()
    column_name = models.TextField()
    row_id = models.BigIntegerField()
    kinds = ArrayField(models.TextField())
    state = models.CharField(max_length=8, default="open")
    found_at = models.DateTimeField()
    found_by = models.TextField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "text_flag"
        constraints = [models.UniqueConstraint(fields=["table_name", "row_id", "column_name"], name="text_flag_once")]
        indexes = [models.Index(fields=["found_at"], name="text_flag_open", condition=models.Q(state="open"))]


class SensitiveText(models.Model):
    """What a text said before it was moved here, sealed under the customer's own key."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    table_name = models.TextField()
    column_name = models.TextField()
    row_id = models.BigIntegerField()
    words = models.BinaryField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "sensitive_text"
        indexes = [models.Index(fields=["customer"], name="sensitive_text_customer")]


class TextSweep(models.Model):
    """Up to which row the old texts of a column have been looked at."""

    id = models.BigAutoField(primary_key=True)
    table_name = models.TextField()
    column_name = models.TextField()
    through_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "text_sweep"
        constraints = [models.UniqueConstraint(fields=["table_name", "column_name"], name="text_sweep_once")]
