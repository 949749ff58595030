"""Users, units (a tree of departments) and posts.

A right comes from a post and from nothing else: who has no post today sees and does nothing.
"""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.staff.roles import Role


class User(AbstractUser):
    """Somebody who signs in. `username` is also how the audit names them."""

    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    phone = models.CharField(_("duty phone"), max_length=30, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username


class Unit(models.Model):
    """A department, team, hospital or site that can be handed something."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    area = models.ForeignKey(Area, models.PROTECT, related_name="units", verbose_name=_("area"))
    phone = models.CharField(_("duty phone"), max_length=30, blank=True)
    place_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "area"], name="unit_once_per_area"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A user fills a role for a unit in an area and all below it, from one moment to another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts", verbose_name=_("area"))
    level = models.PositiveSmallIntegerField(editable=False)
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["role", "area"], name="post_role_area"),
            models.Index(fields=["user"], name="post_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_at=None) | Q(to_at__gt=models.F("from_at")),
                name="post_from_before_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.area}"
