"""Who may send counts by the API: a hospital's system, a chain of pharmacies, a laboratory."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from tongchou.surveillance.models.channels import Source


class CountSender(models.Model):
    """A machine that sends counts for the sites of one source."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="senders")
    name = models.CharField(pgettext_lazy("sender", "name"), max_length=60, unique=True)
    # What is sent along as a password; only its digest is kept.
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(pgettext_lazy("sender", "made"))
    ended_at = models.DateTimeField(pgettext_lazy("sender", "ended"), null=True, blank=True)
    last_at = models.DateTimeField(pgettext_lazy("sender", "sent last"), null=True, blank=True)
    n_stored = models.BigIntegerField(pgettext_lazy("sender", "stored"), default=0)
    n_refused = models.BigIntegerField(pgettext_lazy("sender", "refused"), default=0)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
