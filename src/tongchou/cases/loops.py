"""The loop of a case: found early, reported early, isolated early, treated early (四早)."""

from django.utils.translation import gettext_lazy as _

from tongchou.loops import Handoff, Loop

CASE_REPORT = Loop(
    "case_report",
    (
        Handoff("reported", "cdc", ("verified", "discarded")),
        Handoff("verified", "tracer", ("investigated", "admitted", "discarded")),
        Handoff("investigated", "transport", ("admitted", "died"), received_by="hospital"),
        Handoff("admitted", "hospital", ("recovered", "died"), custody=True),
        Handoff("recovered", "community", ("followed_up", "admitted")),
    ),
)

STAGES = {
    "reported": _("reported"),
    "verified": _("verified"),
    "investigated": _("investigated"),
    "admitted": _("admitted"),
    "recovered": _("recovered"),
    "discarded": _("discarded"),
    "died": _("died"),
    "followed_up": _("followed up"),
}
