"""`tongchou review CASE_ID`: how it went with one positive, laid out from the records."""

import argparse
import json
import sys

from django.utils import timezone

from tongchou.cases.models import Case
from tongchou.reviews import report_text, telling
from tongchou.reviews.models import Review
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE_ID", help="the number of a case, or its id")
    parser.add_argument("--json", action="store_true", help="every fact, as JSON")
    parser.add_argument(
        "--accepted", action="store_true", help="as it was accepted, with --json only"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language (default en)")


def run(options: argparse.Namespace) -> int:
    migrate()
    now = timezone.now()
    case = _case(options.case)
    review = Review.objects.select_related("passage", "area").filter(case=case).first()
    if options.accepted:
        if review is None or review.facts is None:
            raise Wrong(f"the review of {case} has not been accepted")
        facts = review.facts
    elif review is not None:
        facts = telling.told(review, now=now)
    else:
        facts = telling.of_case(case, now=now)
    if options.json:
        json.dump(facts, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(report_text.text(facts, options.lang))
    return 0


def _case(wanted: str) -> Case:
    """By number first: somebody's own numbers may be whole numbers too."""
    found = Case.objects.filter(number=wanted).first()
    if found is None and wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:
        found = Case.objects.filter(pk=int(wanted)).first()
    if found is None:
        raise Wrong(f"there is no case {wanted!r} here; the list of cases shows their numbers")
    return found
