from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ListsConfig(AppConfig):
    name = "tongchou.lists"
    label = "lists"
    verbose_name = _("Two lists")

    def ready(self) -> None:
        from tongchou.ledger import registry
        from tongchou.lists import finding, inbox, loops
        from tongchou.shell import finding as box
        from tongchou.shell import navigation

        registry.register(
            loops.PROBLEM,
            page="lists:problem_by_passage",
            label=pgettext_lazy("lists", "problem"),
            stages=loops.PROBLEM_STAGES,
            acts={"raised": inbox.put_back},
            # To whom, why not, and by which task: asked on its page.
            asks=("assigned", "decided", "solved"),
        )
        registry.register(
            loops.TASK,
            page="lists:task_by_passage",
            label=pgettext_lazy("lists", "task"),
            stages=loops.TASK_STAGES,
            acts={"in_progress": inbox.claim_or_return},
            asks=("declined", "dispatched", "submitted", "accepted", "cancelled"),
        )
        navigation.register(
            "lists", _("Two lists"), "lists:tasks", "table", order=20, group="steer"
        )
        box.register("lists", finding.find)
