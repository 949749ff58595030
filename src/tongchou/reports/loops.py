"""The loops of this room: a daily report that comes and is received, and a request for one more.

Neither holds a person. A report that did not come is a gap like any other, since its leg is due.
"""

from django.utils.translation import pgettext_lazy

from tongchou.loops import Handoff, Loop

DAILY_REPORT = Loop(
    "daily_report",
    (
        # Timed from the set hour, and not from when the worker came round to lay it out.
        Handoff("due", "duty_officer", ("signed", "excused"), named=True),
        # By the level above; what it returns is due again.
        Handoff("signed", "duty_officer", ("received", "due"), named=True),
    ),
)

REPORT_STAGES = {
    "due": pgettext_lazy("daily report", "to be signed"),
    "signed": pgettext_lazy("daily report", "signed, on its way up"),
    "received": pgettext_lazy("daily report", "received"),
    "excused": pgettext_lazy("daily report", "excused"),
}

REPORT_REQUEST = Loop(
    "report_request",
    (Handoff("asked", "duty_officer", ("answered_by_link", "granted", "refused")),),
)

REQUEST_STAGES = {
    "asked": pgettext_lazy("report request", "asked"),
    "answered_by_link": pgettext_lazy("report request", "answered by a link"),
    "granted": pgettext_lazy("report request", "granted"),
    "refused": pgettext_lazy("report request", "refused"),
}
