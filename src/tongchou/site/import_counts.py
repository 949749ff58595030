"""`tongchou import counts FILE --profile NAME`: counts of many sites and days from a sheet.

The last line of the output reconciles it: `46633 read = 46598 stored + 35 refused`. What a person
reads on the way goes to standard error.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.kit.tables import Unreadable
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.staff.models import User
from tongchou.surveillance import actions, profiles, returned
from tongchou.surveillance.actions.importing import Preview
from tongchou.surveillance.errors import SurveillanceError
from tongchou.surveillance.models import CountImport
from tongchou.surveillance.problems import Problem

LISTED = 10  # refusals and remarks printed; --refusals OUT writes every refused row


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="counts: CSV, TSV or XLSX")
    parser.add_argument("--profile", default="template", metavar="NAME", help="how to read it")
    parser.add_argument("--area", default="", metavar="CODE", help="where sites without one stand")
    parser.add_argument(
        "--known-areas", action="store_true", help="refuse rows of areas that are not here yet"
    )
    parser.add_argument("--by", metavar="USER", help="in whose name (default: the system)")
    parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")
    parser.add_argument("--refusals", type=Path, metavar="OUT", help="write refused rows as CSV")


def run(options: argparse.Namespace) -> int:
    migrate()
    try:
        profile = profiles.load(options.profile)
        with options.file.open("rb") as file:
            what = {
                "file": file,
                "profile": profile,
                "now": timezone.now(),
                "area": _area(options.area),
                "only_known_areas": options.known_areas,
            }
            if options.dry_run:
                return _show(actions.preview(**what), options.file)
            done = actions.import_counts(
                name=options.file.name,
                by=_user(options.by),
                progress=_progress(options.file),
                **what,
            )
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except (SurveillanceError, Unreadable) as error:
        raise Wrong(str(error)) from error
    return _tell(done, options.file, options.refusals)


def _tell(of: CountImport, path: Path, out: Path | None) -> int:
    if of.pk is None:
        print(f"{path.name}: came before; nothing in it is new", file=sys.stderr)
    else:
        _list(((r.line, returned.problem_of(r)) for r in of.refusals.all()), path, of.n_refused)
        _remarks(((returned.remark_of(r), r.lines) for r in of.remarks.all()), path)
        if out:
            out.write_bytes(returned.as_csv(of, language="en"))
            print(f"{out}: {of.n_refused} refused rows", file=sys.stderr)
    print(
        f"{path.name}: {of.n_new} new, {of.n_revised} revised, {of.n_unchanged} unchanged, "
        f"{of.n_remarks} remarks"
    )
    print(of.reconciled)
    return 0


def _show(found: Preview, path: Path) -> int:
    reading = found.reading
    _list(((r.line, r.problem) for r in reading.refused), path, len(reading.refused))
    _remarks(((Problem(c, "", dict(p)), lines) for (c, p), lines in reading.remarks.items()), path)
    if reading.left_out:
        print(f"{path.name}: not read: {', '.join(reading.left_out)}", file=sys.stderr)
    if found.areas:
        first = ", ".join(f"{code} {name}" for code, name in islice(found.areas.items(), 5))
        print(f"{path.name}: {len(found.areas)} areas would be added: {first} …", file=sys.stderr)
    print(f"{path.name}: {found.n_sites} sites would be new; nothing was written")
    print(found.reconciled)
    return 0


def _list(refused: Iterable[tuple[int, Problem]], path: Path, count: int) -> None:
    for line, problem in islice(refused, LISTED):
        print(f"{path.name}:{line} {problem}", file=sys.stderr)
    if count > LISTED:
        print(f"{path.name}: … {count - LISTED} more refused (--refusals OUT)", file=sys.stderr)


def _remarks(remarks: Iterable[tuple[Problem, list[int]]], path: Path) -> None:
    every = list(remarks)
    areas = [problem for problem, _lines in every if problem.code == "new_area"]
    if areas:
        print(
            f"{path.name}: {len(areas)} areas were not here yet and were added from the list",
            file=sys.stderr,
        )
    others = [(problem, lines) for problem, lines in every if problem.code != "new_area"]
    for problem, lines in others[:LISTED]:
        more = f" and {len(lines) - 1} lines more" if len(lines) > 1 else ""
        print(f"{path.name}:{lines[0]}{more}: {problem.reason}", file=sys.stderr)
    if len(others) > LISTED:
        print(f"{path.name}: … {len(others) - LISTED} more remarks", file=sys.stderr)


def _area(code: str) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(pk=code).first()
    if area is None:
        raise Wrong(f"there is no area {code!r} here; import the areas first")
    return area


def _user(name: str | None) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Wrong(f"there is no user {name!r}")
    return user


def _progress(path: Path) -> Callable[[int], None]:
    if not sys.stderr.isatty():
        return lambda n_rows: None
    return lambda n_rows: print(f"\r{path.name}: {n_rows} rows", end="", file=sys.stderr)
