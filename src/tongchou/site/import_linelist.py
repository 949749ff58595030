"""`tongchou import linelist FILE [--contacts FILE] --profile NAME`: cases and contacts from a list.

The last line of the output reconciles the list: `162 read = 162 stored + 0 refused`. What a person
reads on the way goes to standard error.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.intake import actions, queries, returned
from tongchou.intake.actions.previewing import Preview
from tongchou.intake.errors import IntakeError
from tongchou.intake.fields import Kind
from tongchou.intake.layout import Profile
from tongchou.intake.models import Import
from tongchou.intake.profiles import BadProfile, every, load
from tongchou.intake.reading import BadSheet, File, find, kind_of
from tongchou.intake.seen import Seen
from tongchou.kit.tables import Unreadable
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.staff.models import User

LISTED = 10  # refusals printed; --refusals OUT writes them all
BESIDE = (Kind.CONTACT, Kind.EXPOSURE, Kind.FOLLOW_UP)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="line list: CSV, TSV or XLSX")
    parser.add_argument(
        "--contacts",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="contacts, pairs or follow-ups of the same source; may be given again",
    )
    parser.add_argument("--profile", metavar="NAME", help="how to read the columns; else found out")
    parser.add_argument("--area", default="", metavar="CODE", help="where the list belongs")
    parser.add_argument("--prefix", default="", help="put before every number of the list")
    parser.add_argument("--case", default="", help="the case of contacts that name none")
    parser.add_argument("--by", metavar="USER", help="in whose name (default: the system)")
    parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")
    parser.add_argument("--refusals", type=Path, metavar="OUT", help="refused rows: .csv or .xlsx")


def run(options: argparse.Namespace) -> int:
    migrate()
    now = timezone.now()
    try:
        with ExitStack() as stack:
            files = [stack.enter_context(p.open("rb")) for p in (options.file, *options.contacts)]
            return _import(options, files, now)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except (BadProfile, BadSheet, Unreadable, IntakeError) as error:
        raise Wrong(str(error)) from error


def _import(options: argparse.Namespace, files: list[BinaryIO], now: datetime) -> int:
    profile = load(options.profile) if options.profile else _found(files[0], options.file)
    kinds = [_kind(files[0], profile, profile.sheets, options.file)]
    kinds += [
        _kind(file, profile, BESIDE, path)
        for file, path in zip(files[1:], options.contacts, strict=True)
    ]
    by = _user(options.by)
    keep = not options.dry_run
    area = actions.ground(profile=profile, code=options.area, by=by, now=now, keep=keep)
    sheets = list(zip(kinds, (options.file, *options.contacts), files, strict=True))
    if options.dry_run:
        return _try(options, profile, area, sheets, now)
    done = []
    for kind, path, file in sheets:
        of = actions.receive(
            file=file,
            name=path.name,
            profile=profile,
            kind=kind,
            area=area,
            by=by,
            now=now,
            prefix=options.prefix,
            default_case=options.case,
            keep=False,
        )
        done.append(actions.run(of=of, now=now, file=file, progress=_progress(path)))
        _tell(of, path)
    if options.refusals:
        _write(done, options.refusals)
    return _close([(of.reconciled, of.n_read == of.n_stored + of.n_refused) for of in done])


def _try(
    options: argparse.Namespace,
    profile: Profile,
    area: Area,
    sheets: list[tuple[Kind, Path, BinaryIO]],
    now: datetime,
) -> int:
    """Check everything and write nothing; later sheets may refer to rows of earlier ones."""
    found: list[Preview] = []
    with ExitStack() as stack:
        promised: dict[Kind, Callable[[list[str]], set[str]]] = {}
        for kind, path, file in sheets:
            seen = stack.enter_context(Seen())
            of = Import(
                kind=kind.value,
                profile=profile.id,
                source=profile.source,
                area=area,
                prefix=options.prefix,
                default_case=options.case,
            )
            found.append(actions.preview(of=of, now=now, file=file, seen=seen, promised=promised))
            promised = promised | {kind: partial(seen.among, "key")}
            _show(found[-1], path)
    return _close([(p.reconciled, p.n_read == p.n_stored + p.n_refused) for p in found])


def _close(lines: list[tuple[str, bool]]) -> int:
    """The lines that reconcile, the list of cases last; 0 where every row is accounted for."""
    for line, _whole in reversed(lines):
        print(line)
    return 0 if all(whole for _line, whole in lines) else 1


def _found(file: BinaryIO, path: Path) -> Profile:
    matches = find(File(file), every())
    if not matches:
        raise Wrong(f"{path.name}: no profile fits its columns; name one with --profile")
    print(f"{path.name}: read as {matches[0].profile.id}", file=sys.stderr)
    return matches[0].profile


def _kind(file: BinaryIO, profile: Profile, kinds: object, path: Path) -> Kind:
    try:
        return kind_of(File(file), profile, kinds)  # type: ignore[arg-type]
    except (BadSheet, Unreadable) as error:
        raise Wrong(f"{path.name}: {error}") from error


def _user(name: str | None) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Wrong(f"there is no user {name!r}")
    return user


def _progress(path: Path):  # type: ignore[no-untyped-def]
    if not sys.stderr.isatty():
        return lambda n_rows: None
    return lambda n_rows: print(f"\r{path.name}: {n_rows} rows", end="", file=sys.stderr)


def _tell(of: Import, path: Path) -> None:
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    for count, row in enumerate(queries.refused(of)):
        if count == LISTED:
            more = "" if of.n_refused == LISTED else f"{path.name}: … {of.n_refused - LISTED} more"
            print(more, file=sys.stderr)
            break
        print(f"{path.name}:{row.refusal.number} {row.reasons}", file=sys.stderr)
    print(
        f"{path.name}: {of.get_kind_display()}, {of.n_new} new, {of.n_unchanged} unchanged, "
        f"{of.n_remarks} remarks"
    )


def _show(found: Preview, path: Path) -> None:
    for row in found.refused:
        reasons = " ".join(map(str, row.problems))
        print(f"{path.name}:{row.line} {reasons}", file=sys.stderr)
    if found.left_out:
        print(f"{path.name}: not read: {', '.join(found.left_out)}", file=sys.stderr)
    print(
        f"{path.name}: {found.n_new} would be new, {found.n_unchanged} unchanged, "
        f"{found.n_remarks} remarks"
    )


def _write(done: list[Import], out: Path) -> None:
    """Refused rows, one file per sheet: OUT for the list, OUT-contact and so on beside it."""
    for place, of in enumerate(done):
        if place and not of.n_refused:
            continue
        path = out if place == 0 else out.with_stem(f"{out.stem}-{of.kind}")
        writer = returned.as_xlsx if path.suffix.lower() == ".xlsx" else returned.as_csv
        path.write_bytes(writer(of, language="en"))
        print(f"{path}: {of.n_refused} refused rows", file=sys.stderr)
