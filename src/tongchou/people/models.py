"""Person holds nothing that names anybody; Identity, beside it, is sealed and can be destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.people.keys import new_key, spoken


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNKNOWN = "unknown", _("not known")


class Household(models.Model):
    """People who live together."""

    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name=_("area")
    )
    n_members = models.PositiveSmallIntegerField(_("members"), null=True, blank=True)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Person(models.Model):
    """Somebody, known by a key. All other rooms point here and learn no more than this."""

    key = models.CharField(
        max_length=12, primary_key=True, default=new_key, editable=False
    )
    sex = models.CharField(
        _("sex"), max_length=7, choices=Sex.choices, default=Sex.UNKNOWN
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, related_name="+", verbose_name=_("area")
    )
    household = models.ForeignKey(
        Household, models.SET_NULL, null=True, blank=True, related_name="members"
    )
    written_at = models.DateTimeField()
    destroy_on = models.DateField(_("destroyed on"), db_index=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    def __str__(self) -> str:
        return spoken(self.key)
