from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "tongchou.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from tongchou.shell import navigation

        navigation.register(
            "ledger", _("My turn"), "ledger:my_turn", "my-turn", order=1, group="now"
        )
        navigation.link("my_turn", "ledger:my_turn")
