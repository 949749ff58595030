"""Checklists (检查表) as issued. A version is never changed: open inspections keep theirs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import PlaceKind
from tongchou.supervision.items import Item, Sheet, in_language, parse

PlaceType = PlaceKind


class Checklist(models.Model):
    """One version of a checklist; its items stand in `text`, as TOML."""

    slug = models.SlugField(_("short name"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=80, blank=True)
    place_kind = models.CharField(max_length=20, choices=PlaceType.choices, blank=True)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    n_items = models.PositiveSmallIntegerField(_("items"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="checklist_version_once")
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def sheet(self) -> Sheet:
        return parse(self.text)

    @property
    def items(self) -> tuple[Item, ...]:
        return self.sheet.items
