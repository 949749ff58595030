"""Review (复盘): of one positive, of a cluster, or of a campaign (cases of an area and some days).

What the system lays out is computed when somebody looks. It is written down once, when the review
is accepted: from then on the row is what was accepted, and the database refuses to change it.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.cases.models import Case, Cluster
from tongchou.ledger.models import Passage


class Kind(models.TextChoices):
    CASE = "case", pgettext_lazy("review", "one positive")
    CLUSTER = "cluster", pgettext_lazy("review", "cluster")
    CAMPAIGN = "campaign", pgettext_lazy("review", "campaign")


class Review(models.Model):
    """What went slowly, what went well, and why. `case`, `cluster` or the dates say of what."""

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.CASE)
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="review")
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, related_name="review", verbose_name=_("case")
    )
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, related_name="reviews", verbose_name=_("cluster")
    )
    title = models.CharField(pgettext_lazy("review", "title"), max_length=120, blank=True)
    disease = models.CharField(_("disease"), max_length=30, blank=True)
    since = models.DateField(_("reported from"), null=True)
    until = models.DateField(_("reported to"), null=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    opened_at = models.DateTimeField(pgettext_lazy("reviews", "opened"))
    judgement = models.TextField(_("judgement"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Written once, at acceptance: what was laid out and found, and the digest of it.
    facts = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        verbose_name = pgettext_lazy("room", "review")
        verbose_name_plural = pgettext_lazy("room", "reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="case", case__isnull=False, cluster=None)
                | Q(kind="cluster", case=None, cluster__isnull=False)
                | Q(kind="campaign", case=None, cluster=None, since__isnull=False)
                & Q(until__isnull=False),
                name="review_of_something",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until__gte=F("since")), name="review_since_before_until"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, facts=None, digest="")
                | (Q(accepted_at__isnull=False, facts__isnull=False) & ~Q(digest="")),
                name="review_accepted_with_its_facts",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="review_newest"),
            models.Index(fields=["area_path", "-opened_at", "-id"], name="review_of_area"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"R-{self.pk:06d}"

    @property
    def is_case(self) -> bool:
        return self.kind == Kind.CASE
