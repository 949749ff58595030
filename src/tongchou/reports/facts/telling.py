"""Facts in words, in the active language: one sentence each, "none" and "unknown" plainly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.reports.facts.base import WINDOW, Fact, Ground, Measure, Part, Said, State, both
from tongchou.staff.models import Unit


@dataclass(frozen=True)
class Told:
    """A fact that is not the count of rows: its key, where it stands, its name and definition."""

    key: str
    section: str
    name: Any
    definition: Any

    def fact(
        self,
        ground: Ground,
        value: float | int | None,
        say: Callable[[], object],
        *,
        state: State = State.KNOWN,
        link: str = "",
        before: float | int | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> Fact:
        name, definition = titles(self)
        return Fact(
            key=self.key,
            section=self.section,
            value=value,
            at=ground.at,
            name=name,
            definition=definition,
            said=both(say),
            link=link,
            state=state,
            before=before,
            more=more or {},
        )


@cache
def titles(of: Measure | Told) -> tuple[Said, Said]:
    """Name and definition in both languages; the same for every area."""
    return both(lambda: of.name), both(lambda: of.definition)


@cache
def part_name(measure: Measure, value: Any) -> Said:
    return both(lambda: measure.names(value))


def counted(
    measure: Measure,
    ground: Ground,
    whose: Area | Unit,
    found: Mapping[Any, int],
    before: Mapping[Any, int] | None,
) -> Fact:
    """The fact of one area or unit from what its measure counted."""
    n = sum(found.values())
    n_before = None if before is None else sum(before.values())
    ordered = sorted(found.items(), key=lambda item: (-item[1], str(item[0])))
    parts = tuple(
        Part(str(value), number, part_name(measure, value)) for value, number in ordered if number
    )
    name, definition = titles(measure)
    since = ground.begins if measure.flow and ground.at - ground.since != WINDOW else None
    return Fact(
        key=measure.key,
        section=measure.section,
        value=n,
        at=ground.at,
        name=name,
        definition=definition,
        said=both(lambda: sentence(measure, n, parts if measure.split else (), n_before)),
        link=rows_link(measure.key, whose, ground.at, since),
        since=ground.since if measure.flow else None,
        before=n_before,
        parts=parts if measure.split else (),
    )


def followed(words: str, more: str) -> str:
    """One sentence after another; Chinese puts no space between them."""
    return f"{words}{more}" if get_language() == "zh-hans" else f"{words} {more}"


def sentence(measure: Measure, n: int, parts: tuple[Part, ...], before: int | None) -> str:
    """One number in words; empty where there is nothing and that says nothing."""
    if not measure.compared:
        before = None
    if n == 0:
        none = str(measure.none)
        if none and before:
            return followed(none, _("24 hours before: %(n)s.") % {"n": before})
        return none
    more = _shares(parts, n) + _change(n, before)
    return str(measure.one % {"n": n, "more": more})


def _shares(parts: tuple[Part, ...], n: int) -> str:
    if not parts:
        return ""
    language = get_language()
    shares = [
        pgettext("part of a number", "%(name)s %(n)s")
        % {"name": part.name.in_(language), "n": part.value}
        for part in parts
    ]
    joined = pgettext("between parts of a number", ", ").join(shares)
    return pgettext("parts of a number", " (%(parts)s)") % {"parts": joined}


def _change(n: int, before: int | None) -> str:
    if before is None:
        return ""
    if n > before:
        return _(", %(n)s more than 24 hours before") % {"n": n - before}
    if n < before:
        return _(", %(n)s fewer than 24 hours before") % {"n": before - n}
    return _(", as many as 24 hours before")


def rows_link(key: str, whose: Area | Unit, at: datetime, since: datetime | None = None) -> str:
    """The page that shows exactly the rows behind a number; `since` where it is not 24 hours."""
    of = {"unit": whose.pk} if isinstance(whose, Unit) else {"area": whose.pk}
    moments = {"since": since, "at": at} if since else {"at": at}
    query = urlencode(of | {name: stamp(each) for name, each in moments.items()})
    return f"{reverse('reports:rows', args=[key])}?{query}"


def stamp(at: datetime) -> str:
    """A moment as programs read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(at: datetime) -> str:
    """A moment as reports write it, midnight as the end of its day."""
    local = timezone.localtime(at)
    return f"{local:%Y-%m-%d %H:%M}"
