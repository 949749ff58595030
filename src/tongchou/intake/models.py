"""An import and what became of each of its rows.

A row is stored, or refused and kept sealed until somebody mends it; `Line` remembers which line of
which list a record came from, so that the same list can come again tomorrow with ten rows more.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area
from tongchou.cases.models import Case, Contact, Exposure
from tongchou.intake.fields import SEEN_LABELS
from tongchou.people.fields import EncryptedTextField


class KindChoice(models.TextChoices):
    CASE = "case", pgettext_lazy("import", "cases")
    CONTACT = "contact", pgettext_lazy("import", "contacts")
    EXPOSURE = "exposure", pgettext_lazy("import", "exposures")
    FOLLOW_UP = "follow_up", pgettext_lazy("import", "follow-ups")


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("import", "received")
    QUEUED = "queued", pgettext_lazy("import", "waiting")
    RUNNING = "running", pgettext_lazy("import", "running")
    DONE = "done", pgettext_lazy("import", "done")
    FAILED = "failed", pgettext_lazy("import", "failed")
    INTERRUPTED = "interrupted", pgettext_lazy("import", "interrupted")
    WITHDRAWN = "withdrawn", pgettext_lazy("import", "withdrawn")


class Import(models.Model):
    """One sheet handed in. Nothing of it is in the store before it is done, and all of it then."""

    kind = models.CharField(
        pgettext_lazy("import", "content"), max_length=9, choices=KindChoice.choices
    )
    profile = models.CharField(pgettext_lazy("import", "profile"), max_length=60)
    source = models.CharField(max_length=60)
    worksheet = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(pgettext_lazy("import", "file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    n_bytes = models.BigIntegerField(pgettext_lazy("import", "size"))
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("import", "area")
    )
    prefix = models.CharField(
        pgettext_lazy("import", "prefix of the numbers"), max_length=20, blank=True
    )
    default_case = models.CharField(
        pgettext_lazy("import", "case of all contacts"), max_length=60, blank=True
    )
    header = models.JSONField(default=list)  # the header rows as they stood, for the refusals
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="next")
    state = models.CharField(
        pgettext_lazy("import", "state"),
        max_length=11,
        choices=State.choices,
        default=State.RECEIVED,
    )
    progress = models.PositiveIntegerField(default=0)  # rows read while it runs
    n_read = models.PositiveIntegerField(pgettext_lazy("import", "read"), default=0)
    n_new = models.PositiveIntegerField(pgettext_lazy("import", "new"), default=0)
    n_unchanged = models.PositiveIntegerField(pgettext_lazy("import", "unchanged"), default=0)
    n_refused = models.PositiveIntegerField(pgettext_lazy("import", "refused"), default=0)
    n_remarks = models.PositiveIntegerField(pgettext_lazy("import", "remarks"), default=0)
    fault = models.CharField(pgettext_lazy("import", "what went wrong"), max_length=400, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("import", "by"),
    )
    at = models.DateTimeField(pgettext_lazy("import", "received"))
    worker = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField(null=True)  # a sign of life while it runs
    done_at = models.DateTimeField(pgettext_lazy("import", "done"), null=True)
    destroy_on = models.DateField(pgettext_lazy("import", "destroyed on"), db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = pgettext_lazy("import", "import")
        verbose_name_plural = pgettext_lazy("import", "imports")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(n_read=F("n_new") + F("n_unchanged") + F("n_refused")),
                name="import_reconciles",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="import_queue"),
            models.Index(fields=["sha256"], name="import_file"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def n_stored(self) -> int:
        """Rows that are in the store, whether this import put them there or found them."""
        return self.n_new + self.n_unchanged

    @property
    def reconciled(self) -> str:
        """The line every import ends with."""
        return f"{self.n_read} read = {self.n_stored} stored + {self.n_refused} refused"

    @property
    def waits(self) -> bool:
        return self.state in (State.QUEUED, State.RUNNING)


class Piece(models.Model):
    """A part of the file, sealed. It is deleted when the import is done or its day has come."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    body = EncryptedTextField(bound_to="place")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="piece_once"),
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def place(self) -> str:
        return f"{self.of_id}.{self.number}"


class Line(models.Model):
    """Which record a line of a source became. Its digest tells whether it came again unchanged."""

    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=9, choices=KindChoice.choices)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=32)
    number = models.PositiveIntegerField(pgettext_lazy("import", "line"))
    of = models.ForeignKey(Import, models.PROTECT, related_name="lines", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="lines")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="lines")
    exposure = models.ForeignKey(
        Exposure, models.CASCADE, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "key"], name="line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.key}"


class FollowUp(models.Model):
    """How a contact was found on one day, as a list tells it."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="listed_follow_ups")
    on = models.DateField(pgettext_lazy("import", "day"))
    seen = models.CharField(
        pgettext_lazy("import", "found"),
        max_length=9,
        choices=[(k.value, v) for k, v in SEEN_LABELS.items()],
    )
    line = models.OneToOneField(Line, models.CASCADE, related_name="follow_up")

    class Meta:
        ordering = ["on"]
        indexes = [models.Index(fields=["contact", "on"], name="followup_contact_on")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.on}"


class Remark(models.Model):
    """What was odd about a row that was stored all the same; kept with it, never an identity."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="remarks")
    line = models.ForeignKey(Line, models.CASCADE, related_name="remarks")
    number = models.PositiveIntegerField(pgettext_lazy("import", "line"))
    code = models.CharField(max_length=24)
    problem = models.JSONField()

    def __str__(self) -> str:
        return f"{self.of_id}:{self.number} {self.code}"


class Refusal(models.Model):
    """A row that was not stored, whole and sealed, with everything that is wrong with it."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="refusals")
    number = models.PositiveIntegerField(pgettext_lazy("import", "line"))
    code = models.CharField(max_length=24)  # of its first problem, for counting
    body = EncryptedTextField()  # JSON: cells, problems, and the changes it offers
    # A row that says otherwise than the store is an offer: it can be accepted.
    offers = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(offers=True), name="only_an_offer_is_accepted"
            ),
        ]
        indexes = [models.Index(fields=["of", "number"], name="refusal_line")]

    def __str__(self) -> str:
        return f"{self.of_id}:{self.number} {self.code}"
