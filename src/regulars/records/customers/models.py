"""The customer record: basics, ways to reach, names in other systems, keys for finding, links to the own page.

A sealed column holds bytes that only the customer's data key opens (see `keys`); nothing above a door ever sees them.
"""

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import MD5, Coalesce


class Customer(models.Model):
    """A person or household. The `allows_*` columns are the present; only the ledger's trigger sets them.

    From `erased_at` on nobody is behind the row: she was erased, or merged into another (then a `Merge` stands).
    What `FieldSaid` says nothing about was told by `source` at `told_at`.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16, default="person")
    stage = models.CharField(max_length=16, default="customer")
    name = models.TextField(default="", blank=True)
    given_name = models.TextField(default="", blank=True)
    family_name = models.TextField(default="", blank=True)
    name_sort = models.TextField(default="", blank=True)
    honorific = models.TextField(default="", blank=True)
    sex = models.CharField(max_length=8, default="", blank=True)
    birth_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=16, default="", blank=True)
    city = models.TextField(default="", blank=True)
    region = models.TextField(default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    postcode = models.TextField(default="", blank=True)
    timezone = models.CharField(max_length=64, default="", blank=True)
    home_branch = models.ForeignKey(
        "company.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    household_size = models.SmallIntegerField(null=True, blank=True)
    marital_status = models.CharField(max_length=16, default="", blank=True)
    income_band = models.CharField(max_length=16, default="", blank=True)
    potential_index = models.SmallIntegerField(null=True, blank=True)
    product_knowledge = models.TextField(default="", blank=True)
    allergies = models.BinaryField(null=True, blank=True)
    id_document = models.BinaryField(null=True, blank=True)
    preferred_channel = models.CharField(max_length=8, default="", blank=True)
    quiet_from = models.SmallIntegerField(null=True, blank=True)
    quiet_until = models.SmallIntegerField(null=True, blank=True)
    jurisdiction = models.CharField(max_length=8, default="none")
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    first_seen_on = models.DateField()
    told_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    invented = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True, blank=True)
    allows_direct_marketing = models.BooleanField(default=False)
    allows_disclosure = models.BooleanField(default=False)
    allows_automated_decision = models.BooleanField(default=False)
    allows_sensitive_use = models.BooleanField(default=False)
    allows_email = models.BooleanField(default=False)
    allows_phone = models.BooleanField(default=False)
    allows_letter = models.BooleanField(default=False)
    allows_sms = models.BooleanField(default=False)

    class Meta:
        db_table = "customer"
        indexes = [models.Index(fields=["home_branch"], name="customer_home_branch")]


class ContactPoint(models.Model):
    """One way to reach a customer. `value` is what is dialled, written to or printed on the letter, sealed."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    channel = models.CharField(max_length=8)
    label = models.TextField(default="", blank=True)
    value = models.BinaryField(null=True)
    valid = models.BooleanField(default=True)
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "contact_point"
        constraints = [models.UniqueConstraint(fields=["customer", "channel", "value"], name="contact_point_once")]


