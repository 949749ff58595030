"""Who met whom, from a list of pairs: a case and a contact, or a case and a case.

Where both ends are cases the second is also kept as a contact of the first, for the chain; how
likely it is that one infected the other is said in `cases.Transmission`, never as a certain arrow.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from tongchou.cases.models import Case, Contact, Exposure
from tongchou.intake import links, rows
from tongchou.intake.actions.chains import weigh
from tongchou.intake.actions.contacts import MEETING, meeting
from tongchou.intake.actions.desk import Desk, Difference, compared
from tongchou.intake.checking import Draft
from tongchou.intake.fields import Kind
from tongchou.intake.problems import Problem
from tongchou.intake.run import Settled
from tongchou.records.bulk import reserve_ids


class Exposures(Desk):
    kind, link = Kind.EXPOSURE, "exposure"

    def records(self, ids: Iterable[int]) -> dict[int, Any]:
        return Exposure.objects.in_bulk(list(ids))

    def differences(self, draft: Draft, record: Exposure) -> list[Difference]:
        return compared(draft, record, MEETING)

    def find(self, drafts: list[Draft], settled: Settled) -> None:
        ends = {str(d.get(name)) for d in drafts for name in ("case", "contact")}
        cases = links.cases(self.run, ends)
        contacts = links.contacts(self.run, {str(draft.get("contact")) for draft in drafts})
        hoped = links.promised(self.run, Kind.CASE, ends)
        hoped_contacts = links.promised(self.run, Kind.CONTACT, ends)
        for draft in drafts:
            source, target = str(draft.get("case")), str(draft.get("contact"))
            if source == target:
                self._wrong(draft, Problem("with_itself", "", "contact", {"value": source}))
            elif source in cases:
                draft.links["case"] = cases[source]
            elif source not in hoped:
                self._wrong(draft, self._unknown(Kind.CASE, source, "case"))
            if target in contacts:
                draft.links["contact"] = contacts[target]
            elif target in cases:
                draft.links["became"] = cases[target]
            elif target not in hoped and target not in hoped_contacts:
                self._wrong(draft, self._unknown(Kind.CASE, target, "contact"))
            (settled.refused if draft.problems else settled.new).append(draft)

    def _unknown(self, kind: Kind, reference: str, field: str) -> Problem:
        column = self.column_of(field)
        return links.unknown(self.run, kind, reference, column=column, field=field)

    def _wrong(self, draft: Draft, problem: Problem) -> None:
        draft.problems.append(problem)

    def store(self, drafts: list[Draft], settled: Settled) -> dict[int, int]:
        self._make_contacts([draft for draft in drafts if "contact" not in draft.links])
        ids = reserve_ids(Exposure, len(drafts))
        rows.load(
            Exposure,
            (self._row(pk, draft) for pk, draft in zip(ids, drafts, strict=True)),
        )
        weigh({d.links["became"].pk for d in drafts if "became" in d.links}, now=self.run.now)
        return {draft.line: pk for pk, draft in zip(ids, drafts, strict=True)}

    def _row(self, pk: int, draft: Draft) -> dict[str, Any]:
        said = meeting(draft)
        became: Case | None = draft.links.get("became")
        if became is not None and "first_on" not in said and "last_on" not in said:
            # The list of cases knows when the second was exposed; the list of pairs does not.
            said |= {"first_on": became.exposed_from, "last_on": became.exposed_to}
        return {
            "id": pk,
            "contact_id": draft.links["contact"].pk,
            "case_id": draft.links["case"].pk,
            **said,
        }

    def _make_contacts(self, drafts: Sequence[Draft]) -> None:
        """The contact that each second case was; one per case, whoever it met."""
        cases = {draft.links["became"].pk: draft for draft in drafts}
        known = {
            contact.became_case_id: contact
            for contact in Contact.objects.filter(became_case_id__in=cases).order_by("-pk")
        }
        missing = [pk for pk in cases if pk not in known]
        ids = reserve_ids(Contact, len(missing)) if missing else []
        made = [self._contact(pk, cases[case]) for pk, case in zip(ids, missing, strict=True)]
        rows.load(Contact, made)
        known |= {row["became_case_id"]: Contact(pk=row["id"]) for row in made}
        for draft in drafts:
            draft.links["contact"] = known[draft.links["became"].pk]

    def _contact(self, pk: int, draft: Draft) -> dict[str, Any]:
        case, source = draft.links["became"], draft.links["case"]
        return {
            "id": pk,
            "number": f"K-{pk:06d}",
            "person_id": case.person_id,
            "tier": draft.values["tier"],
            "area_id": case.area_id,
            "area_path": case.area_path,
            "became_case_id": case.pk,
            # Nobody can be listed as a contact before the case they met was known.
            "listed_on": min(case.reported_on, source.reported_on),
            "origin": f"import:{self.run.of.pk}",
            "written_at": self.run.now,
        }
