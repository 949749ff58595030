from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuarantineConfig(AppConfig):
    name = "tongchou.quarantine"
    label = "quarantine"
    verbose_name = _("Quarantine")

    def ready(self) -> None:
        from tongchou.ledger import registry
        from tongchou.quarantine import actions, loops
        from tongchou.shell import navigation

        registry.register(
            loops.QUARANTINE_STAY,
            page="quarantine:stay_by_passage",
            label=_("quarantine stay"),
            stages=loops.STAGES,
            acts=actions.ACTS,
            asks=("awaiting_transfer", "in_facility", "cancelled", "abandoned", "admitted", "died"),
        )
        navigation.register(
            "quarantine",
            _("Quarantine"),
            "quarantine:desk",
            "quarantine",
            roles=(
                "quarantine_site",
                "community",
                "transport",
                "public_security",
                "cdc",
                "duty_officer",
                "commander",
            ),
            order=50,
        )
