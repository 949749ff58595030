"""Which visits are believed, and in words why the others are not and how to mend them.

A visit is refused, or kept whole: nothing is cut, dropped or shifted. Overlapping stays of one
person at one place are not refused: each is somebody's honest record of the same stay, and
`sorting.merge_rows` makes one of them. Stays at two places at once are kept and counted; which of
the two is wrong nobody can tell from here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum

import numpy as np

from tongchou.epi.trace import kinds
from tongchou.epi.trace.day import DAY_MINUTES, I32, I64, U8, U16, U32, Bools, Visits
from tongchou.epi.trace.split import date_of
from tongchou.kit.compiled import example, kernel

__all__ = ["UNKNOWN", "Checked", "Reason", "Refusal", "Refusals", "check", "clock"]

#: Stands for a place that nobody has sent.
UNKNOWN = 0xFFFFFFFF
_ZERO = datetime(1970, 1, 1)  # noqa: DTZ001  the city's wall clock


class Reason(IntEnum):
    """Why a visit was refused. The numbers are kept in files: new ones go to the end."""

    NO_PERSON = 1
    LONG_PERSON = 2
    NO_PLACE = 3
    LONG_PLACE = 4
    UNKNOWN_KIND = 5
    BAD_START = 6
    BAD_END = 7
    BAD_ROW = 8
    UNKNOWN_PLACE = 9
    BACKWARDS = 10
    TOO_LONG = 11
    FUTURE = 12
    TOO_OLD = 13


_TIMES = "write times as 2022-01-05 18:30, whole minutes of the city's clock"
#: What is wrong, and how to mend it. {text} is what stood there, {value} a number made readable.
_WORDS: dict[Reason, tuple[str, str]] = {
    Reason.NO_PERSON: ("names no person", "fill in the person's key"),
    Reason.LONG_PERSON: (
        "the person's key is longer than 64 bytes",
        "send a pseudonymous key of at most 64 bytes, never a name or document",
    ),
    Reason.NO_PLACE: ("names no place", "fill in the place's id"),
    Reason.LONG_PLACE: ("the place's id is longer than 64 bytes", "send a shorter id"),
    Reason.UNKNOWN_KIND: (
        "{text!r} is no kind of place",
        "use one of " + ", ".join(kind.name for kind in kinds.KINDS),
    ),
    Reason.BAD_START: ("the start {text!r} is no time", _TIMES),
    Reason.BAD_END: ("the end {text!r} is no time", _TIMES),
    Reason.BAD_ROW: ("the row cannot be read: {text}", "give it as many cells as the header has"),
    Reason.UNKNOWN_PLACE: (
        "the place is not known",
        "send the place first (id, kind, position), then this visit again in a new batch",
    ),
    Reason.BACKWARDS: ("ends before it starts", "correct the times; were the two exchanged?"),
    Reason.TOO_LONG: (
        "lasts longer than a stay of the kind {value} is believed to",
        "correct the end; if the person truly stayed, send one visit per day",
    ),
    Reason.FUTURE: (
        "ends at {value}, which has not come yet",
        "send it once it has ended; if it has, set the clock of the device right",
    ),
    Reason.TOO_OLD: (
        "begins before {value}, and what is older is not kept",
        "send only visits since then",
    ),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One visit that was not taken: its line, what is wrong with it and how to mend it."""

    line: int
    reason: Reason
    words: str
    mend: str
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file} line {self.line}" if self.file else f"line {self.line}"
        return f"{where}: {self.words}; {self.mend}"


