"""The morning brief (晨报) of an area as one frozen value: what is known, of when and from whom.

Every figure is of 24:00 of `true_on`; what cannot be said says why. The page, the command line and
the record print the same value (`brief_text`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils import translation

from tongchou.areas.models import Area, subtree
from tongchou.ledger.policy import in_force
from tongchou.surveillance import telling
from tongchou.surveillance.ahead import Ahead, look_ahead
from tongchou.surveillance.completing import Tail, tail
from tongchou.surveillance.errors import SurveillanceError
from tongchou.surveillance.models import DateConvention, Duty, Finding, Signal, Silence
from tongchou.surveillance.queries.quality import concerning, standing
from tongchou.surveillance.queries.signals import sentences
from tongchou.surveillance.situation import Situation, situation

LANGUAGES = ("zh-hans", "en")
WINDOW = 7
#: Findings of so many days back are told; older ones are on the page of the quality check.
RECENT = timedelta(days=14)
#: Why there is no R, beyond what the estimator itself says.
DOUBTFUL, NO_INTERVAL = "DOUBTFUL", "NO_INTERVAL"


class NothingCounted(SurveillanceError):
    """Nobody counts in this area, or not yet on this day."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and by how much it changed from the day before; None where it is not known."""

    value: int | None
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in both languages, so that a brief can be read in either years later."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class R:
    """How many each case infects, from the window's days; or `reason`, and no number."""

    mean: float | None
    low: float | None
    high: float | None
    first: date
    last: date
    reason: str
    doubling: float | None
    interval_mean: float | None
    interval_sd: float | None
    interval_source: str


@dataclass(frozen=True, slots=True)
class Sentinels:
    """Those that owe reports here, and those that are silent."""

    n_due: int
    silent: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """How things stand in an area on the morning of `on`."""

    area: str
    area_name: Said
    on: date
    true_on: date
    source: Said
    new: Figure
    confirmed: Figure
    active: Figure
    cured: Figure
    dead: Figure
    suspected: Figure
    new_week: int | None
    new_week_before: int | None
    cleared_on: date | None
    n_parts: int
    silent_parts: tuple[str, ...]
    r: R
    ahead: Ahead
    findings: tuple[Said, ...]
    sentinels: Sentinels
    signals: tuple[Said, ...]
    since_yesterday: tuple[Said, ...]
    playbook: str
    made_at: datetime
    tail: Tail | None = None

    @property
    def days_old(self) -> int:
        """How many days the figures are behind the morning they are read on; 0 is fresh."""
        return (self.on - self.true_on).days - 1

    def facts(self) -> dict[str, Any]:
        """As plain values for the record, without the moment it was made."""
        plain = _plain(asdict(self))
        del plain["made_at"]
        if plain["tail"] is None:  # as briefs were kept before there was one
            del plain["tail"]
        return plain  # type: ignore[no-any-return]


def of(area: Area, *, on: date, now: datetime) -> Brief:
    """The brief of an area on the morning of `on`: everything up to 24:00 of the day before.

    Raises
    ------
    NothingCounted
        Where no official counts of the area are known by then.
    """
    stands = situation(area, until=on - timedelta(days=1))
    if stands is None:
        raise NothingCounted(
            f"no official counts of {area.name} ({area.pk}) by {on - timedelta(days=1)}: "
            "import them first (tongchou import counts)"
        )
    book = in_force(now)
    findings = _recent(area, stands, on)
    figures = _figures(stands)
    return Brief(
        area=area.pk,
        area_name=Said(area.name, area.name_en or area.name),
        on=on,
        true_on=stands.last,
        source=Said(stands.source.name, stands.source.name_en or stands.source.name),
        **figures,
        new_week=_week(stands.told, 0),
        new_week_before=_week(stands.told, 1),
        cleared_on=stands.cleared_on,
        n_parts=stands.n_parts,
        silent_parts=stands.silent_parts,
        r=_r(stands, book),
        ahead=look_ahead(stands.new, stands.last),
        findings=tuple(_both(telling.sentence, one) for one in findings),
        sentinels=_sentinels(area, on),
        signals=_signals(area, on),
        since_yesterday=_changes(area, stands, on),
        playbook=book.id,
        made_at=now,
        tail=tail(area, stands.last),
    )


def _figures(stands: Situation) -> dict[str, Figure]:
    return {
        "new": _figure(stands.told),
        "confirmed": _figure(stands.confirmed),
        "active": _figure(stands.active),
        "cured": _figure(stands.cured),
        "dead": _figure(stands.dead),
        "suspected": _figure(stands.suspected),
    }


def _figure(values: np.ndarray) -> Figure:
    value = _whole(values[-1]) if values.size else None
    before = _whole(values[-2]) if values.size > 1 else None
    change = value - before if value is not None and before is not None else None
    return Figure(value, change)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))


def _week(told: np.ndarray, ago: int) -> int | None:
    end = told.size - 7 * ago
    week = told[max(end - 7, 0) : max(end, 0)]
    return None if week.size < 7 or np.isnan(week).all() else round(float(np.nansum(week)))


