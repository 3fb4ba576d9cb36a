"""People who work here, and tokens of programs that ask on their behalf."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by their sign-in name."""


class Staff(AbstractBaseUser):
    """A person who signs in. The first of `roles` decides view and purpose; `branches` bound whose files may be
    opened. `log_name` is what logs and lists call her: her full name, and more where somebody else has it."""

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=150, unique=True)
    full_name = models.TextField()
    full_name_zh = models.TextField(blank=True, default="")
    log_name = models.TextField(unique=True)
    roles = ArrayField(models.CharField(max_length=16))
    branches = ArrayField(models.BigIntegerField(), default=list, blank=True)
    language = models.CharField(max_length=16, default="en")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects = StaffManager()

    class Meta:
        db_table = "staff"


class ApiToken(models.Model):
    """A program's key: only its digest is kept. Role, view and purpose are fixed when it is made."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=16)
    view = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    issued_by = models.TextField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_token"


class SqlLogin(models.Model):
    """An analyst's own database login to one view that raw SQL may be given to, or to the part of it that belongs to
    these branches and brands."""

    id = models.BigAutoField(primary_key=True)
    role_name = models.CharField(max_length=63, unique=True)
    view = models.CharField(max_length=32)
    branches = ArrayField(models.BigIntegerField(), default=list, blank=True)
    brands = ArrayField(models.TextField(), default=list, blank=True)
    issued_by = models.TextField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "sql_login"


class ApiAnswer(models.Model):
    """What a program was answered to a request it may send again: the same key brings the same answer for a day."""

    id = models.BigAutoField(primary_key=True)
    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request_digest = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "api_answer"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["at"], name="api_answer_at")]


class SignInTry(models.Model):
    """Wrong tries at the door in a row, by a keyed digest of the name or the address; forgotten after a quiet day."""

    who = models.CharField(max_length=64, primary_key=True)
    failures = models.IntegerField()
    at = models.DateTimeField()
    closed_until = models.DateTimeField()

    class Meta:
        db_table = "sign_in_try"
        indexes = [models.Index(fields=["at"], name="sign_in_try_at")]


class StaffSession(models.Model):
    """Where somebody is signed in. The session itself is Django's; it ends by being deleted there."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    address = models.CharField(max_length=64)
    program = models.CharField(max_length=300)
    factor = models.CharField(max_length=16)

    class Meta:
        db_table = "staff_session"


class CompanyAccount(models.Model):
    """An account at the company's own provider: who it is there never changes hands, unlike a name."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    issuer = models.TextField()
    subject = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "company_account"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="company_account_once")]


class StaffTotp(models.Model):
    """The secret somebody shares with her authenticator app, sealed with a key that is not in the database."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        db_table = "staff_totp"


class RecoveryCode(models.Model):
    """A code for the day the telephone is lost; only its keyed digest is kept, and it counts once."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"
        constraints = [models.UniqueConstraint(fields=["staff", "digest"], name="recovery_code_once")]


class SecondFactorRole(models.Model):
    """A role that the privacy officer asks a second factor of."""

    role = models.CharField(max_length=16, primary_key=True)
    since = models.DateTimeField()
    asked_by = models.TextField()

    class Meta:
        db_table = "second_factor_role"


class NeedToKnow(models.Model):
    """A role that the privacy officer asks a given reason of before a file opens: everywhere, or of those who work for
    one branch (`branch_id`)."""

    id = models.BigAutoField(primary_key=True)
    role = models.CharField(max_length=16)
    branch_id = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    asked_by = models.TextField()

    class Meta:
        db_table = "need_to_know"
        constraints = [
            models.UniqueConstraint(fields=["role", "branch_id"], name="need_to_know_once", nulls_distinct=False)
        ]


class StaffInvitation(models.Model):
    """A link by which somebody sets her own password, once and until a moment; only its digest is kept."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_invitation"


class TerminalRule(models.Model):
    """Whether whoever works at the terminal of the machine has to say who she is; one row at most."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    named = models.BooleanField()
    since = models.DateTimeField()
    asked_by = models.TextField()

    class Meta:
        db_table = "terminal_rule"


class StaffPasskey(models.Model):
    """The public half of somebody's passkey; the private half never leaves her device."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    credential = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    uses = models.BigIntegerField(default=0)
    label = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_passkey"
