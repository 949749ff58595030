"""A file of counts, taken in: areas and sites it lacks, its counts, and every row it refuses.

All in one transaction: whoever is killed in the middle has done nothing.
"""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.importing import import_lists
from tongchou.areas.models import Area, Level
from tongchou.intake.words import plain
from tongchou.records import audit
from tongchou.surveillance import channels
from tongchou.surveillance.actions.register import open_series
from tongchou.surveillance.actions.reporting import Reported, report_counts
from tongchou.surveillance.errors import SurveillanceError
from tongchou.surveillance.layout import CountProfile
from tongchou.surveillance.models import (
    Cadence,
    Channel,
    ChannelKind,
    Count,
    CountImport,
    CountRefusal,
    CountRemark,
    Source,
)
from tongchou.surveillance.placing import AreaPlaces, SitePlaces
from tongchou.surveillance.problems import Problem
from tongchou.surveillance.reading import Draft, Reader, Reading, Refused
from tongchou.surveillance.rules import Rule

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, without doing it."""

    reading: Reading
    areas: dict[str, str]
    n_sites: int

    @property
    def reconciled(self) -> str:
        found = self.reading
        return f"{found.n_read} read = {len(found.drafts)} stored + {len(found.refused)} refused"


def preview(
    *,
    file: BinaryIO,
    profile: CountProfile,
    now: datetime,
    area: Area | None = None,
    only_known_areas: bool = False,
) -> Preview:
    """Read every row and write nothing."""
    source = Source.objects.filter(pk=profile.source).first()
    ground = area or _top(profile)
    reading, places = _read(file, profile, source, ground, only_known_areas, now, _silent)
    known = set(source.sites.values_list("code", flat=True)) if source else set()
    return Preview(reading, dict(places.lacking), len(set(places.sites) - known))


@transaction.atomic
def import_counts(
    *,
    file: BinaryIO,
    name: str,
    profile: CountProfile,
    by: Any,
    now: datetime,
    area: Area | None = None,
    only_known_areas: bool = False,
    progress: Progress = lambda n_rows: None,
) -> CountImport:
    """Store a file of counts; what it was is told by the import that is returned.

    The same file again finds every count there already, and leaves no second import behind.
    """
    source, _made = Source.objects.get_or_create(
        slug=profile.source,
        defaults={"name": profile.source_name, "name_en": profile.source_name_en},
    )
    ground = area
    if ground is None and profile.sites is not None:
        ground = _top(profile) or _make_ground(profile, now=now, by=by)
    sha256 = _digest(file)
    reading, places = _read(file, profile, source, ground, only_known_areas, now, progress)
    _add_areas(places, name, reading, by=by, now=now)
    series = open_series(
        source=source,
        sites=places.sites.values(),
        slugs=sorted({slug for d in reading.drafts for slug in (*d.counts, *d.silent)}),
        by=by,
        now=now,
    )
    _refuse_taken_back(reading, series)
    of = _entered(reading, source, profile, name, sha256, by=by, now=now)
    rows, whose = _rows(reading.drafts, series)
    receipt = report_counts(rows=rows, by=by, now=now, of=of)
    new = {whose[place] for place in receipt.new}
    revised = {whose[place] for place in receipt.revised} - new
    of.n_new, of.n_revised = len(new), len(revised)
    of.n_unchanged = len(reading.drafts) - of.n_new - of.n_revised
    if not new and not revised and CountImport.objects.filter(sha256=sha256).exclude(pk=of.pk):
        of.delete()  # nothing is new: the import that stands tells of this file already
        return of
    of.save(update_fields=["n_new", "n_revised", "n_unchanged"])
    _keep(of, reading, source)
    audit.record(
        verb="surveillance.import_counts",
        subject=f"import:{of.pk}",
        by=by,
        now=now,
        detail={"profile": profile.id, "sha256": sha256, "line": of.reconciled},
    )
    return of


def _silent(n_rows: int) -> None:
    pass


def _read(
    file: BinaryIO,
    profile: CountProfile,
    source: Source | None,
    ground: Area | None,
    only_known_areas: bool,
    now: datetime,
    progress: Progress,
) -> tuple[Reading, AreaPlaces | SitePlaces]:
    places: AreaPlaces | SitePlaces
    if profile.areas is not None:
        places = AreaPlaces(profile.areas, only_known=only_known_areas)
    else:
        assert profile.sites is not None
        places = SitePlaces(profile.sites, source, ground=ground)
    known = _channels(profile)
    reader = Reader(
        profile,
        places=places,
        rules={channel.slug: _rule(channel) for channel in known},
        words=_words(known),
        today=timezone.localdate(now),
    )
    return reader.read(file, progress=progress), places


def _channels(profile: CountProfile) -> list[Channel]:
    """The channels a row may name: those of the profile, or every one there is."""
    shipped = {each.slug: each for each in channels.SHIPPED}
    own = Channel.objects.in_bulk()
    wanted = {one.channel for one in profile.counts} or {*shipped, *own}
    if unknown := wanted - set(shipped) - set(own):
        raise SurveillanceError(
            _("The profile %(profile)s names channels that are not there: %(channels)s.")
            % {"profile": profile.id, "channels": ", ".join(sorted(unknown))}
        )
    return [own.get(slug) or channels.unsaved(shipped[slug]) for slug in sorted(wanted)]


def _rule(channel: Channel) -> Rule:
    wastewater = channel.kind == ChannelKind.WASTEWATER
    return Rule(
        site="",
        weekly=channel.cadence == Cadence.WEEKLY,
        whole=not wastewater,
        share=bool(channel.denominator) and not wastewater,
        from_on=None,
        to_on=None,
    )


def _words(known: list[Channel]) -> dict[str, str]:
    """Short name, Chinese and English name of a channel all mean it."""
    return {
        plain(word): channel.slug
        for channel in known
        for word in (channel.name, channel.name_en, channel.slug)
        if word
    }


def _top(profile: CountProfile) -> Area | None:
    """The ground of the profile, or the only city here; None where nobody can tell."""
    if profile.ground is None:
        return None
    own = Area.objects.filter(pk=profile.ground.code).first()
    if own is not None:
        return own
    tops = list(Area.objects.filter(parent=None, ended_on=None)[:2])
    return tops[0] if len(tops) == 1 else None


def _make_ground(profile: CountProfile, *, by: Any, now: datetime) -> Area | None:
    if profile.ground is None:
        return None
    told = profile.ground
    area = Area.objects.create(
        code=told.code,
        name=told.name,
        name_en=told.name_en,
        level=Level.CITY,
        path=f"{told.code}/",
    )
    audit.record(verb="areas.add", subject=f"area:{area.pk}", by=by, now=now)
    return area


def _add_areas(
    places: AreaPlaces | SitePlaces, name: str, reading: Reading, *, by: Any, now: datetime
) -> None:
    """The areas that the tree lacks, from the list's own codes and names; parents with them."""
    if not places.lacking:
        return
    text = io.StringIO()
    csv.writer(text).writerows([("code", "name"), *sorted(places.lacking.items())])
    done = import_lists(files=[(name, text.getvalue().encode())], by=by, now=now)
    if done.refusals:
        raise SurveillanceError(
            _("The list names areas that no tree can hold: %(reason)s")
            % {"reason": done.refusals[0].reason}
        )
    for code, called in sorted(places.lacking.items()):
        reading.remark(0, "new_area", {"code": code, "name": called})


