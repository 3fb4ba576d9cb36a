"""Every list of people that was handed out, with who is in it, in which order, and who in it was invented."""

from django.db import models


class Export(models.Model):
    """One list that left: who took it, through which view and door, why, how many rows, until when it may be used.

    `reader` is whom her readings are counted under. `own_columns` are the own attributes in it, by key, and how each
    was shown. A program that reads one list page by page makes one export of it a day: `list_of_day` names it, and is
    empty for a file.
    """

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    reader = models.CharField(max_length=200)
    role = models.CharField(max_length=16)
    view = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    door = models.CharField(max_length=32)
    because = models.TextField()
    content = models.TextField()
    own_columns = models.JSONField(default=dict)
    list_of_day = models.CharField(max_length=64, default="", blank=True)
    rows = models.IntegerField(default=0)
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="", blank=True)
    ended_because = models.TextField(default="", blank=True)

    class Meta:
        db_table = "export"
        indexes = [models.Index(fields=["-made_at"], name="export_made_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["list_of_day"], condition=~models.Q(list_of_day=""), name="export_list_once_a_day"
            )
        ]


class ExportedPerson(models.Model):
    """Who is in it, and at which place; `figures` are the marks of what the list said of her in numbers and days."""

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="people")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.IntegerField()
    figures = models.BinaryField(null=True)

    class Meta:
        db_table = "exported_person"
        constraints = [models.UniqueConstraint(fields=["customer", "export"], name="exported_person_once")]


class ExportDecoy(models.Model):
    """Somebody who does not exist and stands in one export only. No view shows her; her number is nobody's."""

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="decoys")
    place = models.IntegerField()
    number = models.CharField(max_length=24, unique=True)
    name = models.TextField()
    city = models.TextField(default="", blank=True)

    class Meta:
        db_table = "export_decoy"
        indexes = [models.Index(fields=["name"], name="export_decoy_name")]


class ExportRule(models.Model):
    """How long an export may be used where nobody says otherwise, and whether files hold invented people. One row."""

    id = models.SmallIntegerField(primary_key=True)
    days = models.SmallIntegerField()
    decoys = models.BooleanField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "export_rule"
