"""Contacts from a list: a person each, a contact each, whom they met, and the tracers' clock.

Whoever became a case, or whose follow-up is over, is kept for the record and asked of nobody.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from tongchou.cases.models import Case, Contact, Exposure
from tongchou.intake import links, rows
from tongchou.intake.actions.cases import number_of, register, spot_of
from tongchou.intake.actions.desk import Desk, Difference, compared
from tongchou.intake.checking import Draft
from tongchou.intake.fields import Kind, Status
from tongchou.intake.problems import Problem
from tongchou.intake.run import Settled
from tongchou.ledger import policy
from tongchou.ledger.bulk import Subject, start_many
from tongchou.people.details import Details
from tongchou.people.models import Person
from tongchou.playbook import Playbook
from tongchou.records.bulk import reserve_ids
from tongchou.tracing import actions as tracing
from tongchou.tracing.actions.listing import Entry, Met
from tongchou.tracing.loops import CONTACT

MEETING = ("way", "place_kind", "place", "first_on", "last_on", "minutes", "protected", "note")


class Contacts(Desk):
    kind, link = Kind.CONTACT, "contact"

    @cached_property
    def rules(self) -> Playbook:
        return policy.in_force(self.run.now)

    def records(self, ids: Iterable[int]) -> dict[int, Any]:
        return Contact.objects.select_related("person").in_bulk(list(ids))

    def find(self, drafts: list[Draft], settled: Settled) -> None:
        referred = {str(d.get(n)) for d in drafts for n in ("case", "became") if d.get(n)}
        cases = links.cases(self.run, referred | {draft.key for draft in drafts})
        through = links.contacts(
            self.run, {str(d.get("through")) for d in drafts if d.get("through")}
        )
        promised = links.promised(self.run, Kind.CASE, referred)
        numbers = [number_of(self.run, draft) for draft in drafts]
        taken = {c.number: c for c in Contact.objects.filter(number__in=numbers)}
        for draft in drafts:
            self._point(draft, cases, promised, Kind.CASE, ("case", "became"))
            self._point(draft, through, set(), Kind.CONTACT, ("through",))
            # Go.Data keeps a person's key when a contact becomes a case.
            same = cases.get(draft.key)
            if "became" not in draft.links and draft.get("status") == Status.CASE and same:
                draft.links["became"] = same
            self._sort(draft, taken.get(number_of(self.run, draft)), settled)

    def _sort(self, draft: Draft, known: Contact | None, settled: Settled) -> None:
        number = number_of(self.run, draft)
        if draft.problems:
            settled.refused.append(draft)
        elif known is not None and number != draft.key:
            said = {"value": number, "taken": draft.key}
            column = self.column_of("number")
            draft.remarks.append(Problem("number_taken", column, "number", said))
            draft.values["number"] = draft.key
            settled.new.append(draft)
        elif known is None:
            settled.new.append(draft)
        elif found := self.differences(draft, known):
            self.offer(draft, "taken", found, known, settled)
        else:
            settled.adopted.append((draft, known))

    def _point(
        self,
        draft: Draft,
        found: dict[str, Any],
        promised: set[str],
        kind: Kind,
        names: tuple[str, ...],
    ) -> None:
        for name in names:
            reference = draft.get(name)
            if not reference:
                continue
            if reference in found:
                draft.links[name] = found[reference]
            elif reference not in promised:
                column = self.column_of(name)
                problem = links.unknown(self.run, kind, reference, column=column, field=name)
                draft.problems.append(problem)

    def differences(self, draft: Draft, record: Contact) -> list[Difference]:
        return compared(draft, record, ["tier", "area", "listed_on"])

    def store(self, drafts: list[Draft], settled: Settled) -> dict[int, int]:
        # Whoever is a case already is that person; everybody else is looked up or written down.
        fresh = [draft for draft in drafts if "became" not in draft.links]
        people = {d.line: p for d, p in zip(fresh, register(self.run, fresh), strict=True)}
        people |= {d.line: d.links["became"].person for d in drafts if "became" in d.links}
        going = {draft.line for draft in drafts if self._still_followed(draft)}
        alone, again = self._apart(drafts, people, going)
        made = self._list(alone, people, going)
        return made | {draft.line: self._join(draft, people[draft.line]) for draft in again}

    def _list(
        self, drafts: Sequence[Draft], people: dict[int, Person], going: set[int]
    ) -> dict[int, int]:
        ids = reserve_ids(Contact, len(drafts)) if drafts else []
        passages = self._start([draft for draft in drafts if draft.line in going], people)
        rows.load(
            Contact,
            (
                self._row(pk, draft, people[draft.line], passages.get(draft.line))
                for pk, draft in zip(ids, drafts, strict=True)
            ),
        )
        self._expose(drafts, ids)
        return {draft.line: pk for pk, draft in zip(ids, drafts, strict=True)}

    def _apart(
        self, drafts: Sequence[Draft], people: dict[int, Person], going: set[int]
    ) -> tuple[list[Draft], list[Draft]]:
        """Who is on the list for the first time, and who is followed as a contact already."""
        keys = [people[draft.line].key for draft in drafts if draft.line in going]
        standing = Contact.objects.filter(person_id__in=keys, passage__closed_at=None)
        followed = set(standing.exclude(passage=None).values_list("person_id", flat=True))
        alone, again = [], []
        for draft in drafts:
            key = people[draft.line].key
            if draft.line in going and key in followed:
                again.append(draft)
                continue
            if draft.line in going:
                followed.add(key)
            alone.append(draft)
        return alone, again

    def _join(self, draft: Draft, person: Person) -> int:
        """One contact per person, whoever lists them: the meeting is added to the one there is."""
        contact = Contact.objects.filter(person=person, passage__closed_at=None)
        known = contact.exclude(passage=None).latest("pk")
        met = Met(
            case=draft.links.get("case"), through=draft.links.get("through"), **meeting(draft)
        )
        if met.case is not None or met.through is not None:
            entry = Entry(draft.details or Details(), known.area, draft.values["tier"], met)
            tracing.list_many(entries=[entry], by=self.run.by, now=self.run.now)
        said = {"value": draft.key, "taken": known.number}
        draft.remarks.append(Problem("joined", self.column_of("number"), "number", said))
        return known.pk

    def _row(self, pk: int, draft: Draft, person: Person, passage: int | None) -> dict[str, Any]:
        spot = spot_of(self.run, draft)
        became: Case | None = draft.links.get("became")
        return {
            "id": pk,
            "number": number_of(self.run, draft),
            "person_id": person.key,
            "passage_id": passage,
            "tier": draft.values["tier"],
            "area_id": spot.code,
            "area_path": spot.path,
            "found_by": draft.get("found_by", ""),
            "became_case_id": became.pk if became else None,
            "listed_on": draft.get("listed_on", self.run.today),
            "destination": draft.get("destination", ""),
            "origin": f"import:{self.run.of.pk}",
            "written_at": self.run.now,
        }

    def _start(self, drafts: Sequence[Draft], people: dict[int, Person]) -> dict[int, int]:
        subjects = []
        for draft in drafts:
            spot, person = spot_of(self.run, draft), people[draft.line]
            source = draft.links.get("case") or draft.links.get("through")
            said = f"{number_of(self.run, draft)} · {person}"
            cause = source.passage_id if source else None
            subjects.append(Subject(spot.code, spot.path, said, person.key, cause))
        passages = start_many(loop=CONTACT, subjects=subjects, by=self.run.by, now=self.run.now)
        return {draft.line: pk for draft, pk in zip(drafts, passages, strict=True)}

    def _still_followed(self, draft: Draft) -> bool:
        """A contact that was lost is still to be found; one whose days are over is not."""
        if "became" in draft.links or draft.get("status") in (
            Status.DONE,
            Status.DIED,
            Status.CASE,
        ):
            return False
        ends = draft.get("ends_on")
        if ends and ends < self.run.today:
            said = {"value": ends.isoformat()}
            column = self.column_of("ends_on")
            draft.remarks.append(Problem("over", column, "ends_on", said))
            return False
        return self.rules.contact(draft.values["tier"]).managed

    def _expose(self, drafts: Sequence[Draft], ids: Sequence[int]) -> None:
        met = []
        for pk, draft in zip(ids, drafts, strict=True):
            case, through = draft.links.get("case"), draft.links.get("through")
            if case or through:
                met.append((pk, draft, case, through))
            else:
                column = self.column_of("case")
                draft.remarks.append(Problem("no_source", column, "case"))
        rows.load(
            Exposure,
            (
                {
                    "id": pk,
                    "contact_id": contact,
                    "case_id": case.pk if case else None,
                    "through_id": through.pk if through else None,
                    **meeting(draft),
                }
                for pk, (contact, draft, case, through) in zip(
                    reserve_ids(Exposure, len(met)), met, strict=True
                )
            ),
        )


def meeting(draft: Draft) -> dict[str, Any]:
    """The columns of an exposure that a row fills."""
    said = {name: draft.values[name] for name in MEETING if name in draft.values}
    return {"way": "other", **said}
