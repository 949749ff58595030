"""`tongchou import boundaries FILE…`: outlines of known areas from GeoJSON."""

import argparse
from pathlib import Path

from django.utils import timezone

from tongchou.areas import importing
from tongchou.areas.lists import NoList
from tongchou.site.cli import Wrong
from tongchou.site.import_areas import contents, report
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="GeoJSON")
    parser.add_argument("--refusals", type=Path, metavar="OUT", help="write refused rows as CSV")


def run(options: argparse.Namespace) -> int:
    migrate()
    try:
        result = importing.import_boundaries(
            files=contents(options.files), by=None, now=timezone.now()
        )
    except NoList as error:
        raise Wrong(str(error)) from error
    return report(result, options.refusals)
