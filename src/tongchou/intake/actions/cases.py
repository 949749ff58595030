"""Cases from a list: a person each, a case each, and the CDC's clock for those still under way.

A case whose outcome is known is history: it is stored without a passage, and nobody is asked to
hand it on.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from tongchou.areas.models import Area
from tongchou.cases.actions import title
from tongchou.cases.loops import CASE_REPORT
from tongchou.cases.models import Case, ClassificationChange, Outcome
from tongchou.intake import rows
from tongchou.intake.actions.desk import Desk, Difference, compared, shown
from tongchou.intake.checking import Draft
from tongchou.intake.fields import IDENTITY, Kind
from tongchou.intake.grounds import Spot
from tongchou.intake.problems import Problem
from tongchou.intake.run import Run, Settled
from tongchou.ledger.bulk import Subject, start_many
from tongchou.people import actions as people
from tongchou.people.details import Details
from tongchou.people.models import Identity, Person, Sex
from tongchou.records.bulk import reserve_ids

COLUMNS = (
    "disease",
    "classification",
    "severity",
    "found_by",
    "age",
    "occupation",
    "onset_on",
    "sampled_on",
    "diagnosed_on",
    "reported_on",
    "exposed_from",
    "exposed_to",
    "admitted_on",
    "outcome",
    "outcome_on",
    "hospital",
    "longitude",
    "latitude",
)


class Cases(Desk):
    kind, link = Kind.CASE, "case"

    def records(self, ids: Iterable[int]) -> dict[int, Any]:
        return Case.objects.select_related("person__identity").in_bulk(list(ids))

    def find(self, drafts: list[Draft], settled: Settled) -> None:
        numbers = {number_of(self.run, draft): draft for draft in drafts}
        taken = {
            case.number: case
            for case in Case.objects.filter(number__in=numbers).select_related("person__identity")
        }
        for draft in drafts:
            number = number_of(self.run, draft)
            case = taken.get(number)
            if case is not None and number != draft.key and len(draft.key) <= 60:
                # Two lines of the source claim one number; the source's own key tells them apart.
                said = {"value": number, "taken": draft.key}
                column = self.column_of("number")
                draft.remarks.append(Problem("number_taken", column, "number", said))
                draft.values["number"] = draft.key
                case = None
            if case is None:
                settled.new.append(draft)
            elif found := self.differences(draft, case):
                self.offer(draft, "taken", found, case, settled)
            else:
                settled.adopted.append((draft, case))

    def differences(self, draft: Draft, record: Case) -> list[Difference]:
        found = compared(draft, record, [*COLUMNS, "area"])
        sex, details = record.person.sex, draft.details
        if details and details.sex not in (Sex.UNKNOWN, sex):
            found.append(("sex", sex, details.sex))
        return found + _identity_differences(details, record.person)

    def store(self, drafts: list[Draft], settled: Settled) -> dict[int, int]:
        known = register(self.run, drafts)
        pairs = self._without_second_cases(list(zip(drafts, known, strict=True)), settled)
        if not pairs:
            return {}
        passages = self._start(pairs)
        ids = reserve_ids(Case, len(pairs))
        rows.load(
            Case,
            (
                self._row(pk, draft, person, passages.get(draft.line))
                for pk, (draft, person) in zip(ids, pairs, strict=True)
            ),
        )
        self._classify(ids, [draft for draft, _person in pairs])
        return {draft.line: pk for pk, (draft, _person) in zip(ids, pairs, strict=True)}

    def _without_second_cases(
        self, pairs: list[tuple[Draft, Person]], settled: Settled
    ) -> list[tuple[Draft, Person]]:
        """One open case per person and disease: a second report is refused, not merged in."""
        open_ones = [(d, p) for d, p in pairs if not d.get("outcome")]
        standing = Case.objects.filter(
            person_id__in=[p.key for _d, p in open_ones], outcome=Outcome.OPEN
        ).values_list("person_id", "disease", "number")
        taken = {(key, disease): number for key, disease, number in standing}
        kept = []
        for draft, person in pairs:
            place = (person.key, draft.values["disease"])
            if not draft.get("outcome"):
                if place in taken:
                    said = {"number": taken[place]}
                    draft.problems.append(Problem("open_case", "", "number", said))
                    settled.refused.append(draft)
                    continue
                taken[place] = number_of(self.run, draft)
            kept.append((draft, person))
        return kept

    def _start(self, pairs: Sequence[tuple[Draft, Person]]) -> dict[int, int]:
        open_ones = [(draft, person) for draft, person in pairs if not draft.get("outcome")]
        subjects = []
        for draft, person in open_ones:
            spot = spot_of(self.run, draft)
            said = title(number_of(self.run, draft), person)
            subjects.append(Subject(spot.code, spot.path, said, person.key))
        passages = start_many(loop=CASE_REPORT, subjects=subjects, by=self.run.by, now=self.run.now)
        return {draft.line: pk for (draft, _p), pk in zip(open_ones, passages, strict=True)}

    def _row(self, pk: int, draft: Draft, person: Person, passage: int | None) -> dict[str, Any]:
        spot = spot_of(self.run, draft)
        row = {name: draft.values[name] for name in COLUMNS if name in draft.values}
        return row | {
            "id": pk,
            "number": number_of(self.run, draft),
            "person_id": person.key,
            "passage_id": passage,
            "area_id": spot.code,
            "area_path": spot.path,
            "origin": f"import:{self.run.of.pk}",
            "written_at": self.run.now,
        }

    def _classify(self, ids: Sequence[int], drafts: Sequence[Draft]) -> None:
        by = self.run.by
        rows.load(
            ClassificationChange,
            (
                {
                    "id": pk,
                    "case_id": case,
                    "classification": draft.values["classification"],
                    "by_id": by.pk if by else None,
                    "at": self.run.now,
                }
                for pk, case, draft in zip(
                    reserve_ids(ClassificationChange, len(ids)), ids, drafts, strict=True
                )
            ),
        )


def number_of(run: Run, draft: Draft) -> str:
    """The number the record goes by: the list's own, else the key."""
    number = draft.values.get("number")
    return run.of.prefix + number if number and not _prefixed(run, draft) else draft.key


