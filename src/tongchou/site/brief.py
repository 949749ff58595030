"""`tongchou brief --area CODE --on DAY`: how things stand, as of 24:00 of the day before."""

import argparse
import sys
from datetime import date

from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.surveillance import brief, brief_text
from tongchou.surveillance.actions.quality import check_quality
from tongchou.surveillance.errors import SurveillanceError


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", required=True, metavar="CODE", help="a division code")
    parser.add_argument(
        "--on", type=date.fromisoformat, metavar="DAY", help="the morning (default: today)"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language (default en)")


def run(options: argparse.Namespace) -> int:
    migrate()
    now = timezone.now()
    area = Area.objects.filter(pk=options.area).first()
    if area is None:
        raise Wrong(
            f"there is no area {options.area!r} here; import areas, or counts that name them"
        )
    check_quality(now=now)  # the dates are read as it finds; nothing is done where nothing changed
    try:
        found = brief.of(area, on=options.on or timezone.localdate(now), now=now)
    except SurveillanceError as error:
        raise Wrong(str(error)) from error
    sys.stdout.write(brief_text.text(found, options.lang))
    return 0
