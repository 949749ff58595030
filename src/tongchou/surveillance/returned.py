"""Refused rows as the sheet they came from, with one column more that says why."""

import csv
import io
from collections.abc import Iterator

from tongchou.shell.export import DANGEROUS
from tongchou.surveillance.models import CountImport, CountRefusal, CountRemark
from tongchou.surveillance.problems import Problem
from tongchou.surveillance.reading import REASON


def problem_of(refusal: CountRefusal) -> Problem:
    """What was wrong, to be said in the language of the moment."""
    return Problem(refusal.code, refusal.column, refusal.params)


def remark_of(remark: CountRemark) -> Problem:
    """What was odd, to be said in the language of the moment."""
    return Problem(remark.code, "", remark.params)


def as_csv(of: CountImport, *, language: str) -> bytes:
    """With the mark of UTF-8, so that a spreadsheet shows Chinese."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_rows(of, language))
    return out.getvalue().encode("utf-8-sig")


def _rows(of: CountImport, language: str) -> Iterator[list[str]]:
    title = REASON["zh" if language.startswith("zh") else "en"]
    width = len(of.header)
    yield [*of.header, title]
    for refusal in of.refusals.all():
        cells = [*refusal.cells, *[""] * (width - len(refusal.cells))]
        yield [*map(_harmless, cells), str(problem_of(refusal))]


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would run gets an apostrophe."""
    return f"'{cell}" if cell.startswith(DANGEROUS) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "", 1).isdigit()
