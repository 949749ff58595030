from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    name = "tongchou.planning"
    label = "planning"
    verbose_name = _("Planning")

    def ready(self) -> None:
        from tongchou.planning import rights
        from tongchou.shell import navigation

        navigation.register(
            "planning",
            _("Planning"),
            "planning:desk",
            "graph",
            roles=rights.SEE,
            order=60,
            group="steer",
        )
