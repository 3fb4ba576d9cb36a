"""Products, order lines, and each customer's running totals."""

from django.db import models


class Product(models.Model):
    """Something sold. `ref` is what its source calls it."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey("intake.Source", on_delete=models.PROTECT, related_name="+")
    ref = models.TextField()
    name = models.TextField(default="", blank=True)
    department = models.TextField(default="", blank=True)
    category = models.TextField(default="", blank=True)
    brand = models.TextField(default="", blank=True)

    class Meta:
        db_table = "product"
        constraints = [models.UniqueConstraint(fields=["source", "ref"], name="product_once")]


class OrderLine(models.Model):
    """One line of one order; returned goods are negative. Partitioned by month of `ordered_at`; money in minor units.

    `line_key` names the line within its source, for ever: the same line read twice is one line. `order_key` is the same
    for all lines of an order. No foreign keys are checked here row by row: the import resolves them, `regulars check`
    proves them.
    """

    pk = models.CompositePrimaryKey("line_key", "ordered_at")
    line_key = models.UUIDField()
    ordered_at = models.DateTimeField()
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    source = models.ForeignKey(
        "intake.Source", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    order_ref = models.TextField()
    order_key = models.BigIntegerField()
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    branch = models.ForeignKey(
        "company.Branch", on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    quantity_milli = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    promotion_ref = models.TextField(null=True)
    import_run = models.ForeignKey(
        "intake.ImportRun", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "order_line"


class CustomerActivity(models.Model):
    """What a shop assistant needs at once; kept by the import itself."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="activity"
    )
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    orders = models.IntegerField()
    lines = models.IntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    last_branch_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "customer_activity"


class MonthTouched(models.Model):
    """A month whose order lines changed since the warehouse last wrote it."""

    month = models.DateField(primary_key=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "month_touched"
