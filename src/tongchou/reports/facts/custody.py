"""Contacts and quarantine, from the ledger: where everybody was at the moment, and who moved."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tongchou.ledger.models import Handoff, Passage
from tongchou.reports.facts.base import Ground, Measure

Rows = Callable[[Ground], QuerySet[Any]]


def open_at(ground: Ground) -> QuerySet[Handoff]:
    """The legs that were open at the moment, whatever became of them since."""
    return Handoff.objects.filter(
        Q(done_at=None) | Q(done_at__gte=ground.at), opened_at__lt=ground.at
    )


def standing(loop: str, *stages: str) -> Rows:
    return lambda ground: open_at(ground).filter(loop=loop, stage__in=stages)


def entered(loop: str, *stages: str) -> Rows:
    """Legs that ended in one of these stages in the 24 hours, a move to the same stage left out."""
    return lambda ground: Handoff.objects.filter(
        loop=loop, outcome__in=stages, done_at__gte=ground.since, done_at__lt=ground.at
    ).exclude(stage=F("outcome"))


def began(loop: str) -> Rows:
    return lambda ground: Passage.objects.filter(
        loop=loop, opened_at__gte=ground.since, opened_at__lt=ground.at
    )


MEASURES = (
    Measure(
        "contacts.open", "situation", _("Contacts under way"),
        _("Contacts listed and not yet released, ill or dismissed, by the ledger."),
        standing("contact", "listed", "notified", "located", "received", "not_found", "elsewhere"),
        ngettext_lazy("%(n)s contact is being followed up%(more)s.",
                      "%(n)s contacts are being followed up%(more)s.", "n"),
        _("No contact is being followed up."),
    ),
    Measure(
        "contacts.not_found", "situation", _("Contacts not found"),
        _("Contacts whom nobody has found, by the ledger."),
        standing("contact", "not_found"),
        ngettext_lazy("%(n)s contact has not been found%(more)s.",
                      "%(n)s contacts have not been found%(more)s.", "n"),
        _("Every contact has been found."),
    ),
    Measure(
        "quarantine.facility", "situation", _("In quarantine at a site"),
        _("Stays at a quarantine site that have not ended, by the ledger."),
        standing("quarantine_stay", "in_facility"),
        ngettext_lazy("%(n)s person is in quarantine at a site%(more)s.",
                      "%(n)s people are in quarantine at a site%(more)s.", "n"),
        _("Nobody is in quarantine at a site."),
    ),
    Measure(
        "quarantine.home", "situation", _("In quarantine at home"),
        _("Stays at home that have not ended, by the ledger."),
        standing("quarantine_stay", "at_home"),
        ngettext_lazy("%(n)s person is in quarantine at home%(more)s.",
                      "%(n)s people are in quarantine at home%(more)s.", "n"),
        _("Nobody is in quarantine at home."),
    ),
    Measure(
        "quarantine.waiting", "situation", _("Waiting for transfer"),
        _("Stays that were ordered and wait for the transfer, by the ledger."),
        standing("quarantine_stay", "awaiting_transfer"),
        ngettext_lazy("%(n)s person waits to be taken into quarantine%(more)s.",
                      "%(n)s people wait to be taken into quarantine%(more)s.", "n"),
        _("Nobody waits to be taken into quarantine."),
    ),
    Measure(
        "contacts.listed", "changes", _("Contacts listed"),
        _("Contacts put on the list in these 24 hours, by the ledger."),
        began("contact"),
        ngettext_lazy("%(n)s contact was listed%(more)s.",
                      "%(n)s contacts were listed%(more)s.", "n"),
        _("No contact was listed."),
        flow=True,
    ),
    Measure(
        "quarantine.in", "changes", _("Taken into quarantine"),
        _("People received at a site or at home in these 24 hours, by the ledger."),
        lambda ground: entered("quarantine_stay", "in_facility", "at_home")(ground).filter(
            stage="awaiting_transfer"
        ),
        ngettext_lazy("%(n)s person was taken into quarantine%(more)s.",
                      "%(n)s people were taken into quarantine%(more)s.", "n"),
        _("Nobody was taken into quarantine."),
        flow=True,
    ),
    Measure(
        "quarantine.out", "changes", _("Released from quarantine"),
        _("Stays that ended in release in these 24 hours, by the ledger."),
        entered("quarantine_stay", "released"),
        ngettext_lazy("%(n)s person was released from quarantine%(more)s.",
                      "%(n)s people were released from quarantine%(more)s.", "n"),
        _("Nobody was released from quarantine."),
        flow=True,
    ),
)  # fmt: skip
