"""What may be done with a finding at its stage, and the form each act needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.ledger import turns
from tongchou.ledger.models import Handoff
from tongchou.staff.queries import Scope
from tongchou.supervision.actions import rectifying
from tongchou.supervision.forms.inspections import ActForm, NoteForm, SayForm


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


ACTS = {
    act.to: act
    for act in (
        Act("rectified", _("It is mended"), SayForm, rectifying.rectify, _("To be checked now.")),
        Act("passed", _("Checked: mended"), NoteForm, rectifying.pass_it,
            pgettext_lazy("finding", "Passed.")),
        Act("found", pgettext_lazy("finding", "Send back"), SayForm, rectifying.send_back,
            _("Sent back to the unit, with a new deadline."), danger=True),
        Act("withdrawn", _("Withdraw"), SayForm, rectifying.withdraw,
            _("Withdrawn; it counts for nothing."), danger=True),
    )
}  # fmt: skip


def offers(
    leg: Handoff | None, scope: Scope, *, own: bool = False, refused: ActForm | None = None
) -> list[Offer]:
    """What this user may do now, in the order of the loop; one's `own` work is not checked."""
    found = []
    checks_own = own and leg is not None and leg.stage == "rectified"
    for way in turns.ways(leg, scope) if leg is not None and not checks_own else ():
        act = ACTS.get(way.to)
        if act is not None and leg is not None:
            form = act.form(initial={"leg": leg.number}, prefix=way.to)
            if refused is not None and refused.prefix == way.to:
                form = refused
            found.append(Offer(act, form))
    return found
