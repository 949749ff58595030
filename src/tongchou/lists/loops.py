"""The loops of the two lists. None holds a person; none ends because time has passed."""

from django.utils.translation import pgettext_lazy

from tongchou.loops import Handoff, Loop

PROBLEM = Loop(
    "problem",
    (
        Handoff("raised", "duty_officer", ("assigned", "decided")),
        # Solved only by an accepted task, decided only with a reason: `models.DecidedAs`.
        Handoff("assigned", "duty_officer", ("solved", "decided", "raised"), named=True),
    ),
)

PROBLEM_STAGES = {
    "raised": pgettext_lazy("problem", "raised"),
    "assigned": pgettext_lazy("problem", "assigned"),
    "solved": pgettext_lazy("problem", "solved by a task"),
    "decided": pgettext_lazy("problem", "closed with a reason"),
}

TASK = Loop(
    "task",
    (
        Handoff("dispatched", "duty_officer", ("in_progress", "declined", "cancelled"), named=True),
        Handoff("declined", "duty_officer", ("dispatched", "cancelled"), named=True),
        # Its clock is the task's own date; the playbook says how long after it the gap opens.
        Handoff("in_progress", "duty_officer", ("submitted", "cancelled"), named=True),
        Handoff("submitted", "duty_officer", ("accepted", "in_progress", "cancelled"), named=True),
    ),
)

TASK_STAGES = {
    "dispatched": pgettext_lazy("task", "dispatched"),
    "declined": pgettext_lazy("task", "declined"),
    "in_progress": pgettext_lazy("task", "in progress"),
    "submitted": pgettext_lazy("task", "submitted"),
    "accepted": pgettext_lazy("task", "accepted"),
    "cancelled": pgettext_lazy("task", "cancelled"),
}

#: What a returned task is called: it is in progress again, and the button says why.
RETURNED = pgettext_lazy("task", "returned")
