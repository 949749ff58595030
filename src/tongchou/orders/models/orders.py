"""Orders and notices: drafted, checked, issued, received; and what was flagged before they went.

Once issued nothing of an order changes. That it ended or was withdrawn is a row of its own.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage
from tongchou.orders import wording
from tongchou.orders.models.decisions import Decision
from tongchou.staff.models import Unit

USER = settings.AUTH_USER_MODEL


class OrderKind(models.TextChoices):
    ORDER = "order", pgettext_lazy("kind of order", "order")
    NOTICE = "notice", pgettext_lazy("kind of order", "public notice")


class Risk(models.TextChoices):
    """Of the area a measure holds in, as the playbook's zones are named."""

    LOW = "low", _("low risk")
    MEDIUM = "medium", _("medium risk")
    HIGH = "high", _("high risk")


class Bearer(models.TextChoices):
    """Who bears what a measure costs: those who pay in the planner's bill, or nobody."""

    CITY = "city", _("the city government")
    INSURANCE = "insurance", _("medical insurance")
    ENTERPRISES = "enterprises", _("enterprises")
    SUPPLIERS = "suppliers", _("enterprises that supply them")
    HOUSEHOLDS = "households", pgettext_lazy("bearer", "households")
    ILL = "ill", _("the ill")
    NOBODY = "nobody", _("nobody: it costs nothing")


class Order(models.Model):
    """`version` counts the edits of the draft: whoever checked or signed saw one of them."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    reference = models.CharField(
        pgettext_lazy("order", "document number"), max_length=60, blank=True
    )
    kind = models.CharField(_("kind"), max_length=8, choices=OrderKind.choices)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(pgettext_lazy("order", "why"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("decision it carries out"),
    )
    appeal = models.CharField(_("where to appeal"), max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted"))
    checked_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(pgettext_lazy("order", "checked"), null=True)
    issued_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by")
    )
    issued_at = models.DateTimeField(pgettext_lazy("order", "issued"), null=True)
    dropped_at = models.DateTimeField(null=True)  # a draft that was thrown away
    digest = models.CharField(max_length=64, blank=True)  # of the text that went out

    class Meta:
        ordering = ["-id"]
        verbose_name = pgettext_lazy("command", "order")
        verbose_name_plural = pgettext_lazy("command", "orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("drafted_by")),
                name="order_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None)
                | (
                    Q(
                        issued_at__isnull=False,
                        issued_by__isnull=False,
                        checked_at__isnull=False,
                        dropped_at=None,
                    )
                    & ~Q(digest="")
                ),
                name="order_issued_after_it_was_checked",
            ),
        ]
        indexes = [
            models.Index(fields=["area_path", "-id"], name="order_of_area"),
            models.Index(
                fields=["issued_at"], condition=Q(issued_at__isnull=False), name="order_issued"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference or self.number} {self.title}"


class Measure(models.Model):
    """What an order asks, forbids or opens: for whom, where, from when to when, by which clause."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(
        pgettext_lazy("order", "measure"), max_length=20, choices=wording.KIND_CHOICES
    )
    groups = models.JSONField(_("for whom"), default=list)
    spares = models.JSONField(_("but not for"), default=list)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("where"))
    area_path = PathField(max_length=160)
    place = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("where it is to be had"),
    )
    risk = models.CharField(_("risk there"), max_length=6, choices=Risk.choices, blank=True)
    from_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    amount = models.PositiveSmallIntegerField(_("days, or hours a test is good"), default=0)
    words = models.CharField(pgettext_lazy("measure", "in words"), max_length=300, blank=True)
    clause = models.CharField(_("clause"), max_length=120, blank=True)
    cost = models.CharField(_("what it costs"), max_length=200, blank=True)
    bearer = models.CharField(_("who bears it"), max_length=12, choices=Bearer.choices, blank=True)
    frozen = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="measures_count_up"),
            models.CheckConstraint(
                condition=Q(until__gt=F("from_at")), name="measure_from_before_until"
            ),
        ]
        indexes = [models.Index(fields=["until", "from_at"], name="measure_when")]

    def __str__(self) -> str:
        return f"{self.order_id}.{self.number} {self.kind}"


class FlagSort(models.TextChoices):
    CONFLICT = "conflict", _("strands somebody")
    RED_LINE = "red_line", _("beyond a red line")
    STRICTER = "stricter", _("stricter than the level above")


class Flag(models.Model):
    """What was found when an order was checked, and again when it went out; never changed."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="flags")
    version = models.PositiveIntegerField()
    at_issue = models.BooleanField()
    sort = models.CharField(max_length=8, choices=FlagSort.choices)
    code = models.CharField(max_length=24)
    measure = models.PositiveSmallIntegerField()  # by its number: a draft may lose it again
    other_order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    other_measure = models.PositiveSmallIntegerField(null=True)
    says = models.CharField(max_length=600)
    clause = models.CharField(max_length=120, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.says


class Consent(models.Model):
    """That a flagged order may go out all the same: asked with a reason, signed by a second.

    It covers the flags that were on the table, by their digest, and no other.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="consents")
    version = models.PositiveIntegerField()
    flags = models.CharField(max_length=64)
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "version", "flags"], name="consent_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None)
                | (Q(signed_at__isnull=False) & ~Q(signed_by=F("asked_by"))),
                name="consent_takes_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.version}"


class EndingSort(models.TextChoices):
    ENDED = "ended", pgettext_lazy("order", "lifted before its time")
    WITHDRAWN = "withdrawn", pgettext_lazy("order", "withdrawn")


class Ending(models.Model):
    """An order that holds no longer, before the time that stands in it."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="ending")
    sort = models.CharField(_("how"), max_length=9, choices=EndingSort.choices)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.get_sort_display()


class Receipt(models.Model):
    """A unit an order goes to. Its passage begins when the order is issued."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    passage = models.OneToOneField(Passage, models.PROTECT, null=True, related_name="order_receipt")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "unit"], name="order_goes_to_a_unit_once")
        ]

    def __str__(self) -> str:
        return str(self.unit)
