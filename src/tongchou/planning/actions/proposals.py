"""A plan becomes a proposed playbook: put forward by one, adopted by another, in the ledger."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou import playbook as playbooks
from tongchou.ledger import adoption, policy
from tongchou.planning import queries
from tongchou.planning.errors import NotYours, TooLate
from tongchou.planning.findings import PlanFound
from tongchou.planning.models import Proposal, Study
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def propose(*, study: Study, plan: int, reason: str, by: User, now: datetime) -> Proposal:
    """Put a plan forward as a playbook; somebody else has to adopt it.

    Raises
    ------
    NotYours
        Where `by` is neither of a city's CDC nor its commander.
    TooLate
        Where the study has no such plan, or it was put forward already and still waits.
    Outrun
        Where what came into force since the study was asked for settles the same rules otherwise.
    """
    if not queries.may_propose(by, now=now):
        raise NotYours(_("Only the CDC or a commander of a whole city proposes a playbook."))
    found = next(
        (p for p in PlanFound.all_of(study.result or {"plans": []}) if p.number == plan), None
    )
    if found is None or not found.playbook:
        raise TooLate(_("This plan changes no playbook."))
    waiting = study.proposals.filter(plan=plan, adoption__withdrawn_at=None)
    if waiting.exists():
        raise TooLate(_("This plan was put forward already."))
    put_forward = adoption.propose(
        text=found.playbook, reason=reason[:300], by=by, now=now, since=study.asked_at
    )
    made = Proposal.objects.create(
        study=study,
        plan=plan,
        adoption=put_forward,
        changes=[
            {"path": each.path, "zh": each.words("zh"), "en": each.words("en")}
            for each in playbooks.difference(
                policy.in_force(now), adoption.standing(put_forward, now=now)
            )
            if not each.only_provenance
        ],
        by=by,
        at=now,
    )
    detail = {"study": study.pk, "plan": plan, "adoption": made.adoption_id}
    audit.record(verb="plan.propose", subject=f"study:{study.pk}", by=by, now=now, detail=detail)
    return made
