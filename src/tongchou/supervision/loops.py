"""The loops of supervision: an inspection, mending what it found, an objection to figures.

What crosses a red line has a loop of its own, because a stage has one deadline in the playbook.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.loops import Handoff, Loop

# Counted from the end of the day it was planned for.
INSPECTION = Loop(
    "inspection", (Handoff("planned", "supervision", ("reported", "cancelled"), named=True),)
)

INSPECTION_STAGES = {
    "planned": pgettext_lazy("inspection", "planned"),
    "reported": pgettext_lazy("inspection", "reported"),
    "cancelled": pgettext_lazy("inspection", "cancelled"),
}

_MENDING = (
    Handoff("found", "duty_officer", ("rectified",), named=True),
    # Who says it is mended is not who checks it; sent back, it is the unit's again.
    Handoff("rectified", "supervision", ("passed", "found", "withdrawn")),
)

RECTIFICATION = Loop("rectification", _MENDING)
URGENT_RECTIFICATION = Loop("urgent_rectification", _MENDING)
RECTIFICATIONS = {"ordinary": RECTIFICATION, "minor": RECTIFICATION, "urgent": URGENT_RECTIFICATION}

RECTIFICATION_STAGES = {
    "found": pgettext_lazy("rectification", "to be rectified"),
    "rectified": pgettext_lazy("rectification", "rectified, to be checked"),
    "passed": pgettext_lazy("rectification", "checked and passed"),
    "withdrawn": pgettext_lazy("rectification", "withdrawn"),
}

OBJECTION = Loop("objection", (Handoff("made", "supervision", ("upheld", "refused")),))

OBJECTION_STAGES = {
    "made": pgettext_lazy("objection", "to be ruled on"),
    "upheld": pgettext_lazy("objection", "upheld"),
    "refused": pgettext_lazy("objection", "refused"),
}

NAMES = {
    "inspection": _("inspection"),
    "rectification": _("rectification"),
    "urgent_rectification": _("rectification of a red line"),
    "objection": _("objection to figures"),
}
