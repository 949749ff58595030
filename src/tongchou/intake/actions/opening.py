"""From a file to checked drafts, chunk by chunk. Nothing is written here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.intake import reading
from tongchou.intake.actions.cases import Cases
from tongchou.intake.actions.contacts import Contacts
from tongchou.intake.actions.desk import Desk
from tongchou.intake.actions.exposures import Exposures
from tongchou.intake.actions.follow_ups import FollowUps
from tongchou.intake.checking import Checker, Draft, Terms
from tongchou.intake.fields import Kind
from tongchou.intake.grounds import Grounds
from tongchou.intake.layout import Profile, Sheet
from tongchou.intake.models import Import
from tongchou.intake.problems import Problem, masked
from tongchou.intake.profiles import load
from tongchou.intake.reading import BadSheet, File
from tongchou.intake.run import Run
from tongchou.intake.seen import Seen
from tongchou.kit.tables import Table
from tongchou.ledger import policy
from tongchou.people import blind
from tongchou.playbook.book import NoSuchRule

#: Rows that are settled and written together; `people.register_many` asks for no more.
CHUNK = 1000
DESKS: dict[Kind, type[Desk]] = {
    Kind.CASE: Cases,
    Kind.CONTACT: Contacts,
    Kind.EXPOSURE: Exposures,
    Kind.FOLLOW_UP: FollowUps,
}
_INCUBATION = 14  # days, where the playbook does not know the disease


@dataclass
class Opened:
    """A sheet that is open, with everything that judges its rows."""

    profile: Profile
    sheet: Sheet
    table: Table
    checker: Checker
    desk: Desk
    run: Run


def opened(of: Import, file: File, *, now: datetime) -> Opened:
    """Open the file of an import.

    Raises
    ------
    BadProfile, Unreadable, BadSheet
        Where not a single row could be stored.
    """
    profile = load(of.profile)
    kind = Kind(of.kind)
    if kind not in profile.sheets:
        raise BadSheet(_("The profile %(name)s has no such sheet.") % {"name": profile.id})
    sheet = profile.sheets[kind]
    table = reading.opened(file, sheet)
    lacking = reading.missing(sheet, table.header)
    if of.default_case and "case" in sheet.columns:
        lacking = [name for name in lacking if name != sheet.column_of("case")]
    if lacking:
        raise BadSheet(reading.complaint(sheet, table.header, lacking))
    today = timezone.localdate(now)
    run = Run(of, of.area, of.by, now, today, fold=sheet.fold)
    terms = Terms(
        today=today,
        grounds=Grounds(of.area, unknown=profile.ground.unknown),
        main_disease=policy.in_force(now).main_disease or "",
        incubation=_incubation(now),
        prefix=of.prefix,
        default_case=of.default_case,
        fingerprint=lambda said: blind.index("intake row", said),
    )
    checker = Checker(sheet, table.header, terms)
    return Opened(profile, sheet, table, checker, DESKS[kind](run, checker.column_of), run)


def checked(source: Opened, seen: Seen) -> Iterator[list[Draft]]:
    """The drafts of a sheet, `CHUNK` at a time, with what the file itself shows to be wrong."""
    chunk: list[Draft] = []
    for row in source.table.body:
        draft = source.checker.check(row.line, row.cells)
        _compare_within(source, draft, seen)
        chunk.append(draft)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _compare_within(source: Opened, draft: Draft, seen: Seen) -> None:
    """One number, one line; one document, one open case."""
    if draft.problems or _second_case(source, draft, seen):
        return
    if (line := seen.add("key", draft.key, draft.line)) is not None:
        said = {"value": draft.key.replace("\x1f", " → "), "line": line}
        column = source.checker.key_column
        draft.problems.append(Problem("repeated", column, "number", said))
        return
    number = draft.get("number")
    if not number or number == draft.key:
        return
    if seen.add("number", number, draft.line) is not None and len(draft.key) <= 60:
        said = {"value": number, "taken": draft.key}
        column = source.checker.column_of("number")
        draft.remarks.append(Problem("number_taken", column, "number", said))
        draft.values["number"] = draft.key


def _second_case(source: Opened, draft: Draft, seen: Seen) -> bool:
    """Whether the file has an open case of this disease for this document already."""
    details = draft.details
    if source.run.kind is not Kind.CASE or draft.get("outcome") or not details:
        return False
    if not details.document:
        return False
    word = f"{details.document_index} {draft.get('disease')}"
    line = seen.add("document", word, draft.line)
    if line is None:
        return False
    said = {"value": masked(details.document), "line": line}
    column = source.checker.column_of("document")
    draft.problems.append(Problem("repeated", column, "document", said))
    return True


def _incubation(now: datetime) -> Callable[[str], int]:
    playbook = policy.in_force(now)

    @lru_cache(maxsize=64)
    def longest(disease: str) -> int:
        try:
            return int(playbook.disease(disease).incubation_max_days.value)
        except NoSuchRule:
            return _INCUBATION

    return longest
