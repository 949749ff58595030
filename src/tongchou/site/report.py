"""`tongchou report --area CODE --on DATE`: the daily report of an area, signed or laid out now."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from tongchou.areas import queries as areas
from tongchou.areas.models import Area
from tongchou.reports import formats, frozen, queries
from tongchou.reports.facts import lay_out
from tongchou.reports.models import Duty
from tongchou.reports.models.daily import set_moment
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate

#: Without a set hour a report is of the whole day.
WHOLE_DAY = 24


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", required=True, metavar="CODE", help="a division code")
    parser.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="the day (default: today)"
    )
    parser.add_argument("--unit", metavar="NAME", help="of a department of that area")
    parser.add_argument(
        "--format", choices=tuple(formats.KINDS), default="md", help="md, json, docx or pdf"
    )
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language (default zh)")
    parser.add_argument("--out", metavar="FILE", help="write it there (- is the terminal)")


def run(options: argparse.Namespace) -> int:
    migrate()
    now = timezone.now()
    on = options.on or timezone.localdate(now)
    area = _area(options.area, on)
    made = _made(area, options, on, now)
    _write(made, options.out, options.format, _name(area, options))
    return 0


def _area(text: str, on: date) -> Area:
    """The area of that code, as it was on the day: one that had ended is its successor."""
    area = Area.objects.select_related("successor").filter(pk=text).first()
    if area is not None:
        gone = area.ended_on is not None and area.ended_on < on
        return area.successor if gone and area.successor else area
    try:
        return areas.find(text)
    except Area.DoesNotExist as error:
        raise Wrong(str(error)) from error


def _made(area: Area, options: argparse.Namespace, on: date, now: datetime) -> bytes:
    """The kept report of that day where there is one, else what would stand in it."""
    kept = queries.kept(area, options.unit, on)
    if kept is not None:
        return formats.made(options.format, kept, queries.last_signed(kept), options.lang)
    duty = Duty.objects.filter(area=area, unit=None, to_on=None).first()
    at = min(set_moment(on, duty.hour if duty else WHOLE_DAY), now)
    if timezone.localtime(at).date() < on:
        raise Wrong(f"{on} has not come yet")
    owner: Any = area
    if options.unit:
        owner = area.units.filter(name=options.unit).first()
        if owner is None:
            raise Wrong(f"{area.name} has no unit {options.unit!r}")
    facts = lay_out([owner], on=on, at=at.replace(microsecond=0), now=now)[owner]
    return formats.of_content(options.format, frozen.plain(facts), options.lang)


def _name(area: Area, options: argparse.Namespace) -> str:
    return f"report-{area.pk}-{options.on or timezone.localdate()}.{options.format}"


def _write(made: bytes, out: str | None, kind: str, name: str) -> None:
    """Text goes to the terminal, a document to a file: a terminal cannot show it."""
    if out is None and kind in ("docx", "pdf"):
        out = name
    if out in (None, "-"):
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        return
    try:
        Path(str(out)).write_bytes(made)
    except OSError as error:
        raise Wrong(f"{out}: {error.strerror}") from error
    print(f"{out}: {len(made):,} bytes", file=sys.stderr)
