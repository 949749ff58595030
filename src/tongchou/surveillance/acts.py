"""What may be done with a signal at its stage, and the form each act needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.acts import seen
from tongchou.cases.queries import outcomes
from tongchou.ledger.models import Passage
from tongchou.staff.queries import Scope
from tongchou.surveillance.actions import signals
from tongchou.surveillance.forms.signals import ActForm, CloseForm, NoteForm, VerifyForm
from tongchou.surveillance.models import Signal


@dataclass(frozen=True)
class Act:
    """One way on: `label` is the button, `done` what is said afterwards."""

    to: str
    label: Any
    form: type[ActForm]
    verb: Callable[..., Any]
    done: Any
    danger: bool = False


@dataclass(frozen=True)
class Offer:
    """An act this user may do now, with its form."""

    act: Act
    form: ActForm

    @property
    def open(self) -> bool:
        return self.form.is_bound


SIGNAL_ACTS = {
    act.to: act
    for act in (
        Act("claimed", _("Claim"), NoteForm, signals.claim, _("Yours to verify.")),
        Act("verified", _("Verified"), VerifyForm, signals.verify, _("Verified.")),
        Act(
            "confirmed",
            _("Confirm: look on the spot"),
            NoteForm,
            signals.confirm,
            _("Confirmed; the tracing team looks on the spot."),
        ),
        Act(
            "closed",
            _("Close with a finding"),
            CloseForm,
            signals.close,
            pgettext_lazy("signal", "Closed."),
        ),
    )
}


def offers(
    acts: dict[str, Act], passage: Passage, scope: Scope, *, refused: ActForm | None = None
) -> list[Offer]:
    """What this user may do now, in the order of the loop."""
    found = []
    for to in outcomes(scope, passage):
        if to in acts:
            form = acts[to].form(initial={"leg": passage.n_legs}, prefix=to)
            if refused is not None and refused.prefix == to:
                form = refused
            found.append(Offer(acts[to], form))
    return found


def perform(act: Act, typed: dict[str, Any], passage: Passage, **subject: Any) -> None:
    """Do it to the subject as the desk saw it.

    Raises
    ------
    AlreadyHandedOver
        Where the page was older than the subject.
    """
    wishes = dict(typed)
    seen(passage, wishes.pop("leg"))
    act.verb(**subject, **wishes)


def claim_from_my_turn(*, passage: Passage, to: str, by: Any, now: Any, note: str) -> None:
    """Claimed in the inbox: the name stands on the signal as if it had been done on its page."""
    signal = Signal.objects.get(passage=passage)
    signal.passage = passage
    signals.claim(signal=signal, by=by, now=now, note=note)
