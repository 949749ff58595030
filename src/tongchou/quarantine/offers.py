"""What may be done with a stay at its stage, and the form each act needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongchou.quarantine import actions, forms, queries
from tongchou.quarantine.loops import QUARANTINE_STAY
from tongchou.quarantine.models import Stay
from tongchou.staff.models import User
from tongchou.staff.queries import Scope


@dataclass(frozen=True)
class Act:
    """One way on from some stages: `label` is the button, `done` what is said afterwards."""

    to: str
    at: tuple[str, ...]
    label: Any
    form: type[forms.ActForm]
    verb: Callable[..., Any]
    done: Any
    danger: bool = False


@dataclass(frozen=True)
class Offer:
    """An act this user may do now, with its form."""

    act: Act
    form: forms.ActForm

    @property
    def open(self) -> bool:
        return self.form.is_bound


def _ask_to_give_up(*, stay: Stay, **facts: Any) -> Any:
    return actions.propose_giving_up(order=stay.order, **facts)


WAITING, IN_SITE, AT_HOME = ("awaiting_transfer",), ("in_facility",), ("at_home",)
MANAGED = (*IN_SITE, *AT_HOME)
BACK = _("No case after all: back")

ACTS = (
    Act("in_facility", WAITING, _("Receive"), forms.ReceiveForm, actions.receive, _("Received.")),
    Act(
        "in_facility", ("absent",), _("Found: in a site"), forms.FoundForm, actions.mark_found,
        _("Back in a site."),
    ),
    Act(
        "at_home", ("absent",), _("Found: at home"), forms.FoundAtHomeForm, actions.mark_found,
        _("Back at home."),
    ),
    Act("released", MANAGED, _("Release"), forms.NoteForm, actions.release, _("Released.")),
    Act(
        "at_home", (*WAITING, *IN_SITE), _("Move home"), forms.HomeForm, actions.move_home,
        _("At home; the community has taken over."),
    ),
    Act(
        "awaiting_transfer", MANAGED, _("Transfer"), forms.TransferForm, actions.transfer,
        _("Waits for the transfer."),
    ),
    Act(
        "ill", (*WAITING, *MANAGED, "absent"), _("Ill"), forms.NoteForm, actions.mark_ill,
        _("The hospital is called."),
    ),
    Act(
        "absent", MANAGED, _("Absent"), forms.NoteForm, actions.mark_absent,
        _("Public security looks."),
    ),
    Act("in_facility", ("ill",), BACK, forms.NoteForm, actions.return_from_ill, _("Back.")),
    Act("at_home", ("ill",), BACK, forms.NoteForm, actions.return_from_ill, _("Back.")),
    Act("awaiting_transfer", ("ill",), BACK, forms.NoteForm, actions.return_from_ill, _("Back.")),
    Act(
        "cancelled", WAITING, _("Cancel"), forms.CancelForm, actions.cancel, _("Cancelled."),
        danger=True,
    ),
    Act(
        "abandoned", ("absent",), _("Give up the search"), forms.GiveUpForm, _ask_to_give_up,
        _("Waits for a second person's signature."), danger=True,
    ),
    Act("died", ("ill",), _("Died"), forms.NoteForm, actions.mark_dead, _("Stored."), danger=True),
)  # fmt: skip


def act_for(stay: Stay, to: str) -> Act | None:
    """The act that leads to `to` from where the stay is now."""
    found = (act for act in ACTS if act.to == to and stay.passage.stage in act.at)
    return next(found, None)


def offers(
    stay: Stay, mine: Scope, *, by: User, now: datetime, refused: forms.ActForm | None = None
) -> list[Offer]:
    """What this user may do now. Who may not be released yet is not offered a release."""
    here = QUARANTINE_STAY.at(stay.passage.stage)
    ways = [to for to in here.to if queries.may_act(mine, stay, to)] if here else []
    found = []
    if stay.passage.stage == "ill":
        returns = {"in_facility", "at_home", "awaiting_transfer"} - {queries.stage_before_ill(stay)}
        ways = [to for to in ways if to not in returns]
    if "released" in ways and queries.hindrances(stay, now=now):
        ways.remove("released")
    for act in ACTS:
        if act.to in ways and stay.passage.stage in act.at:
            form = act.form(stay=stay, mine=mine, by=by, now=now, prefix=act.to)
            if refused is not None and refused.prefix == act.to:
                form = refused
            found.append(Offer(act, form))
    return found
