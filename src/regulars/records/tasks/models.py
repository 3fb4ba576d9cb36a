"""Tasks: somebody's work about a customer, until a day."""

from django.db import models


class Task(models.Model):
    """One piece of work. One open task per customer and kind at most.

    `given_by` is the key of whoever last said whose it is; empty for the house's own jobs and what happened before.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=16)
    because = models.JSONField(default=dict)
    words = models.TextField(default="", blank=True)
    owner = models.ForeignKey("staff.Staff", on_delete=models.PROTECT, null=True, related_name="tasks")
    given_by = models.CharField(max_length=200, default="", db_default="", blank=True)
    due_on = models.DateField()
    worth_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, default="open")
    outcome = models.TextField(default="", blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "task"
        indexes = [models.Index(fields=["owner", "state", "due_on"], name="task_owner_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], name="task_open_once", condition=models.Q(state="open")
            )
        ]
