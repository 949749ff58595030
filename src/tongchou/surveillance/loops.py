"""The loops of the surveillance desk: a signal, a silent sentinel, and the three kinds of leads.

None of them holds a person. A lead ends when it is settled; a positive one goes on as a case.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.loops import Handoff, Loop

SIGNAL = Loop(
    "signal",
    (
        Handoff("raised", "cdc", ("claimed",)),
        # By a named way: see `models.VerifiedBy`. Closed takes a finding: `models.Finding`.
        Handoff("claimed", "cdc", ("verified", "closed")),
        Handoff("verified", "cdc", ("confirmed", "closed")),
    ),
)

SIGNAL_STAGES = {
    "raised": pgettext_lazy("signal", "raised"),
    "claimed": pgettext_lazy("signal", "claimed"),
    "verified": pgettext_lazy("signal", "verified"),
    "confirmed": pgettext_lazy("signal", "confirmed"),
    "closed": pgettext_lazy("signal", "closed with a finding"),
}

SILENCE = Loop("silence", (Handoff("expected", "sentinel", ("reported", "excused")),))

SILENCE_STAGES = {
    "expected": pgettext_lazy("sentinel", "report expected"),
    "reported": pgettext_lazy("sentinel", "reported"),
    "excused": pgettext_lazy("sentinel", "excused"),
}

ANTIGEN_LEAD = Loop(
    "antigen_lead",
    (
        Handoff("noted", "community", ("sampled", "unreached")),
        Handoff("unreached", "public_security", ("sampled", "abandoned")),
        Handoff("sampled", "cdc", ("negative", "positive")),
    ),
)

# Who bought a medicine is asked how they are, and nobody looks for them: no police in this loop.
PURCHASE_LEAD = Loop(
    "purchase_lead",
    (
        Handoff("noted", "community", ("well", "sampled", "not_reached")),
        Handoff("sampled", "cdc", ("negative", "positive")),
    ),
)

FEVER_LEAD = Loop(
    "fever_lead",
    (
        Handoff("noted", "hospital", ("sampled", "explained")),
        Handoff("sampled", "cdc", ("negative", "positive")),
    ),
)

LEAD_STAGES = {
    "noted": pgettext_lazy("lead", "to be followed up"),
    "unreached": pgettext_lazy("lead", "cannot be reached"),
    "sampled": pgettext_lazy("lead", "sampled, result awaited"),
    "negative": pgettext_lazy("lead", "negative"),
    "positive": pgettext_lazy("lead", "positive"),
    "well": pgettext_lazy("lead", "well"),
    "not_reached": pgettext_lazy("lead", "not reached"),
    "explained": pgettext_lazy("lead", "explained otherwise"),
    "abandoned": pgettext_lazy("lead", "given up"),
}

LEADS = {"antigen": ANTIGEN_LEAD, "purchase": PURCHASE_LEAD, "fever": FEVER_LEAD}
LEAD_NAMES = {
    "antigen": _("antigen positive"),
    "purchase": _("pharmacy purchase"),
    "fever": _("fever clinic visit"),
}
