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
    proves them. A line that no file brought, but somebody at the order desk, has no import.
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
        "intake.ImportRun",
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
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


class ProductPrice(models.Model):
    """What a product was last sold for, before anything was taken off: what the order desk offers as its price."""

    product = models.OneToOneField(
        Product, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "product_price"


class OrderDraft(models.Model):
    """An order somebody is taking: kept at every step, so that neither a lost session nor a killed process loses it.

    `content` is sealed with a key of the house; it may hold what somebody who is not known yet tells of herself. It is
    emptied when the order is placed, and the whole row goes when it is left or forgotten.
    """

    key = models.UUIDField(primary_key=True)
    staff_id = models.BigIntegerField()
    content = models.BinaryField(null=True)
    changed_at = models.DateTimeField()
    order_ref = models.TextField(default="", blank=True)

    class Meta:
        db_table = "order_draft"
        indexes = [models.Index(fields=["staff_id", "-changed_at"], name="order_draft_staff")]


class DeskOrder(models.Model):
    """An order taken by hand or by a program, beside its lines: how it came, who took it, what is still to be done.

    `key` is that of its draft: the same draft makes one order, however often it is sent.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    ref = models.TextField(unique=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=16)
    branch = models.ForeignKey(
        "company.Branch", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    taken_by = models.TextField(default="", blank=True)
    taken_at = models.DateTimeField()
    promised_on = models.DateField(null=True)
    returns_ref = models.TextField(default="", blank=True)
    state = models.CharField(max_length=16, default="open")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_order"
        indexes = [
            models.Index(fields=["customer"], name="desk_order_open", condition=models.Q(state="open")),
            models.Index(fields=["-taken_at"], name="desk_order_taken"),
        ]


class OrderTold(models.Model):
    """An order that an event told: when it was placed, and of when the last word about it is. An older one that comes
    late changes nothing any more."""

    order_key = models.BigIntegerField(primary_key=True)
    placed_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "order_told"
