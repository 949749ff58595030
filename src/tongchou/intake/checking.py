"""A row of cells becomes a draft: what it says in our words, and everything that is wrong with it.

Nothing here asks the database about the row itself; that is done for many rows at once when the
drafts are settled.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from tongchou.cases.sanity import AGE_TOLERANCE, DATE_FIELDS, Dates, Fault, faults, names_somebody
from tongchou.intake.cells import EMPTY, Reader, readers
from tongchou.intake.fields import FIELDS, IDENTITY, NEEDED, Field, Kind, Type
from tongchou.intake.grounds import Grounds
from tongchou.intake.layout import Sheet, Source
from tongchou.intake.problems import Problem, masked
from tongchou.intake.words import plain
from tongchou.people.details import Details
from tongchou.people.documents import DocumentKind
from tongchou.people.errors import BadDocument, BadPhone, PeopleError

# The end of a follow-up lies ahead as a rule.
MAY_BE_AHEAD = frozenset({"ends_on"})
#: What the column with the reasons of a refused row is called, so that a mended sheet comes back.
REASON = {"en": "Why refused (tongchou)", "zh": "拒收原因（统筹）"}
REASON_COLUMNS = frozenset(map(plain, REASON.values()))
_LONGEST_KEY = 120
_LONGEST_EMPTY = max(map(len, EMPTY))
_SHORTEST_NUMBER = 10  # a mobile number has eleven digits, a document more
_KEPT_FROM_RUNNING = tuple("'" + sign for sign in "=+-@")
_RESIDENT_CARD = re.compile(r"\d{15}|\d{17}[\dXx]")


_LAST_BEFORE_FIRST = gettext_lazy("The last contact lies before the first.")
_EXCHANGE = gettext_lazy("Exchange the two days if they were mixed up.")


@dataclass(slots=True)
class Draft:
    """One row on its way to the store. With a problem it is refused, with remarks it is not."""

    line: int
    cells: Sequence[str]
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    details: Details | None = None
    digest: str = ""
    links: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


@dataclass(frozen=True)
class Terms:
    """What the checks of an import stand on, besides the sheet."""

    today: date
    grounds: Grounds
    main_disease: str = ""
    incubation: Callable[[str], int] = lambda disease: 14
    prefix: str = ""
    default_case: str = ""
    fingerprint: Callable[[str], str] = field(default=lambda text: text)


class Checker:
    """Reads the rows of one sheet. Built once per file, from its header."""

    def __init__(self, sheet: Sheet, header: Sequence[str], terms: Terms) -> None:
        self.sheet, self.terms, self.header = sheet, terms, header
        self.fields = FIELDS[sheet.kind]
        places = {plain(name): n for n, name in reversed(list(enumerate(header)))}
        self.key = Taken(sheet.key, places, "\x1f")
        self.key_column = next(iter((*self.key.names, *sheet.key.columns)), "")
        taken = [
            _Cell(self.fields[name], Taken(source, places), reader)
            for (name, source), reader in zip(
                sheet.columns.items(), readers(sheet, terms.today), strict=True
            )
        ]
        self.cells = [cell for cell in taken if cell.taken.there]
        self.names = {cell.field.name: cell.taken.names[0] for cell in self.cells}
        # Only what is read: a sheet that comes back with reasons beside its rows says the same.
        self.places = sorted(place for name, place in places.items() if name in sheet.used)
        self.defaults = self._defaults()
        self.needed = tuple(dict.fromkeys((*sheet.required, *NEEDED[sheet.kind])))

    def column_of(self, name: str) -> str:
        """What this file calls a field; what the profile calls it where the file has none."""
        return self.names.get(name) or self.sheet.column_of(name)

    def _defaults(self) -> Mapping[str, Any]:
        found = dict(self.sheet.defaults)
        if found.get("disease") == "main":
            found["disease"] = self.terms.main_disease
        if self.terms.default_case and "case" in self.fields:
            found["case"] = self.terms.default_case
        return MappingProxyType(found)

    def left_out(self) -> list[str]:
        """Columns of the file that nothing is read from and that nobody said to ignore."""
        known = self.sheet.used | self.sheet.ignored | REASON_COLUMNS
        return [name for name in self.header if name.strip() and plain(name) not in known]

    def check(self, line: int, cells: Sequence[str]) -> Draft:
        """The draft of one row, with all its problems at once."""
        draft = Draft(line, cells)
        if len(cells) > len(self.header) and any(c.strip() for c in cells[len(self.header) :]):
            said = {"n": len(cells), "columns": len(self.header)}
            draft.problems.append(Problem("cells", params=said))
            return draft
        for cell in self.cells:
            text = cell.taken.of(cells)
            if text and (len(text) > _LONGEST_EMPTY or not cell.is_empty(text)):
                self._read(draft, cell, text)
        for name, value in self.defaults.items():
            draft.values.setdefault(name, value)
        self._need(draft)
        self._keyed(draft, cells)
        self._person(draft)
        if self.sheet.kind is Kind.CASE:
            self._judge(draft)
        self._meeting(draft)
        return draft

    def _read(self, draft: Draft, cell: "_Cell", text: str) -> None:
        name, column = cell.field.name, cell.taken.name(draft.cells)
        if cell.type is Type.AREA:
            spot, problem = self.terms.grounds.find(text, column=column)
            value: Any = spot
        else:
            value, problem = cell.reader(text, column)
        if value is None:
            if problem:
                draft.problems.append(problem)
            return
        if problem:
            draft.remarks.append(problem)
        if cell.is_past and value > self.terms.today:
            said = {"value": value.isoformat()}
            draft.problems.append(Problem("future", column, name, said))
        elif cell.is_free and len(value) > _SHORTEST_NUMBER and names_somebody(value):
            draft.problems.append(Problem("identity_in_text", column, name))
        else:
            draft.values[name] = value

    def _need(self, draft: Draft) -> None:
        lacking = [name for name in self.needed if draft.values.get(name) in (None, "")]
        wrong = {problem.field for problem in draft.problems}
        for name in lacking:
            if name not in wrong:
                draft.problems.append(Problem("missing", self.column_of(name), name))

    def _keyed(self, draft: Draft, cells: Sequence[str]) -> None:
        key = self.key.of(cells)
        if not key:
            if not self.sheet.numberless:
                draft.problems.append(Problem("missing", self.key_column, "number"))
                return
            # A row without a number is known again by what it says, which nobody can read back.
            text = "\x1f".join(cells[n].strip() for n in self.places if n < len(cells))
            key = f"~{self.terms.fingerprint(text)[:12].upper()}"
        draft.key = self.terms.prefix + (key.upper() if self.sheet.fold else key)
        if len(draft.key) > _LONGEST_KEY:
            said = {"n": len(draft.key), "longest": _LONGEST_KEY}
            draft.problems.append(Problem("too_long", self.key_column, "number", said))

    def _person(self, draft: Draft) -> None:
        """Who it is, as the people room takes it; a number that cannot be is refused here."""
        values = draft.values
        if values.get("age_unit") in ("months", "days") and values.get("age") is not None:
            given, per_year = values["age"], {"months": 12, "days": 365}[values["age_unit"]]
            values["age"] = given // per_year
            said = {"value": f"{given} {values['age_unit']}", "taken": values["age"]}
            draft.remarks.append(Problem("age_unit", self.column_of("age"), "age", said))
        born = values.get("birth_on")
        year = born.year if born else values.get("birth_year")
        details = Details(
            **{name: values[name] for name in IDENTITY if name in values},
            document_kind=values.get("document_kind") or _kind_of(values.get("document", "")),
            sex=values.get("sex", "unknown"),
            birth_year=year,
        )
        draft.details = details
        if not details.identifies:
            return
        try:
            draft.details = details.read(today=self.terms.today)
        except PeopleError as error:
            name = {BadDocument: "document", BadPhone: "phone"}.get(type(error), "document")
            said = {"why": str(error), "value": masked(values.get(name, ""))}
            draft.problems.append(Problem("bad_identity", self.column_of(name), name, said))

    def _meeting(self, draft: Draft) -> None:
        first, last = draft.get("first_on"), draft.get("last_on")
        if first and last and first > last:
            fault = Fault("last_on", _LAST_BEFORE_FIRST, _EXCHANGE)
            draft.problems.append(self._order(fault))

    def _judge(self, draft: Draft) -> None:
        """Days that contradict one another. Refused only where the record could not hold them."""
        get = draft.values.get
        stated = Dates(
            **{name: get(name) for name in DATE_FIELDS},
            asymptomatic=get("classification") == "asymptomatic",
        )
        longest = self.terms.incubation(get("disease") or "")
        backwards = bool(
            stated.exposed_from and stated.exposed_to and stated.exposed_from > stated.exposed_to
        )
        # The future was looked at cell by cell: `date.max` keeps it from being said twice.
        for fault in faults(stated, today=date.max, longest_incubation=longest):
            unusable = backwards and fault.field == "exposed_to"
            (draft.problems if unusable else draft.remarks).append(self._order(fault))
        born, age, reported = (
            draft.details and draft.details.birth_year,
            get("age"),
            stated.reported_on,
        )
        if (
            age is not None
            and born
            and reported
            and abs(reported.year - born - age) >= AGE_TOLERANCE
        ):
            column = self.column_of("age")
            draft.remarks.append(Problem("age_and_birth", column, "age", {"year": born}))
        self._outcome(draft)

    def _order(self, fault: Fault) -> Problem:
        said = {"why": _english(fault.says), "how": _english(fault.mend)}
        return Problem("order", self.column_of(fault.field), fault.field, said)

    def _outcome(self, draft: Draft) -> None:
        outcome, day = draft.get("outcome", ""), draft.get("outcome_on")
        column = self.column_of("outcome_on")
        if outcome == "died" and day is None:
            draft.remarks.append(Problem("died_undated", column, "outcome_on"))
        elif outcome == "recovered" and day is None:
            draft.remarks.append(Problem("outcome_undated", column, "outcome_on"))
        elif not outcome and day is not None:
            draft.remarks.append(Problem("dated_without_outcome", column, "outcome_on"))


class _Cell:
    """A field as one file has it; what is asked for every cell is worked out once."""

    __slots__ = ("field", "is_free", "is_past", "reader", "taken", "type")

    def __init__(self, field: Field, taken: "Taken", reader: Reader) -> None:
        self.field, self.taken, self.reader, self.type = field, taken, reader, field.type
        self.is_past = field.type is Type.DATE and field.name not in MAY_BE_AHEAD
        self.is_free = field.type is Type.TEXT and field.name != "number"

    def is_empty(self, text: str) -> bool:
        """Whether a program wrote this for nothing. A name may well be Na."""
        return self.type is not Type.IDENTITY and text.casefold() in EMPTY


class Taken:
    """Where a row holds the text of a field: positions instead of names, worked out once."""

    def __init__(self, source: Source, places: Mapping[str, int], glue: str = " ") -> None:
        found = [(name, places[plain(name)]) for name in source.columns if plain(name) in places]
        self.names = [name for name, _place in found]
        self.places = [place for _name, place in found]
        self.glue = glue if source.join else None
        # Nearly every field stands in one column, and nearly every call is for one of those.
        self.only = self.places[0] if len(self.places) == 1 and self.glue is None else None

    @property
    def there(self) -> bool:
        return bool(self.places)

    def of(self, cells: Sequence[str]) -> str:
        """The text, without spaces around it; empty where the row ends before it."""
        last = len(cells)  # a row may end before its header does
        if self.only is not None:
            text = cells[self.only].strip() if self.only < last else ""
            return text if text[:1] != "'" else _bare(text)
        if self.glue is not None:
            parts = [cells[place].strip() for place in self.places if place < last]
            return self.glue.join(parts).strip() if any(parts) else ""
        for place in self.places:
            if place < last and (text := cells[place].strip()):
                return _bare(text)
        return ""

    def name(self, cells: Sequence[str]) -> str:
        """Which column the text stands in, for messages."""
        if self.only is not None:
            return self.names[0]
        if self.glue is None:
            for name, place in zip(self.names, self.places, strict=True):
                if place < len(cells) and cells[place].strip():
                    return name
        return self.names[0] if self.names else ""


def _bare(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a cell."""
    return text[1:] if text.startswith(_KEPT_FROM_RUNNING) else text


def _kind_of(document: str) -> str:
    """A resident's number is known by its shape; any other document is kept as it is written."""
    shape = _RESIDENT_CARD.fullmatch(document.strip())
    return DocumentKind.ID_CARD if shape or not document else DocumentKind.OTHER


@lru_cache(maxsize=256)
def _english(words: Any) -> str:
    # The sentence of another room, as its catalogue knows it: translated when it is read.
    with translation.override("en"):
        return str(words)
