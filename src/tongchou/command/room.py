"""The command room (指挥大屏): which panels it has, what each shows, and what has changed since.

A page asks every few seconds with the digests it shows; only the panels that differ are sent, and
nothing at all where none does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import get_language

from tongchou.areas.models import Area
from tongchou.command import queries
from tongchou.command.figures import Figure, Seen
from tongchou.command.panels import figures

#: A reading older than this is not waited for: the page reads the figure itself.
TOO_OLD = timedelta(minutes=15)
#: The panels whose content depends on who looks.
PERSONAL = frozenset({"tempo"})
OPTIONS = ("map", "curve")


@dataclass
class Panel:
    """One figure as one reader sees it."""

    figure: Figure
    area: Area
    seen: Seen
    options: Mapping[str, str]
    rights: Mapping[str, bool]

    @property
    def name(self) -> str:
        return self.figure.name

    @property
    def at(self) -> datetime | None:
        return self.seen.at

    @cached_property
    def digest(self) -> str:
        return self.seen.digest[:8]

    @cached_property
    def html(self) -> str:
        """The body, drawn once for everybody who sees the same: charts take their time."""
        if self.name in PERSONAL:
            return self._drawn()
        chosen = "-".join(self.options.get(name, "") for name in OPTIONS)
        key = f"room:{self.name}:{self.area.pk}:{self.seen.digest}:{get_language()}:{chosen}"
        found = cache.get(key)
        if found is None:
            found = self._drawn()
            cache.set(key, found, timeout=600)
        return str(found)

    def _drawn(self) -> str:
        shown = self.figure.show(self.seen.value, self.area, self.options)
        context = {"value": self.seen.value, "area": self.area, "rights": self.rights, **shown}
        return render_to_string(self.figure.template, context)


def panels(
    area: Area, *, options: Mapping[str, str], rights: Mapping[str, bool], now: datetime
) -> list[Panel]:
    """Every panel of the room for an area."""
    ready = queries.readings(area)
    return [Panel(f, area, _seen(f, area, ready, now), options, rights) for f in figures()]


def _seen(figure: Figure, area: Area, ready: Mapping[str, Any], now: datetime) -> Seen:
    reading = ready.get(figure.name)
    if figure.stored and reading is not None and now - reading.at < TOO_OLD:
        return Seen(reading.value, reading.at)
    return figure.read(area, now=now)


def state_of(shown: Iterable[Panel]) -> str:
    """What a page shows, in a few characters that it sends back: `gaps.1a2b3c4d-0701T0800~…`."""
    return "~".join(f"{p.name}.{p.digest}-{_minute(p.at)}" for p in shown)


def _minute(at: datetime | None) -> str:
    return f"{at:%m%dT%H%M}" if at else "none"


@dataclass(frozen=True)
class Changes:
    """What a page has to exchange: whole panels, and the times of those that stayed the same."""

    panels: list[Panel]
    times: list[Panel]

    def __bool__(self) -> bool:
        return bool(self.panels or self.times)


def changes(shown: Iterable[Panel], known: str) -> Changes:
    """The difference between what is true and what the page said it shows."""
    told = dict(part.partition(".")[::2] for part in known.split("~"))
    changed, only_times = [], []
    for panel in shown:
        digest, _, minute = told.get(panel.name, "").partition("-")
        if digest != panel.digest:
            changed.append(panel)
        elif minute != _minute(panel.at):
            only_times.append(panel)
    return Changes(changed, only_times)
