"""Leads (线索): a person of whom something was noted that may be the disease, or nothing at all.

A lead is no suspicion of anybody. It names a person by key only, ends when it is settled, and what
was noted is destroyed on a day that is written down with it; of a purchase that day comes soonest.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.cases.models import Case
from tongchou.ledger.models import Passage
from tongchou.people.models import Person
from tongchou.surveillance.models.channels import Site


class LeadKind(models.TextChoices):
    ANTIGEN = "antigen", _("antigen positive")
    PURCHASE = "purchase", _("pharmacy purchase")
    FEVER = "fever", _("fever clinic visit")


class Medicine(models.TextChoices):
    """The four classes of medicine that are registered by name where cases exist (四类药品)."""

    FEVER = "fever", pgettext_lazy("medicine", "against fever")
    COUGH = "cough", pgettext_lazy("medicine", "against cough")
    ANTIVIRAL = "antiviral", pgettext_lazy("medicine", "antiviral")
    ANTIBACTERIAL = "antibacterial", pgettext_lazy("medicine", "antibacterial")


class Lead(models.Model):
    """One thing noted of one person on one day."""

    kind = models.CharField(_("kind"), max_length=8, choices=LeadKind.choices)
    # Empty once destroyed: what is left says that there was a lead, and of nobody.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="leads")
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="lead")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    noted_on = models.DateField(_("day"))
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("noted at"),
    )
    medicine = models.CharField(_("medicine"), max_length=13, choices=Medicine.choices, blank=True)
    symptoms = models.CharField(_("symptoms"), max_length=120, blank=True)
    onset_on = models.DateField(_("onset"), null=True, blank=True)
    sampled_on = models.DateField(_("sampled"), null=True, blank=True)
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("case")
    )
    noted_at = models.DateTimeField(_("entered"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    destroy_on = models.DateField(_("destroyed on"), db_index=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-noted_on", "-id"]
        verbose_name = pgettext_lazy("early warning", "lead")
        verbose_name_plural = pgettext_lazy("early warning", "leads")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "person", "noted_on"],
                condition=Q(person__isnull=False),
                name="lead_noted_once",
            ),
            models.CheckConstraint(
                condition=Q(medicine="") | Q(kind="purchase"), name="medicine_only_of_a_purchase"
            ),
        ]
        indexes = [models.Index(fields=["area_path", "-noted_on", "-id"], name="lead_of_area")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"L-{self.pk:06d}"
