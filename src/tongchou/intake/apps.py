from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "tongchou.intake"
    label = "intake"
    verbose_name = _("Imported lists")

    def ready(self) -> None:
        from tongchou.shell import navigation

        navigation.register(
            "intake",
            _("Imported lists"),
            "intake:history",
            "import",
            roles=("steward",),
            order=40,
            group="records",
        )
