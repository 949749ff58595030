"""What may be done with a contact or an investigation at its stage, and the form each needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from tongchou.cases.acts import seen
from tongchou.cases.models import Contact
from tongchou.cases.queries import outcomes
from tongchou.ledger import queries as ledger
from tongchou.ledger.models import Passage
from tongchou.staff.queries import Scope
from tongchou.tracing import actions, forms
from tongchou.tracing.models import Investigation


@dataclass(frozen=True)
class Act:
    """One way on: `label` is the button, `done` what is said afterwards."""

    to: str
    label: Any
    form: type[forms.ActForm]
    verb: Callable[..., Any]
    done: Any
    danger: bool = False
    # The stage it is offered at, where the same outcome means something else at another.
    at: str = ""

    @property
    def plain(self) -> bool:
        """Whether one tap is enough."""
        return self.form is forms.NoteForm


@dataclass(frozen=True)
class Offer:
    """An act this user may do now, with its form."""

    act: Act
    form: django_forms.Form

    @property
    def open(self) -> bool:
        return self.form.is_bound


CONTACT_ACTS = (
    Act("notified", _("Notified"), forms.NoteForm, actions.notify, _("Notified.")),
    Act("located", _("Located"), forms.LocateForm, actions.locate, _("Located.")),
    Act(
        "not_found", _("Not found"), forms.NoteForm, actions.not_found, _("Public security looks.")
    ),
    Act(
        "elsewhere",
        _("Is elsewhere"),
        forms.ElsewhereForm,
        actions.elsewhere,
        _("The assist desk asks the other city."),
    ),
    Act(
        "dismissed",
        _("No contact after all"),
        forms.ReasonForm,
        actions.dismiss,
        _("Dismissed."),
        danger=True,
        at="listed",
    ),
    Act(
        "accepted_elsewhere",
        _("The other city has taken over"),
        forms.NoteForm,
        actions.accepted_elsewhere,
        _("Taken over elsewhere."),
    ),
    Act("listed", _("Back on our list"), forms.NoteForm, actions.back, _("Back on the list.")),
    Act("released", _("Release"), forms.NoteForm, actions.release, _("Released.")),
    Act(
        "abandoned",
        _("Give up"),
        forms.ReasonForm,
        actions.abandon,
        _("Given up."),
        danger=True,
    ),
)

INVESTIGATION_ACTS = (
    Act(
        "unreachable",
        _("Cannot be reached"),
        forms.NoteForm,
        actions.unreachable,
        _("Public security helps."),
    ),
    Act("accepted", _("Accept"), forms.NoteForm, actions.accept, _("Accepted.")),
    Act(
        "core_known",
        _("Send back"),
        forms.ReasonForm,
        actions.return_report,
        _("Sent back."),
        at="submitted",
    ),
    Act(
        "abandoned",
        _("Give up"),
        forms.ReasonForm,
        actions.give_up,
        _("Given up."),
        danger=True,
    ),
)


def contact_offers(
    contact: Contact, scope: Scope, *, refused: forms.ActForm | None = None
) -> list[Offer]:
    """What this user may do with a contact. Who is held is received and released by their site."""
    passage = contact.passage
    held = passage is not None and ledger.holder(contact.person_id) is not None
    acts = [a for a in CONTACT_ACTS if not (held and a.to == "released")]
    return _offers(acts, passage, scope, refused)


def investigation_offers(
    investigation: Investigation, scope: Scope, *, refused: forms.ActForm | None = None
) -> list[Offer]:
    """What this user may do with an investigation, beside writing facts and report."""
    return _offers(INVESTIGATION_ACTS, investigation.passage, scope, refused)


def _offers(
    acts: Any, passage: Passage | None, scope: Scope, refused: forms.ActForm | None
) -> list[Offer]:
    if passage is None:
        return []
    ways, found = outcomes(scope, passage), []
    for act in acts:
        if act.to in ways and act.at in ("", passage.stage):
            form = act.form(initial={"leg": passage.n_legs}, prefix=act.to)
            if refused is not None and refused.prefix == act.to:
                form = refused
            found.append(Offer(act, form))
    return found


def contact_act(to: str) -> Act | None:
    return next((act for act in CONTACT_ACTS if act.to == to), None)


def investigation_act(to: str) -> Act | None:
    return next((act for act in INVESTIGATION_ACTS if act.to == to), None)


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


def back_from_my_turn(*, passage: Passage, to: str, by: Any, now: datetime, note: str) -> None:
    """Back on the list from elsewhere, signed in the inbox: the destination is emptied too."""
    contact = Contact.objects.select_related("person").get(passage=passage)
    contact.passage = passage
    actions.back(contact=contact, by=by, now=now, note=note)
