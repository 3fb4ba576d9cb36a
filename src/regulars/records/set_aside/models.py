"""Rows of files that were set aside."""

from django.db import models


class RefusedRow(models.Model):
    """A row set aside: nothing of it is lost, and its reason is a code the desks say in words.

    `raw` is the whole row as it stood in the file, as delimited text. `example` is `value` once more where its column
    says nothing about who the person is. All three are sealed under the key of the file, and NULL where nothing stood:
    a row that broke may have anything anywhere.

    `ordinal` is the row's place among the file's lines of the same order and product: with it, the mended row becomes
    the line it would have been. `row_taken`: only this cell was left out, the row was not.
    """

    id = models.BigAutoField(primary_key=True)
    import_run = models.ForeignKey("intake.ImportRun", on_delete=models.CASCADE, related_name="refused")
    row_number = models.BigIntegerField()
    reason = models.CharField(max_length=48)
    column = models.TextField(blank=True, default="")
    value = models.BinaryField(null=True)
    example = models.BinaryField(null=True)
    raw = models.BinaryField(null=True)
    ordinal = models.IntegerField(null=True)
    row_taken = models.BooleanField(default=False)

    class Meta:
        db_table = "refused_row"
        indexes = [models.Index(fields=["import_run", "reason", "row_number"], name="refused_row_reason")]
