"""What may be done with a lead at its stage, and the form each act needs."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from tongchou.surveillance.actions import leads
from tongchou.surveillance.acts import Act
from tongchou.surveillance.forms.leads import ReasonForm, SampledForm
from tongchou.surveillance.forms.signals import NoteForm

LEAD_ACTS = {
    act.to: act
    for act in (
        Act("sampled", _("Sampled"), SampledForm, leads.sampled, _("Sampled; the result is due.")),
        Act(
            "well",
            _("Well: nothing to do"),
            NoteForm,
            partial(leads.settle, to="well"),
            _("Settled."),
        ),
        Act(
            "unreached",
            _("Cannot be reached"),
            NoteForm,
            partial(leads.settle, to="unreached"),
            _("Public security helps."),
        ),
        Act(
            "not_reached",
            _("Not reached"),
            ReasonForm,
            partial(leads.give_up, to="not_reached"),
            _("Settled."),
        ),
        Act(
            "explained",
            _("Explained otherwise"),
            ReasonForm,
            partial(leads.give_up, to="explained"),
            _("Settled."),
        ),
        Act(
            "abandoned",
            _("Give up"),
            ReasonForm,
            partial(leads.give_up, to="abandoned"),
            _("Given up."),
            danger=True,
        ),
        Act(
            "negative", _("Negative"), NoteForm, partial(leads.settle, to="negative"), _("Settled.")
        ),
        Act(
            "positive", _("Positive"), NoteForm, leads.positive, _("Positive; a case is reported.")
        ),
    )
}
