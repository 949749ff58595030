"""What may be done with a case at its stage: the form of each outcome, and the verb behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongchou.cases import actions, forms, queries
from tongchou.cases.models import Case
from tongchou.ledger.errors import AlreadyHandedOver
from tongchou.ledger.models import Passage
from tongchou.staff.queries import Scope


@dataclass(frozen=True)
class Act:
    """One way on: `label` is the button, `done` what is said afterwards."""

    to: str
    label: Any
    form: type[forms.ActForm]
    verb: Callable[..., Case]
    done: Any
    danger: bool = False


ACTS = {
    act.to: act
    for act in (
        Act("verified", _("Verify"), forms.VerifyForm, actions.verify, _("Verified.")),
        Act(
            "discarded",
            _("Discard: no case"),
            forms.DiscardForm,
            actions.discard,
            _("Discarded."),
            danger=True,
        ),
        Act("admitted", _("Take over"), forms.AdmitForm, actions.admit, _("Admitted.")),
        Act("recovered", _("Recovered"), forms.OutcomeForm, actions.recover, _("Recovered.")),
        Act("died", _("Died"), forms.OutcomeForm, actions.die, _("Recorded as died."), danger=True),
        Act(
            "followed_up",
            _("Follow-up done"),
            forms.NoteForm,
            actions.follow_up,
            _("Followed up; the case is closed."),
        ),
    )
}


@dataclass(frozen=True)
class Offer:
    """An act this user may do now, with its form."""

    act: Act
    form: forms.ActForm

    @property
    def open(self) -> bool:
        """Whether the form was sent and refused, so that it is shown unfolded."""
        return self.form.is_bound


def offers(
    case: Case, scope: Scope, *, today: date, refused: forms.ActForm | None = None
) -> list[Offer]:
    """What this user may do with the case now. Core facts are recorded by the tracing desk."""
    found = []
    for to in queries.outcomes(scope, case.passage):
        if to in ACTS:
            sent = refused if refused is not None and refused.prefix == to else None
            found.append(Offer(ACTS[to], sent or ACTS[to].form(case=case, today=today, prefix=to)))
    return found


def perform(act: Act, case: Case, typed: dict[str, Any], *, by: Any, now: datetime) -> Case:
    """Do it to the case as the desk saw it.

    Raises
    ------
    AlreadyHandedOver
        Where the page was older than the case.
    """
    wishes = dict(typed)
    if case.passage is not None:
        seen(case.passage, wishes.pop("leg"))
    return act.verb(case=case, by=by, now=now, **wishes)


def seen(passage: Passage, leg: int) -> None:
    """Refuse an act on a leg that has ended since the page was drawn."""
    if passage.n_legs != leg:
        raise AlreadyHandedOver(
            _("“%(title)s” has moved on since this page was drawn. Look at where it is now.")
            % {"title": passage.title}
        )


def from_my_turn(*, passage: Passage, to: str, by: Any, now: datetime, note: str) -> None:
    """Outcomes that need no more than a note, signed in the inbox instead of on the page."""
    case = Case.objects.select_related("person", "area").get(passage=passage)
    case.passage = passage
    ACTS[to].verb(case=case, by=by, now=now, note=note)
