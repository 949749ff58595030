"""The loop of a stay: every stage holds the person, so that nobody is between two pairs of hands.

A stay at `ill` yields: the hospital's admission is its end, in the same act.
"""

from django.utils.translation import gettext_lazy as _

from tongchou.loops import Handoff, Loop

QUARANTINE_STAY = Loop(
    "quarantine_stay",
    (
        Handoff(
            "awaiting_transfer",
            "transport",
            ("in_facility", "at_home", "ill", "cancelled"),
            received_by="quarantine_site",
            custody=True,
        ),
        Handoff(
            "in_facility",
            "quarantine_site",
            ("at_home", "awaiting_transfer", "released", "ill", "absent"),
            custody=True,
        ),
        Handoff(
            "at_home",
            "community",
            ("released", "awaiting_transfer", "ill", "absent"),
            custody=True,
        ),
        Handoff(
            "absent",
            "public_security",
            ("in_facility", "at_home", "ill", "abandoned"),
            custody=True,
        ),
        Handoff(
            "ill",
            "quarantine_site",
            ("admitted", "died", "in_facility", "at_home", "awaiting_transfer"),
            received_by="hospital",
            custody=True,
            yields="admitted",
        ),
    ),
)

# In these stages the clock runs from the end that the order names, not from arrival.
UNTIL_THE_END = ("in_facility", "at_home")

STAGES = {
    "awaiting_transfer": _("awaiting transfer"),
    "in_facility": _("in the facility"),
    "at_home": _("at home"),
    "absent": _("absent"),
    "ill": _("ill"),
    "released": _("released"),
    "cancelled": _("cancelled"),
    "admitted": _("admitted"),
    "died": _("died"),
    "abandoned": _("given up"),
}
