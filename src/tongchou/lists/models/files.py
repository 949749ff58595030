"""A file that shows a task is done: a photo or a signed sheet, sealed under its digest."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from tongchou.lists.models.tasks import Task


class File(models.Model):
    """One file of a task. The name it came with is not kept: people put names into it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="files")
    words = models.CharField(pgettext_lazy("lists", "what it shows"), max_length=120, blank=True)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    destroyed_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "digest"], name="task_file_once"),
        ]
        indexes = [
            models.Index(fields=["digest"], name="task_file_digest"),
            models.Index(fields=["task"], condition=Q(destroyed_on=None), name="task_file_kept"),
        ]

    def __str__(self) -> str:
        return self.words or f"{self.task}: {self.media_type}"
