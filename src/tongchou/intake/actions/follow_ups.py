"""How contacts were found, day by day, from a list of visits."""

from collections.abc import Iterable
from typing import Any

from tongchou.intake import links, rows
from tongchou.intake.actions.desk import Desk, Difference, compared
from tongchou.intake.checking import Draft
from tongchou.intake.fields import Kind
from tongchou.intake.models import FollowUp
from tongchou.intake.run import Settled
from tongchou.records.bulk import reserve_ids


class FollowUps(Desk):
    kind, link = Kind.FOLLOW_UP, "contact"

    def records(self, ids: Iterable[int]) -> dict[int, Any]:
        return {}

    def differences(self, draft: Draft, record: Any) -> list[Difference]:
        known = FollowUp.objects.filter(
            line__source=self.run.of.source, line__kind=self.kind.value, line__key=draft.key
        ).first()
        return compared(draft, known, ["on", "seen"]) if known else []

    def find(self, drafts: list[Draft], settled: Settled) -> None:
        referred = {str(draft.get("contact")) for draft in drafts}
        contacts = links.contacts(self.run, referred)
        hoped = links.promised(self.run, Kind.CONTACT, referred)
        for draft in drafts:
            reference = str(draft.get("contact"))
            if reference in contacts:
                draft.links["contact"] = contacts[reference]
            elif reference not in hoped:
                column = self.column_of("contact")
                draft.problems.append(
                    links.unknown(self.run, Kind.CONTACT, reference, column=column, field="contact")
                )
            (settled.refused if draft.problems else settled.new).append(draft)

    def store(self, drafts: list[Draft], settled: Settled) -> dict[int, int]:
        return {draft.line: draft.links["contact"].pk for draft in drafts}

    def keep(self, pairs: list[tuple[int, Draft]]) -> None:
        rows.load(
            FollowUp,
            (
                {
                    "id": pk,
                    "contact_id": draft.links["contact"].pk,
                    "on": draft.values["on"],
                    "seen": draft.values["seen"],
                    "line_id": line,
                }
                for pk, (line, draft) in zip(reserve_ids(FollowUp, len(pairs)), pairs, strict=True)
            ),
        )