def _refuse_taken_back(reading: Reading, series: dict[tuple[str, str], int]) -> None:
    """A row that says “not reported” of what was reported before is refused, not forgotten."""
    asked = {
        (series[d.site, slug], d.day): d for d in reading.drafts for slug in d.silent
    }  # fmt: skip
    if not asked:
        return
    days = [day for _duty, day in asked]
    standing = Count.objects.filter(
        current=True, day__range=(min(days), max(days)), duty_id__in={d for d, _day in asked}
    ).values_list("duty_id", "day", "value")
    refused: dict[int, Problem] = {}
    for duty, day, value in standing:
        draft = asked.get((duty, day))
        if draft is not None:
            said = {"stored": f"{value.normalize():f}"}
            refused.setdefault(id(draft), Problem("taken_back", params=said))
    reading.refused += [
        Refused(d.line, d.cells, refused[id(d)]) for d in reading.drafts if id(d) in refused
    ]
    reading.drafts = [d for d in reading.drafts if id(d) not in refused]


def _rows(
    drafts: list[Draft], series: dict[tuple[str, str], int]
) -> tuple[list[Reported], list[int]]:
    """The counts of all drafts, and for each the draft it is from."""
    rows: list[Reported] = []
    whose: list[int] = []
    for number, draft in enumerate(drafts):
        for slug, (value, out_of) in draft.counts.items():
            rows.append(Reported(series[draft.site, slug], draft.day, value, out_of))
            whose.append(number)
    return rows, whose


def _entered(
    reading: Reading,
    source: Source,
    profile: CountProfile,
    name: str,
    sha256: str,
    *,
    by: Any,
    now: datetime,
) -> CountImport:
    days = [draft.day for draft in reading.drafts]
    return CountImport.objects.create(
        source=source,
        profile=profile.id,
        file_name=name[:200],
        sha256=sha256,
        n_read=reading.n_read,
        n_new=0,
        n_revised=0,
        n_unchanged=len(reading.drafts),
        n_refused=len(reading.refused),
        n_remarks=sum(map(len, reading.remarks.values())),
        header=reading.header,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        at=now,
        by=by,
    )


def _keep(of: CountImport, reading: Reading, source: Source) -> None:
    CountRefusal.objects.bulk_create(
        (
            CountRefusal(
                of=of,
                line=one.line,
                column=one.problem.column[:120],
                code=one.problem.code,
                params=dict(one.problem.params),
                cells=one.cells,
            )
            for one in sorted(reading.refused, key=lambda one: one.line)
        ),
        batch_size=1000,
    )
    CountRemark.objects.bulk_create(
        (
            CountRemark(of=of, code=code, params=dict(params), lines=lines)
            for (code, params), lines in reading.remarks.items()
        ),
        batch_size=1000,
    )


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()
