from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "tongchou.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from tongchou.cases import acts, loops
        from tongchou.ledger import registry
        from tongchou.shell import navigation

        registry.register(
            loops.CASE_REPORT,
            page="cases:by_passage",
            label=_("case report"),
            stages=loops.STAGES,
            acts=dict.fromkeys(("verified", "recovered", "followed_up"), acts.from_my_turn),
            # What asks for more than a note, and what the tracers do on their own page.
            asks=("discarded", "investigated", "admitted", "died"),
        )
        navigation.register("cases", _("Cases"), "cases:list", "case", order=10)
