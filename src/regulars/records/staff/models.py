"""People who work here, and tokens of programs that ask on their behalf."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by their sign-in name."""


class Staff(AbstractBaseUser):
    """A person who signs in. The first of `roles` decides view and purpose; `branches` bound whose files may be
    opened."""

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=150, unique=True)
    full_name = models.TextField()
    full_name_zh = models.TextField(blank=True, default="")
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
    """An analyst's own database login, member of one view that raw SQL may be given to."""

    id = models.BigAutoField(primary_key=True)
    role_name = models.CharField(max_length=63, unique=True)
    view = models.CharField(max_length=32)
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
