"""`tongchou trace proximity CSV --metres 4`: how many pairs of people came that near."""

import argparse
import csv
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from tongchou.epi.trace.proximity import Near, within
from tongchou.kit.tables import Row, Unreadable, read
from tongchou.site.cli import Wrong

LISTED = 10
#: Names of a column, in lower case without blanks and marks.
STEP = {"time", "timestep", "step", "t", "when", "at", "timestamp", "minute", "时间", "时刻"}
ONE = {"a", "usera", "user1", "id1", "persona", "person1", "one", "from", "i", "source", "甲"}
OTHER = {"b", "userb", "user2", "id2", "personb", "person2", "other", "to", "j", "target", "乙"}
DISTANCE = {"distance", "distancem", "metres", "meters", "m", "d", "dist", "距离", "距离米"}

ABOUT = """\
file: rows of time step, person a, person b, distance in metres, in this order where there is no
header; or with a header that names them (time, a, b, distance and their usual other names; the
time may be missing). CSV, TSV or XLSX. A pair counts once, whichever way round it is written;
exactly --metres apart is near.
--out: a, b, times (steps in which they were near), nearest, first, last."""


@dataclass(slots=True)
class Measured:
    """What was read: numbers of people in the order of `names`, and the rows that were refused."""

    names: list[str] = field(default_factory=list)
    one: list[int] = field(default_factory=list)
    other: list[int] = field(default_factory=list)
    metres: list[float] = field(default_factory=list)
    step: list[float] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    n_read: int = 0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = ABOUT
    parser.add_argument("file", type=Path, metavar="CSV", help="measured distances")
    parser.add_argument(
        "--metres", type=float, required=True, metavar="M", help="how near is near; M is near"
    )
    parser.add_argument("--out", type=Path, metavar="CSV", help="write a row for each pair")


def run(options: argparse.Namespace) -> int:
    if not options.metres >= 0:
        raise Wrong("--metres is a number from zero up")
    try:
        measured = _read(options.file)
        near = within(options.metres, measured.one, measured.other, measured.metres, measured.step)
        for reason in measured.refused[:LISTED]:
            print(f"{options.file.name}:{reason}", file=sys.stderr)
        kept, refused = len(measured.one), len(measured.refused)
        print(f"{measured.n_read} read = {kept} measured + {refused} refused", file=sys.stderr)
        if options.out:
            _write(options.out, near, measured)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    print(f"{len(near)} pairs within {options.metres:g} m")
    return 0


def _read(path: Path) -> Measured:
    with path.open("rb") as file:
        try:
            table = read(file)
            step, one, other, distance, first = _columns(table.header, path.name)
            return _measured(chain(first, table.body), (step, one, other, distance))
        except Unreadable as bad:
            raise Wrong(f"{path.name}: {bad}") from bad


def _columns(header: Sequence[str], name: str) -> tuple[int | None, int, int, int, list[Row]]:
    """Where step, one, other and distance stand; and the first row, where it is no header."""
    if len(header) in (3, 4) and _number(header[-1]) is not None:
        offset = len(header) - 3
        step = 0 if offset else None
        return step, offset, offset + 1, offset + 2, [Row(1, list(header))]
    plain = [_plain(column) for column in header]
    found = [
        next((place for place, word in enumerate(plain) if word in words), None)
        for words in (STEP, ONE, OTHER, DISTANCE)
    ]
    step, one, other, distance = found
    if one is None or other is None or distance is None:
        raise Wrong(
            f"{name}: no columns a, b and distance; it has {', '.join(header)}. Without a header, "
            "the columns are time, a, b, distance."
        )
    return step, one, other, distance, []


def _measured(rows: Iterator[Row], columns: tuple[int | None, int, int, int]) -> Measured:
    found, numbers, steps = Measured(), {}, {}  # type: ignore[var-annotated]
    at_step, at_one, at_other, at_distance = columns
    for row in rows:
        found.n_read += 1
        cells = [cell.strip() for cell in row.cells]
        if len(cells) <= max(at_one, at_other, at_distance, at_step or 0):
            found.refused.append(f"{row.line} has only {len(cells)} cells")
            continue
        one, other, metres = cells[at_one], cells[at_other], _number(cells[at_distance])
        if not one or not other or one == other:
            found.refused.append(f"{row.line} names no two people")
        elif metres is None or not 0 <= metres < float("inf"):
            found.refused.append(f"{row.line} {cells[at_distance]!r} is no distance")
        else:
            said = cells[at_step] if at_step is not None else str(row.line)
            found.one.append(numbers.setdefault(one, len(numbers)))
            found.other.append(numbers.setdefault(other, len(numbers)))
            found.metres.append(metres)
            # steps keep the order in which the file has them, whatever they are written as
            found.step.append(steps.setdefault(said, len(steps)))
    found.names, found.steps = list(numbers), list(steps)
    return found


def _write(path: Path, near: Near, measured: Measured) -> None:
    names, steps = measured.names, measured.steps
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("a", "b", "times", "nearest", "first", "last"))
        columns = (near.one, near.other, near.times, near.nearest, near.first, near.last)
        for one, other, times, nearest, first, last in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            row = (names[one], names[other], times, f"{nearest:g}")
            writer.writerow((*row, steps[int(first)], steps[int(last)]))
    print(f"written: {path}", file=sys.stderr)


def _number(text: str) -> float | None:
    try:
        return float(unicodedata.normalize("NFKC", text))
    except ValueError:
        return None


def _plain(column: str) -> str:
    folded = unicodedata.normalize("NFKC", column).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
