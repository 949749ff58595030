"""`tongchou quality`: what is odd about the counts, one finding a line.

Area | channel | days | what | what follows. The check is made first where the records changed.
"""

import argparse
from datetime import date

from django.utils import timezone, translation

from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.surveillance import telling
from tongchou.surveillance.actions.quality import check_quality
from tongchou.surveillance.models import Source
from tongchou.surveillance.queries.quality import findings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", metavar="NAME", help="only the counts of this source")
    parser.add_argument("--area", metavar="CODE", help="only what concerns this area")
    parser.add_argument("--kind", metavar="KIND", help="only findings of this kind")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="only of this day")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language (default en)")


def run(options: argparse.Namespace) -> int:
    migrate()
    source = None
    if options.source:
        source = Source.objects.filter(pk=options.source).first()
        if source is None:
            known = ", ".join(Source.objects.values_list("slug", flat=True)) or "none yet"
            raise Wrong(f"there is no source {options.source!r}; there are: {known}")
    done = check_quality(now=timezone.now(), source=source)
    found = findings(source=source, area=options.area, kind=options.kind, on=options.on)
    with translation.override("zh-hans" if options.lang == "zh" else "en"):
        for finding in found:
            print(telling.line(finding))
    spans = ", ".join(f"{each.source_id} {each.first_day} – {each.last_day}" for each in done)
    print(f"{len(found)} findings in the counts of {spans or 'no source: import counts first'}")
    return 0
