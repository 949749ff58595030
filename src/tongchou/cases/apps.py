from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "tongchou.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from tongchou.cases import loops
        from tongchou.ledger import registry

        registry.register(
            loops.CASE_REPORT,
            page="cases:by_passage",
            label=_("case report"),
            stages=loops.STAGES,
        )
