"""The division tree (区划) from province to building, and the places in it.

A code is text: the leading digits are the parent's, except where they are not. Development zones
have codes of their own outside GB/T 2260, so the tree is in `parent` and `path`, not in digits.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongchou.areas.codes import class_of
from tongchou.loops import Tempo


class PathField(models.CharField):
    """Codes from the top down, `420000/420500/420502/`; ordered bytewise on every database.

    Bytewise order makes a subtree one range of an index: `/` is followed by `0`.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def subtree(path: str, *, field: str = "path") -> models.Q:
    """The rows whose path lies at or below `path`; everything where it is empty."""
    if not path:
        return models.Q()
    return models.Q(**{f"{field}__gte": path, f"{field}__lt": path[:-1] + "0"})


class Level(models.IntegerChoices):
    PROVINCE = 1, _("province")
    CITY = 2, _("city")
    DISTRICT = 3, _("district")
    STREET = 4, _("street")
    COMMUNITY = 5, _("community")
    GRID = 6, _("grid cell")
    BUILDING = 7, _("building")


#: What the digits of a code say more exactly than its level does.
CLASSES = {
    "street": _("street"),
    "town": _("town"),
    "township": _("township"),
    "like_town": _("unit like a town"),
    "residents": _("residents' committee"),
    "village": _("village"),
    "like_residents": _("unit like a residents' committee"),
    "like_village": _("unit like a village"),
}


class TempoChoice(models.TextChoices):
    PEACE = Tempo.PEACE.value, _("peace")
    WAR = Tempo.WAR.value, _("war")


class Area(models.Model):
    """One division. It is never deleted: it ends, and may lead to a successor."""

    code = models.CharField(_("code"), max_length=24, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    path = PathField(max_length=160, unique=True)
    tempo = models.CharField(
        _("tempo"), max_length=5, choices=TempoChoice.choices, default=TempoChoice.PEACE
    )
    tempo_since = models.DateTimeField(null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    class Meta:
        ordering = ["path"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> str:
        """Street, town, village and so on by the digits of the code; the level elsewhere."""
        return str(CLASSES.get(class_of(self.code)) or self.get_level_display())

    @property
    def codes(self) -> list[str]:
        """The codes from the top of the tree down to this area."""
        return self.path.strip("/").split("/")


class Boundary(models.Model):
    """The outline of an area as a GeoJSON geometry, with its box for a quick first look."""

    area = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="boundary")
    geometry = models.JSONField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    def __str__(self) -> str:
        return str(self.area_id)


class PlaceKind(models.TextChoices):
    QUARANTINE_SITE = "quarantine_site", _("quarantine site")
    HOSPITAL = "hospital", _("designated hospital")
    FEVER_CLINIC = "fever_clinic", _("fever clinic")
    SHELTER_HOSPITAL = "shelter_hospital", _("shelter hospital")
    SAMPLING_SITE = "sampling_site", _("sampling site")
    CHECKPOINT = "checkpoint", _("checkpoint")
    SCHOOL = "school", _("school")
    WORKPLACE = "workplace", _("workplace")
    SHOP = "shop", _("shop or market")
    RESTAURANT = "restaurant", _("restaurant")
    TRANSPORT = "transport", _("station or vehicle")
    HOME = "home", _("home")
    OTHER = "other", _("other place")


class Place(models.Model):
    """Somewhere people stay or meet. Capacity is rooms, beds or persons, by its kind."""

    kind = models.CharField(_("kind"), max_length=20, choices=PlaceKind.choices)
    name = models.CharField(_("name"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="places", verbose_name=_("area"))
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["kind", "area"], name="place_kind_area")]

    def __str__(self) -> str:
        return self.name