def _prefixed(run: Run, draft: Draft) -> bool:
    return draft.values.get("number") == draft.key


def spot_of(run: Run, draft: Draft) -> Spot:
    """The area of a row: its own, else the area of the import."""
    return draft.values.get("area") or run.spot


def register(run: Run, drafts: Sequence[Draft]) -> list[Person]:
    """The people of these rows, each written down once; what is known otherwise stays."""
    areas = Area.objects.in_bulk({spot_of(run, draft).code for draft in drafts})
    entries = []
    for draft in drafts:
        details = draft.details or Details()
        entries.append(
            Details(
                name=details.name,
                document=details.document,
                document_kind=details.document_kind,
                phone=details.phone,
                address=details.address,
                sex=details.sex,
                birth_year=details.birth_year or _year_from_age(draft),
                area=areas[spot_of(run, draft).code],
            )
        )
    registered = people.register_many(entries=entries, by=run.by, now=run.now)
    for draft, one in zip(drafts, registered, strict=True):
        if one.differs:
            draft.remarks.append(Problem("identity_differs", "", "", {"what": list(one.differs)}))
    return [one.person for one in registered]


def _year_from_age(draft: Draft) -> int | None:
    day = draft.get("reported_on") or draft.get("listed_on")
    age = draft.get("age")
    return day.year - age if day and age is not None else None


def _identity_differences(details: Details | None, person: Person) -> list[Difference]:
    if details is None or not details.identifies:
        return []
    identity = getattr(person, "identity", None) or Identity(person=person)
    found = []
    for name in sorted(IDENTITY):
        given, stored = getattr(details, name), getattr(identity, name)
        if given and given != stored:
            found.append((name, shown(name, stored), shown(name, given)))
    return found
