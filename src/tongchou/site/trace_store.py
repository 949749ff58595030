"""`tongchou trace store ingest|seal|twins|show|verify`: the visit store from the command line.

It fills a store and proves it; it answers no question about anybody. A file's batch id is the hash
of what is in it, so the same file again changes nothing, whatever it is called by then.
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from tongchou.epi.trace.bundles import Damaged
from tongchou.epi.trace.checks import Refusals
from tongchou.epi.trace.durable import Busy
from tongchou.epi.trace.proving import verify
from tongchou.epi.trace.reading import CHINA, SUFFIXES, Unreadable, read_visits
from tongchou.epi.trace.store import Store
from tongchou.epi.trace.twins import write_twins
from tongchou.epi.trace.writing import writing
from tongchou.site.cli import Wrong

LISTED = 10  # refusals printed; the counts are of all
WHO = "tongchou trace store"


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    ingest = verbs.add_parser("ingest", help="take visits from files (Parquet, CSV, XLSX)")
    ingest.add_argument("--store", type=Path, required=True, metavar="DIR")
    ingest.add_argument("files", type=Path, nargs="+", metavar="FILE", help="or a folder of them")
    ingest.add_argument(
        "--known-places", action="store_true", help="refuse visits to places the store lacks"
    )
    ingest.add_argument(
        "--refused", type=Path, metavar="CSV", help="write every refused row with its reason"
    )
    for name, help_ in (("seal", "write days into sorted files"), ("twins", "and into Parquet")):
        act = verbs.add_parser(name, help=help_)
        act.add_argument("--store", type=Path, required=True, metavar="DIR")
        act.add_argument(
            "--before",
            type=date.fromisoformat,
            metavar="DAY",
            help="days before this one only (default: all that are over)",
        )
    for name, help_ in (("show", "what is in it, day by day"), ("verify", "prove it whole")):
        verbs.add_parser(name, help=help_).add_argument(
            "--store", type=Path, required=True, metavar="DIR"
        )


def run(options: argparse.Namespace) -> int:
    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "ingest": _ingest,
        "seal": _seal,
        "twins": _twins,
        "show": _show,
        "verify": _verify,
    }
    try:
        return acts[options.act](options)
    except (Unreadable, Busy, Damaged, FileNotFoundError) as error:
        raise Wrong(str(error)) from error


def _now() -> datetime:
    """The time on the city's wall clock."""
    return (datetime.now(UTC) + timedelta(minutes=CHINA)).replace(tzinfo=None)


def _ingest(options: argparse.Namespace) -> int:
    minute = int((_now() - datetime(1970, 1, 1)).total_seconds()) // 60  # noqa: DTZ001
    refused = []
    with writing(options.store, who=WHO) as store:
        for file in _files(options.files):
            with file.open("rb") as opened:
                batch = hashlib.file_digest(opened, "sha256").hexdigest()
            receipt = store.ingest(
                batch, read_visits(file), now=minute, new_places=not options.known_places
            )
            said = "was taken before, nothing changes" if receipt.again else "is safe"
            print(
                f"{file.name} {said}: {receipt.n_read:,} visits read, {receipt.n_taken:,} taken, "
                f"{receipt.n_refused:,} refused; {receipt.n_records:,} records, "
                f"{receipt.n_late:,} of them late"
            )
            _tell(receipt.refusals)
            refused.append(receipt.refusals)
    if options.refused:
        _write(options.refused, refused)
    return 0


def _files(given: list[Path]) -> list[Path]:
    found = []
    for path in given:
        inside = [path]
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
        found += inside
    if missing := [path for path in found if not path.is_file()]:
        raise Wrong(f"there is no file {missing[0]}")
    if not found:
        raise Wrong(f"no file to read; visits come as {', '.join(SUFFIXES)}")
    return found


def _tell(refusals: Refusals) -> None:
    for refusal in islice(refusals, LISTED):
        print(f"  {refusal}", file=sys.stderr)
    if len(refusals) > LISTED:
        print(f"  and {len(refusals) - LISTED:,} more", file=sys.stderr)


def _write(path: Path, refused: list[Refusals]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "line", "reason", "remedy"])
        for refusals in refused:
            for one in refusals:
                writer.writerow([one.file, one.line, one.words, one.mend])


def _seal(options: argparse.Namespace) -> int:
    with writing(options.store, who=WHO) as store:
        days = store.seal_before(options.before or _now().date())
    print(f"sealed: {', '.join(map(str, days)) or 'nothing is new'}")
    return 0


def _twins(options: argparse.Namespace) -> int:
    before = options.before or _now().date()
    with writing(options.store, who=WHO) as store:
        store.seal_before(before)
        for state in store.states():
            if state.on < before:
                print(write_twins(store, state.on))
    return 0


def _show(options: argparse.Namespace) -> int:
    store = Store(options.store)
    print("day         state   records    came in    merged  elsewhere  not yet sealed")
    for state in store.states():
        print(
            f"{state.on}  {state.state:6} {state.n_sealed:9,} {state.n_in:10,} "
            f"{state.n_merged:9,} {state.n_elsewhere:10,} {state.n_pending:15,}"
        )
    totals = store.totals()
    print(
        f"{len(store.people):,} people, {len(store.place_keys):,} places; ever read "
        f"{totals['read']:,} visits, taken {totals['taken']:,}, refused {totals['refused']:,}"
    )
    return 0


def _verify(options: argparse.Namespace) -> int:
    Store(options.store)
    proof = verify(options.store)
    for fault in proof.faults:
        print(fault, file=sys.stderr)
    print(
        f"{proof.n_bundles:,} folders, {proof.n_records:,} sealed records, {proof.n_frames:,} "
        f"frames of the journal: {'whole' if not proof.faults else f'{len(proof.faults)} faults'}"
    )
    return 1 if proof.faults else 0
