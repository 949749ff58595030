"""`tongchou import areas FILE…`: published lists of divisions into the tree."""

import argparse
import csv
import sys
from pathlib import Path

from django.utils import timezone

from tongchou.areas import importing
from tongchou.areas.lists import NoList
from tongchou.kit.tables import Unreadable
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, TSV or XLSX")
    parser.add_argument("--dry-run", action="store_true", help="count, and write nothing")
    parser.add_argument("--refusals", type=Path, metavar="OUT", help="write refused rows as CSV")


def run(options: argparse.Namespace) -> int:
    migrate()
    try:
        result = importing.import_lists(
            files=contents(options.files),
            by=None,
            now=timezone.now(),
            dry_run=options.dry_run,
        )
    except (NoList, Unreadable) as error:
        raise Wrong(str(error)) from error
    return report(result, options.refusals)


def contents(paths: list[Path]) -> list[tuple[str, bytes]]:
    """Names and bytes of the files; the first that cannot be read stops everything."""
    try:
        return [(path.name, path.read_bytes()) for path in paths]
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error


def report(result: importing.Imported, refusals: Path | None) -> int:
    """Print how it reconciles; 0 where every row is accounted for."""
    shown = result.refusals[:10]
    for refusal in shown:
        print(f"{refusal.file}:{refusal.line} {refusal.column}: {refusal.reason}", file=sys.stderr)
    if len(result.refusals) > len(shown):
        more = "" if refusals else "; --refusals OUT.csv writes them all"
        print(f"… and {len(result.refusals) - len(shown)} more{more}", file=sys.stderr)
    if refusals:
        with refusals.open("w", encoding="utf-8-sig", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["file", "line", "column", "value", "reason"])
            rows.writerows([r.file, r.line, r.column, r.value, r.reason] for r in result.refusals)
    print(f"{result.n_new} new, {result.n_changed} changed")
    print(result.line)
    return 0 if result.n_read == result.n_stored + len(result.refusals) else 1