def _r(stands: Situation, book: Any) -> R:
    from tongchou.epi.reproduction import (
        Cori,
        Growth,
        Reason,
        doubling_time,
        growth_rate,
        instantaneous,
        shifted_gamma,
    )

    n_days = stands.n_days
    first = stands.last - timedelta(days=WINDOW - 1)
    growth = growth_rate(np.maximum(stands.new, 0.0), options=Growth(newest=True))
    doubling = float(doubling_time(growth.mean[0, -1])) if growth.mean.shape[1] else float("nan")
    disease = book.diseases.get(book.main_disease) if book.main_disease else None
    spell = disease.serial_interval if disease else None
    silent = R(
        mean=None,
        low=None,
        high=None,
        first=first,
        last=stands.last,
        reason="",
        doubling=None if not np.isfinite(doubling) else doubling,
        interval_mean=float(spell.mean_days) if spell else None,
        interval_sd=float(spell.sd_days) if spell else None,
        interval_source=str(spell.source) if spell else "",
    )
    if spell is None:
        return replace(silent, reason=NO_INTERVAL)
    if np.isnan(stands.new[-1]):
        return replace(silent, reason=DOUBTFUL)
    if n_days <= WINDOW:
        return replace(silent, reason=Reason.EARLY.name)
    found = instantaneous(
        np.maximum(stands.new, 0.0),
        shifted_gamma(float(spell.mean_days), float(spell.sd_days), n_days),
        options=Cori(window=WINDOW, probabilities=(0.025, 0.975)),
        start=[n_days - WINDOW],
        end=[n_days - 1],
    )
    reason = Reason(int(found.reason[0, 0]))
    if reason != Reason.NONE:
        return replace(silent, reason=reason.name)
    low, high = (float(q) for q in found.quantiles[:, 0, 0])
    return replace(silent, mean=float(found.mean[0, 0]), low=low, high=high)


def _recent(area: Area, stands: Situation, on: date) -> list[Finding]:
    """What was found lately, and how the dates are read whenever that was found."""
    since = on - RECENT
    found = concerning(area.pk, standing().filter(source=stands.source, from_on__lte=on))
    return [
        one
        for one in found
        if one.kind == "date_shift" or (one.from_on >= since and one.from_on <= on)
    ]


def _sentinels(area: Area, on: date) -> Sentinels:
    here = subtree(area.path, field="site__area__path")
    due = Duty.objects.filter(here, due__isnull=False, site__active_to=None)
    silent = (
        Silence.objects.filter(
            subtree(area.path, field="area_path"), closed_at=None, first_on__lt=on
        )
        .select_related("duty__site", "duty__channel", "duty__site__unit")
        .order_by("first_on", "id")
    )
    return Sentinels(n_due=due.count(), silent=tuple(_both(telling.silence, one) for one in silent))


def _signals(area: Area, on: date) -> tuple[Said, ...]:
    open_ones = list(
        Signal.objects.filter(
            subtree(area.path, field="area_path"), passage__closed_at=None, first_on__lt=on
        )
        .select_related("area", "passage")
        .order_by("-statistic", "-id")[:20]
    )
    said: dict[str, dict[int, str]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = sentences(open_ones)
    return tuple(
        Said(said["zh-hans"].get(one.pk, one.number), said["en"].get(one.pk, one.number))
        for one in open_ones
    )


def _changes(area: Area, stands: Situation, on: date) -> tuple[Said, ...]:
    """What is new since the brief of the day before."""
    yesterday = on - timedelta(days=1)
    new = [
        one
        for one in concerning(area.pk, standing().filter(source=stands.source))
        if stands.last <= one.from_on <= on and one.kind != "missing"
    ]
    said = [_both(telling.new_finding, one) for one in new]
    turned = DateConvention.objects.filter(
        source=stands.source, from_on=yesterday, withdrawn_at=None
    )
    said += [_both(telling.turned, one) for one in turned]
    raised = Signal.objects.filter(
        subtree(area.path, field="area_path"), first_on=yesterday
    ).count()
    if raised:
        said.append(_both(telling.raised, raised))
    if stands.cleared_on == stands.last:
        said.append(_both(telling.cleared, stands.last))
    return tuple(said)


def _both(say: Any, one: Any) -> Said:
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(say(one)))
    return Said(*found)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def from_facts(facts: dict[str, Any], *, made_at: datetime) -> Brief:
    """A brief as it was kept."""
    told = dict(facts)
    for name in ("on", "true_on", "cleared_on"):
        told[name] = date.fromisoformat(told[name]) if told[name] else None
    for name in ("area_name", "source"):
        told[name] = Said(**told[name])
    for name in ("new", "confirmed", "active", "cured", "dead", "suspected"):
        told[name] = Figure(**told[name])
    for name in ("findings", "signals", "since_yesterday"):
        told[name] = tuple(Said(**one) for one in told[name])
    told["silent_parts"] = tuple(told["silent_parts"])
    r = told["r"]
    days = {name: date.fromisoformat(r[name]) for name in ("first", "last")}
    told["r"] = R(**(r | days))
    told["ahead"] = Ahead.from_facts(told["ahead"])
    if told.get("tail"):
        told["tail"] = Tail.from_facts(told["tail"])
    silent = tuple(Said(**one) for one in told["sentinels"]["silent"])
    told["sentinels"] = Sentinels(told["sentinels"]["n_due"], silent)
    known = {field.name for field in fields(Brief)}
    return Brief(**{k: v for k, v in told.items() if k in known}, made_at=made_at)
