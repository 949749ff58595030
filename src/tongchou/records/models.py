"""The audit (审计): what was done, by whom, to what; and the seals that chain it.

An event holds no name, number or address of a person, only keys: it outlives the data it is about.
"""

from django.db import models


class AuditEvent(models.Model):
    """One act. Written in the transaction of the act, never changed, never deleted."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    detail = models.TextField(default="{}")

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class AuditSeal(models.Model):
    """A run of events, digested together with the seal before it."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    n_events = models.BigIntegerField()
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]
