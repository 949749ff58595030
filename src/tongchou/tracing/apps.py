from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TracingConfig(AppConfig):
    name = "tongchou.tracing"
    label = "tracing"
    verbose_name = _("Tracing")

    def ready(self) -> None:
        from tongchou.cases import panels
        from tongchou.ledger import registry
        from tongchou.shell import navigation
        from tongchou.tracing import loops

        registry.register(
            loops.INVESTIGATION,
            page="tracing:investigation_by_passage",
            label=_("investigation"),
            stages=loops.INVESTIGATION_STAGES,
            asks=("core_known", "submitted", "abandoned"),
        )
        registry.register(
            loops.CONTACT,
            page="tracing:contact_by_passage",
            label=_("contact"),
            stages=loops.CONTACT_STAGES,
            asks=("elsewhere", "dismissed", "abandoned", "ill"),
        )
        panels.register(_("Itinerary"), "tracing:itinerary_panel", order=10)
        panels.register(_("Contacts"), "tracing:contacts_panel", order=20)
        navigation.register("tracing", _("Tracing"), "tracing:desk", "tracing", order=40)
