"""The code system: trees of codes, each with its label in both languages and the days it holds."""

from django.db import models


class Code(models.Model):
    """One code of one kind. What was noted under it stays under it for ever; a merged one is read as what it became."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=32)
    parent_key = models.CharField(max_length=32, default="", blank=True)
    label = models.TextField()
    label_zh = models.TextField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    merged_into = models.CharField(max_length=32, default="", blank=True)
    place = models.IntegerField(default=0)

    class Meta:
        db_table = "code"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="code_once")]
