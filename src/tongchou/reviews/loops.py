"""The loop of a review: analysed by the CDC, accepted by the headquarters above it.

Dropped: the case was no case after all, and there is nothing to learn from its chain.
"""

from django.utils.translation import pgettext_lazy

from tongchou.loops import Handoff, Loop

REVIEW = Loop(
    "review",
    (
        Handoff("opened", "cdc", ("analysed", "dropped")),
        Handoff("analysed", "cdc", ("submitted", "dropped")),
        Handoff("submitted", "duty_officer", ("accepted", "analysed", "dropped")),
    ),
)

STAGES = {
    "opened": pgettext_lazy("review", "opened"),
    "analysed": pgettext_lazy("review", "analysed"),
    "submitted": pgettext_lazy("review", "submitted"),
    "accepted": pgettext_lazy("review", "accepted"),
    "dropped": pgettext_lazy("review", "dropped: no case"),
}