class FieldSaid(models.Model):
    """What one source says of one field, since when, and who confirmed it. The record shows what is believed.

    A field has rows once a second source speaks of it or its first one says something else; until then its value, its
    source and its date stand on the customer. `value` is what everyday views show, `closed` what they mask or coarsen,
    `cell` what is sealed: one of the three. `because` is why somebody wrote down otherwise than what was there.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    field = models.CharField(max_length=32)
    source = models.ForeignKey(
        "intake.Source", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    value = models.TextField(null=True)
    closed = models.TextField(null=True)
    cell = models.BinaryField(null=True)
    said_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.TextField(blank=True, default="")
    because = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "field_said"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "field", "source"], name="field_said_once", nulls_distinct=False
            )
        ]


class AsItCame(models.Model):
    """A value as a source sent it, where cleaning changed it: a JSON pair of that and of what became of it.

    It lies as its field does: in `value` what everyday views show, in `closed` what they mask or coarsen, sealed in
    `cell` what is sealed, and whatever held more than its field (a remark in brackets, a phone in a name).
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    field = models.CharField(max_length=32)
    source = models.ForeignKey("intake.Source", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    value = models.TextField(null=True)
    closed = models.TextField(null=True)
    cell = models.BinaryField(null=True)
    reasons = models.JSONField(default=list)
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "as_it_came"
        constraints = [
            models.UniqueConstraint(
                "customer",
                "field",
                "source",
                MD5(Coalesce("value", "closed", Value(""))),
                Func(Coalesce("cell", Value(b"")), function="sha256"),
                name="as_it_came_once",
            )
        ]


class ContactPointSaid(models.Model):
    """A source that told of a way to reach a customer after another had: it stays when the first one's data goes."""

    pk = models.CompositePrimaryKey("contact_point_id", "source_id")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey("intake.Source", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "contact_point_said"


class CustomerRef(models.Model):
    """What a source calls the customer."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey("intake.Source", on_delete=models.PROTECT, related_name="+")
    ref = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="refs")

    class Meta:
        db_table = "customer_ref"
        constraints = [models.UniqueConstraint(fields=["source", "ref"], name="customer_ref_once")]


class FormerNumber(models.Model):
    """A number somebody bore before she was merged into the customer it means now."""

    number = models.CharField(max_length=24, primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        db_table = "former_number"


class SearchToken(models.Model):
    """A key a customer is found by: part of a name in clear, contact data only as a keyed digest."""

    id = models.BigAutoField(primary_key=True)
    token = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="tokens")

    class Meta:
        db_table = "search_token"
        indexes = [models.Index(fields=["token", "customer"], name="search_token_token")]


class RecognitionMark(models.Model):
    """A keyed mark of some of a customer's traits together, by which she comes into question (rules/identity/marks)."""

    pk = models.CompositePrimaryKey("mark", "customer_id")
    mark = models.BigIntegerField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        db_table = "recognition_mark"


class NewlyMarked(models.Model):
    """Somebody who has marks she did not have when customers were last compared; gone once she is compared.

    One row for each time, so that who writes never waits for who compares.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        db_table = "newly_marked"


class NameSlip(models.Model):
    """A word of somebody's name, under the keyed marks of it with one letter left out: so a slip finds the word."""

    pk = models.CompositePrimaryKey("slip", "word")
    slip = models.BigIntegerField()
    word = models.TextField()

    class Meta:
        db_table = "name_slip"
        indexes = [models.Index(fields=["word"], name="name_slip_word")]


class MarkingProgress(models.Model):
    """How far the customers who were there before have been marked by which recipe: all up to that id."""

    recipe = models.IntegerField(primary_key=True)
    done_until = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "marking_progress"


class AnonymousKey(models.Model):
    """The key the anonymous view shows instead of the id; drawn anew every night, so it links nothing across days."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    key = models.BigIntegerField(unique=True)

    class Meta:
        db_table = "anonymous_key"


class PortalLink(models.Model):
    """A link to the customer's own page. Only a digest is kept; it ends by date, by use of a newer one, or by hand."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.TextField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_link"


class MasterKey(models.Model):
    """A version of the master key that keys are wrapped under. The key is elsewhere; `mark` tells it from any other."""

    version = models.IntegerField(primary_key=True)
    mark = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "master_key"


class GivenUpKey(models.Model):
    """A version of the master key that the house knows no more; its files are gone from the home at `destroyed_at`."""

    version = models.IntegerField(primary_key=True)
    mark = models.TextField()
    given_up_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "given_up_key"


class CustomerKey(models.Model):
    """What opens a customer's sealed cells, itself locked. Destroying it destroys them, wherever copies of them lie."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    wrapped = models.BinaryField()
    master = models.ForeignKey(MasterKey, on_delete=models.PROTECT, related_name="+", db_column="master")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "customer_key"


class FileKey(models.Model):
    """What opens the rows of a file that were set aside, itself locked as customers' keys are. It goes with the last of
    its rows' texts, and the trees forget it: then no copy of them opens either."""

    import_run = models.OneToOneField("intake.ImportRun", on_delete=models.CASCADE, primary_key=True, related_name="+")
    wrapped = models.BinaryField()
    master = models.ForeignKey(MasterKey, on_delete=models.PROTECT, related_name="+", db_column="master")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "file_key"


class CustomerChange(models.Model):
    """One value of a customer's own record that gave way to another; both sealed as cells of that column."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    who = models.TextField()
    door = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    field = models.TextField()
    old = models.BinaryField(null=True)
    new = models.BinaryField(null=True)

    class Meta:
        db_table = "customer_change"
        indexes = [models.Index(fields=["customer", "-at"], name="customer_change_customer")]


class Erasure(models.Model):
    """What is left of an erased customer: that, when, by whom and why, and proof of what was destroyed.

    `number_digest` is keyed, so that she herself can be shown that she was erased, and nobody can list who was;
    `key_digest` is of the wrapped key that was destroyed. `leaf` is what the trees of the master keys have to forget,
    and have, once `forgotten_at` is there.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    who = models.TextField()
    because = models.TextField()
    reference = models.TextField(blank=True, default="")
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="+")
    number_digest = models.CharField(max_length=64, unique=True)
    key_digest = models.CharField(max_length=64, blank=True, default="")
    leaf = models.BigIntegerField(null=True)
    closed = models.JSONField(default=dict)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "erasure"


class ErasedRef(models.Model):
    """What a source called somebody who was erased, as a keyed digest; kept while an import of then is under way."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey("intake.Source", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    through_run = models.BigIntegerField()

    class Meta:
        db_table = "erased_ref"
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="erased_ref_once")]
