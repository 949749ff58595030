"""The loops of the tracing desk: investigations of a case and of an area, the way of each contact.

A contact's loop names who must act; who *holds* the person is the quarantine stay beside it.
"""

from django.utils.translation import gettext_lazy as _

from tongchou.loops import Handoff, Loop

INVESTIGATION = Loop(
    "investigation",
    (
        # Dropped: the case was discarded before its core facts were known.
        Handoff("opened", "tracer", ("core_known", "unreachable", "dropped")),
        Handoff("unreachable", "public_security", ("core_known", "abandoned", "dropped")),
        Handoff("core_known", "tracer", ("submitted",)),
        Handoff("submitted", "cdc", ("accepted", "core_known")),
    ),
)

INVESTIGATION_STAGES = {
    "opened": _("to be investigated"),
    "unreachable": _("case cannot be reached"),
    "core_known": _("core facts known"),
    "submitted": _("report submitted"),
    "accepted": _("report accepted"),
    "dropped": _("case discarded"),
    "abandoned": _("given up"),
}

FIELD_INVESTIGATION = Loop(
    "field_investigation",
    (
        # Of an area and a reason, not of a case: a signal, a cluster, a place.
        Handoff("opened", "tracer", ("cases_found", "no_event")),
        Handoff("cases_found", "cdc", ("accepted", "opened")),
        Handoff("no_event", "cdc", ("accepted", "opened")),
    ),
)

FIELD_STAGES = {
    "opened": _("to be looked into on the spot"),
    "cases_found": _("cases found"),
    "no_event": _("no event found"),
    "accepted": _("report accepted"),
}

CONTACT = Loop(
    "contact",
    (
        # Whoever falls ill before anybody has reached them goes the way of a case from there.
        Handoff("listed", "tracer", ("notified", "not_found", "elsewhere", "dismissed", "ill")),
        Handoff("notified", "community", ("located", "not_found", "elsewhere", "ill")),
        # Dismissed: found when their days were over, or the playbook asks for none any more.
        Handoff(
            "located",
            "transport",
            ("received", "not_found", "elsewhere", "dismissed", "ill"),
            received_by="quarantine_site",
        ),
        Handoff("received", "cdc", ("released", "ill")),
        Handoff("not_found", "public_security", ("located", "elsewhere", "abandoned", "ill")),
        Handoff("elsewhere", "assist", ("accepted_elsewhere", "listed")),
    ),
)

CONTACT_STAGES = {
    "listed": _("listed"),
    "notified": _("notified"),
    "located": _("located"),
    "received": _("in quarantine"),
    "not_found": _("not found"),
    "elsewhere": _("elsewhere"),
    "released": _("released"),
    "ill": _("fell ill"),
    "dismissed": _("no contact after all"),
    "abandoned": _("given up"),
    "accepted_elsewhere": _("accepted elsewhere"),
}