@dataclass(frozen=True, slots=True, eq=False)
class Refusals:
    """All refusals of a list, kept as columns: a wrong column may refuse millions.

    Parameters
    ----------
    lines
        Line in the file, or row in the batch, from 1; i64[n].
    codes
        `Reason`, u8[n].
    values
        What the words speak of, i64[n]: a kind, a minute or a day since 1970.
    file
        Which of `files` each stood in, u16[n].
    files
        Names of the files; empty for a batch that is no file.
    texts
        By (file, line), what stood there; kept for the first thousand.
    """

    lines: I64
    codes: U8
    values: I64
    file: U16
    files: tuple[str, ...] = ("",)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def none(cls) -> "Refusals":
        empty = np.zeros(0, np.int64)
        return cls(empty, empty.astype(np.uint8), empty, empty.astype(np.uint16))

    def __len__(self) -> int:
        return self.lines.size

    def __iter__(self) -> Iterator[Refusal]:
        """One by one, in order of file and line."""
        for i in np.lexsort((self.lines, self.file)).tolist():
            file, line, reason = int(self.file[i]), int(self.lines[i]), Reason(int(self.codes[i]))
            words, mend = _WORDS[reason]
            value = _readable(reason, int(self.values[i]))
            text = self.texts.get((file, line), "")
            words = words.format(text=text, value=value)
            yield Refusal(line, reason, words, mend, self.files[file])

    def __add__(self, other: "Refusals") -> "Refusals":
        """Both, of the same files."""
        return Refusals(
            np.concatenate([self.lines, other.lines]),
            np.concatenate([self.codes, other.codes]),
            np.concatenate([self.values, other.values]),
            np.concatenate([self.file, other.file]),
            self.files,
            {**self.texts, **other.texts},
        )

    def of_files(self, file: U16, other: "Refusals") -> "Refusals":
        """The same, each in one of the other's files."""
        return replace(self, file=file, files=other.files)

    def counts(self) -> dict[Reason, int]:
        """How many for each reason, most frequent first."""
        found = Counter(self.codes.tolist())
        return {Reason(code): n for code, n in found.most_common()}


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What a check leaves: `len(visits) + len(refusals)` is what went in.

    `good` says of each visit that went in whether it was kept, bool[n].
    """

    visits: Visits
    refusals: Refusals
    good: Bools


def check(
    visits: Visits,
    kind_of_place: U8,
    *,
    now: int | None = None,
    oldest: int | None = None,
    lines: I64 | None = None,
) -> Checked:
    """Take what can be believed and refuse the rest, each with one reason.

    Parameters
    ----------
    visits
        In any order; `UNKNOWN` as a place stands for one that nobody has sent.
    kind_of_place
        `Places.kind`, u8[n_places].
    now
        Minutes since 1970 on the city's clock; without it the future is not looked at.
    oldest
        First day that is still kept, in days since 1970; without it no visit is too old.
    lines
        Line of each visit in its file, i64[n]; without it they are counted from 1.
    """
    lines = np.arange(1, len(visits) + 1) if lines is None else lines
    codes = _codes(
        visits.place,
        visits.start,
        visits.minutes,
        kind_of_place,
        kinds.max_minutes(),
        now if now is not None else 1 << 60,
        (oldest or 0) * DAY_MINUTES if oldest is not None else -(1 << 60),
    )
    good = codes == 0
    if good.all():
        return Checked(visits, Refusals.none(), good)
    bad = np.flatnonzero(~good)
    values = np.zeros(bad.size, np.int64)
    for i, number in enumerate(bad.tolist()):
        match codes[number]:
            case Reason.TOO_LONG:
                values[i] = kind_of_place[visits.place[number]]
            case Reason.FUTURE:
                values[i] = visits.start[number] + visits.minutes[number]
            case Reason.TOO_OLD:
                values[i] = oldest or 0
    kept = Visits(visits.person[good], visits.place[good], visits.start[good], visits.minutes[good])
    file = np.zeros(bad.size, np.uint16)
    return Checked(kept, Refusals(lines[bad], codes[bad], values, file), good)


@kernel
def _codes(
    place: U32, start: I64, minutes: I32, kind: U8, longest: I32, now: int, oldest: int
) -> U8:
    codes = np.zeros(start.size, np.uint8)
    for i in range(start.size):
        if place[i] >= kind.size:
            codes[i] = 9
        elif minutes[i] < 0:
            codes[i] = 10
        elif start[i] < oldest:
            codes[i] = 13
        elif minutes[i] > longest[kind[place[i]]]:
            codes[i] = 11
        elif start[i] + minutes[i] > now:
            codes[i] = 12
    return codes


def clock(minute: int) -> str:
    """A minute since 1970 as people write it, `2022-01-05 18:30`."""
    try:
        return f"{_ZERO + timedelta(minutes=minute):%Y-%m-%d %H:%M}"
    except OverflowError:
        return f"minute {minute}"


def _readable(reason: Reason, value: int) -> str:
    match reason:
        case Reason.TOO_LONG:
            kind = kinds.KINDS[value]
            return f"{kind.name} ({kind.max_minutes} minutes)"
        case Reason.FUTURE:
            return clock(value)
        case Reason.TOO_OLD:
            return date_of(value).isoformat()
    return ""


@example
def _warm_up() -> None:
    one, zero = np.zeros(1, np.int64), np.zeros(1, np.uint32)
    check(Visits(zero, zero, one, one.astype(np.int32)), one.astype(np.uint8))
