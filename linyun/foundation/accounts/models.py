"""Accounts and posts. An account is a human being; rights come only from the post in which they work."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from linyun.foundation.areas.models import Area
from linyun.kernel.declare import Role
from linyun.kernel.ids import uuid7

SECOND_FACTOR_ROLES = frozenset({Role.CITY, Role.DISTRICT, Role.STREET, Role.DEPARTMENT, Role.OPERATOR})
"""Posts above the committee, and operators, sign in with a second factor (GB/T 22239-2019, 8.1.4.1)."""


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """A new account. Without a password nobody can sign in to it."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One person's sign-in (账号). No account is shared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField("手机", max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    # Django's own permission hooks: rights come from posts, never from flags on the account.
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return f"{self.name} ({self.username})"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Always no: see accounts.policy.may."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Always no: see accounts.policy.may."""
        return False


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> "PostQuerySet":
        """Those held on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Post(models.Model):
    """A person works in a role at an area from–to (岗位). One person may hold several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Role])
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_column="area")
    department = models.CharField(max_length=30, blank=True)
    title = models.CharField("职务", max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "area", "department"], condition=Q(valid_to=None), name="post_once"
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_period"),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.role} · {self.area_id}"

    @property
    def needs_second_factor(self) -> bool:
        """Whether this post is worked in only after a second factor."""
        return self.role in SECOND_FACTOR_ROLES
