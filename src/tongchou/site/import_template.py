"""`tongchou import template --out FILE`: the plain template, to be filled in by hand."""

import argparse
from pathlib import Path

from tongchou.intake import template
from tongchou.intake.fields import Kind
from tongchou.site.cli import Wrong


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=".xlsx or .csv")
    parser.add_argument(
        "--sheet",
        choices=[Kind.CASE.value, Kind.CONTACT.value],
        default=Kind.CASE.value,
        help="which sheet, for .csv",
    )


def run(options: argparse.Namespace) -> int:
    if options.out.suffix.lower() == ".xlsx":
        content = template.as_xlsx()
    elif options.out.suffix.lower() == ".csv":
        content = template.as_csv(Kind(options.sheet))
    else:
        raise Wrong("--out ends in .xlsx or .csv")
    try:
        options.out.write_bytes(content)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    print(options.out)
    return 0
