"""What may be done with a review at its stage, and the form each step needs."""

from django.utils.translation import pgettext_lazy

from tongchou.reviews.actions import steps
from tongchou.reviews.forms.reviews import NoteForm, ReasonForm
from tongchou.reviews.models import Review
from tongchou.surveillance.acts import Act

DROP = Act(
    "dropped",
    pgettext_lazy("review", "Drop"),
    ReasonForm,
    steps.drop,
    pgettext_lazy("review", "Dropped."),
    danger=True,
)
#: While the CDC has it.
WRITING: dict[str, Act] = {
    act.to: act
    for act in (
        Act(
            "analysed",
            pgettext_lazy("review", "Analysed"),
            NoteForm,
            steps.analyse,
            pgettext_lazy("review", "Analysed; write the judgement and submit it."),
        ),
        Act(
            "submitted",
            pgettext_lazy("review", "Submit"),
            NoteForm,
            steps.submit,
            pgettext_lazy("review", "Submitted; the headquarters has it."),
        ),
        DROP,
    )
}
#: While the headquarters has it.
READING: dict[str, Act] = {
    act.to: act
    for act in (
        Act(
            "accepted",
            pgettext_lazy("review", "Accept"),
            NoteForm,
            steps.accept,
            pgettext_lazy("review", "Accepted; what it says stays as it is."),
        ),
        Act(
            "analysed",
            pgettext_lazy("review", "Send back"),
            ReasonForm,
            steps.send_back,
            pgettext_lazy("review", "Sent back with the reason."),
            danger=True,
        ),
        DROP,
    )
}


def acts_at(review: Review) -> dict[str, Act]:
    """The steps on from the stage that a review is at, without what its case forbids now."""
    acts = READING if review.passage.stage == "submitted" else WRITING
    droppable = steps.may_drop(review)
    gone = steps.discarded(review)
    closed = {to for to, shut in (("dropped", not droppable), ("accepted", gone)) if shut}
    return {to: act for to, act in acts.items() if to not in closed}
