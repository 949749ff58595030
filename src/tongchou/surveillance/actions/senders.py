"""Counts that a machine sends: every one is stored, or refused with its reason and its mend."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.surveillance.actions.register import series_of
from tongchou.surveillance.actions.reporting import Receipt, Reported, check, report_counts
from tongchou.surveillance.errors import BadCounts, SurveillanceError
from tongchou.surveillance.models import CountSender, Source
from tongchou.surveillance.problems import Problem

#: A city's day of counts fits; more at once is a mistake.
MOST = 100_000


class UnknownSender(SurveillanceError):
    """No sender has this token, or it has ended."""


class TooMany(SurveillanceError):
    """More counts than are taken at once."""


@dataclass(frozen=True)
class Refusal:
    line: int
    problem: Any

    @property
    def reason(self) -> str:
        return str(getattr(self.problem, "reason", self.problem))

    @property
    def mend(self) -> str:
        return str(getattr(self.problem, "mend", ""))


@dataclass(frozen=True)
class Sent:
    """`read` = new + revised + unchanged + refused."""

    n_read: int
    receipt: Receipt
    refusals: list[Refusal]


@transaction.atomic
def add_sender(*, source: Source, name: str, by: User, now: datetime) -> tuple[CountSender, str]:
    """A sender and its token, which is shown this once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    sender = CountSender.objects.create(
        source=source, name=name, token_digest=_digest(token), made_by=by, made_at=now
    )
    detail = {"name": name, "source": source.pk}
    audit.record(
        verb="sender.add", subject=f"count_sender:{sender.pk}", by=by, now=now, detail=detail
    )
    return sender, token


@transaction.atomic
def end_sender(*, sender: CountSender, by: User, now: datetime) -> None:
    """From now on nothing is taken from it."""
    CountSender.objects.filter(pk=sender.pk, ended_at=None).update(ended_at=now)
    audit.record(verb="sender.end", subject=f"count_sender:{sender.pk}", by=by, now=now)


def sender_of(token: str) -> CountSender:
    """The sender that was given this token.

    Raises
    ------
    UnknownSender
        Where there is none, or it has ended.
    """
    known = CountSender.objects.select_related("source", "made_by")
    found = known.filter(token_digest=_digest(token), ended_at=None).first()
    if found is None:
        raise UnknownSender(_("No sender of counts has this token."))
    return found


@transaction.atomic
def send_counts(
    *, sender: CountSender, records: Sequence[Mapping[str, Any]], now: datetime
) -> Sent:
    """Store what can be stored. A record has `site`, `channel`, `day`, `value`, `denominator`.

    Raises
    ------
    TooMany
        Where it is more than a city's day.
    """
    if len(records) > MOST:
        raise TooMany(_("At most %(n)d counts at once; send them in parts.") % {"n": MOST})
    series = series_of(sender.source)
    rows, lines, refusals = [], [], []
    for line, record in enumerate(records, start=1):
        row = _row(record, series)
        if isinstance(row, Problem):
            refusals.append(Refusal(line, row))
        else:
            rows.append(row)
            lines.append(line)
    try:
        check(rows, now=now)
    except BadCounts as faults:
        bad = dict(faults.faults)
        refusals += [Refusal(lines[place], problem) for place, problem in bad.items()]
        rows = [row for place, row in enumerate(rows) if place not in bad]
    by = sender.made_by
    receipt = report_counts(rows=rows, by=by, now=now) if rows else Receipt()
    n_stored = len(receipt.new) + len(receipt.revised)
    CountSender.objects.filter(pk=sender.pk).update(
        last_at=now,
        n_stored=F("n_stored") + n_stored,
        n_refused=F("n_refused") + len(refusals),
    )
    return Sent(len(records), receipt, sorted(refusals, key=lambda one: one.line))


def _row(record: Mapping[str, Any], series: Mapping[tuple[str, str], int]) -> Reported | Problem:
    site, channel = str(record.get("site", "")), str(record.get("channel", ""))
    if not site:
        return Problem("no_site")
    duty = series.get((site, channel))
    if duty is None:
        codes = {code for code, _slug in series}
        if site not in codes:
            return Problem("unknown_site", params={"value": site})
        known = ", ".join(sorted(slug for code, slug in series if code == site))
        return Problem("unknown_channel", params={"value": channel, "known": known})
    try:
        day = date.fromisoformat(str(record.get("day", "")))
    except ValueError:
        return Problem("no_day", params={"value": record.get("day", "")})
    return Reported(duty, day, record["value"], record.get("denominator"))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
