"""What an import would do, without doing it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from tongchou.intake.actions.opening import checked, opened
from tongchou.intake.actions.receiving import whole
from tongchou.intake.checking import Draft
from tongchou.intake.fields import FIELDS, MASKED, Kind, Type
from tongchou.intake.grounds import Spot
from tongchou.intake.models import Import
from tongchou.intake.problems import Problem, masked
from tongchou.intake.reading import File
from tongchou.intake.seen import Seen

SHOWN = 12
#: A page answers soon: of a longer list it checks this many rows, and says so.
SAMPLE = 5000


@dataclass
class Shown:
    """A row as it would be stored, or why it would not."""

    line: int
    values: list[tuple[str, str]]
    problems: list[Problem]
    remarks: list[Problem]


@dataclass
class Preview:
    """What the rows come to. `whole` is false where only the first of them were looked at."""

    kind: Kind
    encoding: str
    encoding_reason: str
    left_out: list[str]
    whole: bool = True
    n_read: int = 0
    n_new: int = 0
    n_unchanged: int = 0
    n_refused: int = 0
    n_remarks: int = 0
    rows: list[Shown] = field(default_factory=list)
    refused: list[Shown] = field(default_factory=list)

    @property
    def n_stored(self) -> int:
        return self.n_new + self.n_unchanged

    @property
    def reconciled(self) -> str:
        return f"{self.n_read} read = {self.n_stored} stored + {self.n_refused} refused"


def preview(
    *,
    of: Import,
    now: datetime,
    file: BinaryIO | None = None,
    limit: int | None = None,
    seen: Seen | None = None,
    promised: dict[Kind, Callable[[list[str]], set[str]]] | None = None,
) -> Preview:
    """Check a sheet and settle its rows, without writing.

    `seen` collects the numbers of the rows that would be stored, and `promised` asks for those of
    the sheet before this one.

    Raises
    ------
    BadProfile, BadSheet, Unreadable
        Where not a single row could be stored.
    """
    source = opened(of, File(file or whole(of)), now=now)
    source.run.promised = promised or {}
    found = Preview(
        source.run.kind,
        source.table.encoding,
        source.table.encoding_reason,
        source.checker.left_out(),
    )
    own = seen or Seen()
    try:
        for chunk in checked(source, own):
            if limit is not None and found.n_read >= limit:
                found.whole = False
                break
            _count(found, source.desk.settle(chunk), chunk)
    finally:
        if seen is None:
            own.close()
    return found


def _count(found: Preview, settled: Any, chunk: list[Draft]) -> None:
    found.n_read += len(chunk)
    found.n_new += len(settled.new)
    found.n_unchanged += len(settled.unchanged) + len(settled.adopted)
    found.n_refused += len(settled.refused)
    found.n_remarks += sum(len(draft.remarks) for draft in settled.new)
    for draft in chunk:
        if draft.problems and len(found.refused) < SHOWN:
            found.refused.append(shown(found.kind, draft))
        elif not draft.problems and len(found.rows) < SHOWN:
            found.rows.append(shown(found.kind, draft))


def shown(kind: Kind, draft: Draft) -> Shown:
    """A draft for a page: our words for its values, identities masked."""
    values = [
        (str(each.label), _text(each.type, each.choices, name, draft.values[name]))
        for name, each in FIELDS[kind].items()
        if draft.values.get(name) not in (None, "")
    ]
    return Shown(draft.line, values, draft.problems, draft.remarks)


def _text(type_: Type, choices: Any, name: str, value: Any) -> str:
    if name in MASKED:
        return masked(str(value))
    if isinstance(value, Spot):
        return value.name or value.code
    if isinstance(value, date):
        return value.isoformat()
    return str(choices.get(value, value)) if type_ is Type.CHOICE else str(value)
