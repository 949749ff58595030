"""Passages, their legs, the gaps in them, and the playbook in force.

Times are whole seconds: SQLite keeps them as text, and then its own date functions give back
exactly what Django wrote, so that a million deadlines move in one statement.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, PathField
from tongchou.staff.models import Unit


class Passage(models.Model):
    """One subject's way through one loop. The subject points here, never the other way round."""

    loop = models.CharField(_("loop"), max_length=40)
    stage = models.CharField(_("stage"), max_length=40)
    title = models.CharField(_("title"), max_length=120)  # shown in inboxes; never an identity
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", db_index=False, verbose_name=_("area")
    )
    area_path = PathField(max_length=160)
    person_key = models.CharField(max_length=16, blank=True)
    holds = models.BooleanField(default=False)  # the person is in this passage's hands now
    n_legs = models.PositiveIntegerField(default=1)
    caused_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="effects")
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_key"], condition=Q(holds=True), name="one_pair_of_hands"
            ),
            models.CheckConstraint(
                condition=Q(holds=False) | (Q(closed_at=None) & ~Q(person_key="")),
                name="only_an_open_passage_holds_a_person",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="passage_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person_key"],
                condition=~Q(person_key=""),
                name="passage_person",
            ),
            models.Index(
                fields=["loop", "stage"],
                condition=Q(closed_at=None),
                name="passage_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Handoff(models.Model):
    """One leg: who answers for the subject, until when, by which clause, and how it ended."""

    # Keys without an index of their own are served by the indexes below, or never searched by:
    # re-timing rewrites every index of a million legs.
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="handoffs", db_index=False)
    number = models.PositiveIntegerField()
    loop = models.CharField(max_length=40)
    stage = models.CharField(_("stage"), max_length=40)
    owner = models.CharField(_("owner"), max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    area_path = PathField(max_length=160)
    opened_at = models.DateTimeField(_("opened"))
    timed_from = models.DateTimeField()  # the moment the allowance counts from; mostly opened_at
    due_at = models.DateTimeField(_("due"))
    playbook = models.CharField(max_length=60)
    clause = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["passage"],
                condition=Q(done_at=None),
                name="one_open_leg_per_passage",
            ),
            models.UniqueConstraint(fields=["passage", "number"], name="leg_numbers_count_up"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, outcome="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
                name="leg_done_at_with_done_by_and_outcome",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("opened_at")),
                name="leg_done_after_it_opens",
            ),
        ]
        indexes = [
            # The inbox: what a unit must hand on, oldest deadline first.
            models.Index(
                fields=["unit", "due_at", "id"],
                condition=Q(done_at=None),
                name="leg_inbox",
            ),
            # The sweep: what came due, wherever it is.
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="leg_open_due"),
            models.Index(fields=["area_path"], condition=Q(done_at=None), name="leg_open_area"),
            models.Index(fields=["loop", "stage", "opened_at"], name="leg_loop_stage"),
            # Subjects that were moved away: whoever gave one up goes on seeing it.
            models.Index(
                fields=["loop", "area_path"], condition=Q(outcome=F("stage")), name="leg_moved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loop}.{self.stage} #{self.number}"


class Rung(models.IntegerChoices):
    """How high a gap has climbed. The duty officer of that level answers for it."""

    STREET = 0, _("street")
    DISTRICT = 1, _("district")
    CITY = 2, _("city")


class Gap(models.Model):
    """A leg that came due and was not done (断点). Once raised it stays in the record."""

    class Reason(models.TextChoices):
        HANDED_OVER = "handed_over", _("handed over, late")
        TEMPO = "tempo", _("no longer due: the tempo changed")
        PLAYBOOK = "playbook", _("no longer due: the playbook changed")
        ORDER = "order", _("no longer due: the order was extended")

    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="gaps")
    loop = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    owner = models.CharField(max_length=20)
    area_path = PathField(max_length=160)
    rung = models.PositiveSmallIntegerField(_("rung"), choices=Rung.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # who has the gap
    opened_at = models.DateTimeField(_("since"))  # when the leg came due
    raised_at = models.DateTimeField()  # when the sweep saw it
    climbed_at = models.DateTimeField()
    closed_at = models.DateTimeField(_("closed"), null=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"],
                condition=Q(closed_at=None),
                name="one_open_gap_per_leg",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, reason="")
                | (Q(closed_at__isnull=False) & ~Q(reason="")),
                name="gap_closed_with_reason",
            ),
        ]
        indexes = [
            # The board, oldest first: each index starts with one filter and holds all the
            # others, so that a narrow choice is found without leaving the index.
            models.Index(
                fields=["opened_at", "id", "area_path", "owner", "loop", "stage", "rung"],
                condition=Q(closed_at=None),
                name="gap_oldest",
            ),
            models.Index(
                fields=["area_path", "opened_at", "id", "owner", "loop", "stage", "rung"],
                condition=Q(closed_at=None),
                name="gap_open_area",
            ),
            models.Index(
                fields=["owner", "opened_at", "id", "area_path", "loop", "stage", "rung"],
                condition=Q(closed_at=None),
                name="gap_open_owner",
            ),
            models.Index(
                fields=["loop", "opened_at", "id", "area_path", "owner", "rung"],
                condition=Q(closed_at=None),
                name="gap_open_loop",
            ),
            models.Index(
                fields=["loop", "stage", "opened_at", "id", "area_path", "owner", "rung"],
                condition=Q(closed_at=None),
                name="gap_open_stage",
            ),
            models.Index(
                fields=["rung", "opened_at", "id", "area_path", "owner", "loop", "stage"],
                condition=Q(closed_at=None),
                name="gap_open_rung",
            ),
            models.Index(
                fields=["unit", "opened_at"],
                condition=Q(closed_at=None),
                name="gap_open_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loop}.{self.stage} since {self.opened_at:%F %R}"


class Notice(models.Model):
    """That a unit was told of a gap when it reached a rung; nobody is told the same twice."""

    gap = models.ForeignKey(Gap, models.PROTECT, related_name="notices", db_index=False)
    rung = models.PositiveSmallIntegerField(choices=Rung.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gap", "rung"], name="told_once_per_rung"),
        ]

    def __str__(self) -> str:
        return f"{self.gap} → {self.unit}"


class Adoption(models.Model):
    """A playbook proposed by one person and adopted by another; the newest is in force."""

    playbook = models.CharField(_("playbook"), max_length=60)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    #: What was in force when it was put forward; none: the configured playbook.
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(adopted_by=None) | ~Q(adopted_by=F("proposed_by")),
                name="adoption_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(adopted_by=None, adopted_at=None)
                | Q(
                    adopted_by__isnull=False,
                    adopted_at__isnull=False,
                    withdrawn_at=None,
                ),
                name="adopted_at_with_adopted_by",
            ),
        ]
        indexes = [models.Index(fields=["-adopted_at"], name="adoption_newest")]

    def __str__(self) -> str:
        return self.playbook
