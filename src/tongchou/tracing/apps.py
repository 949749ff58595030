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
        from tongchou.tracing import acts, loops

        registry.register(
            loops.INVESTIGATION,
            page="tracing:investigation_by_passage",
            label=_("investigation"),
            stages=loops.INVESTIGATION_STAGES,
            asks=("core_known", "submitted", "abandoned", "dropped"),
        )
        registry.register(
            loops.CONTACT,
            page="tracing:contact_by_passage",
            label=_("contact"),
            stages=loops.CONTACT_STAGES,
            acts={"listed": acts.back_from_my_turn},
            # What asks for more than a note, and what the quarantine desk does for this one.
            asks=("elsewhere", "dismissed", "abandoned", "received", "released", "ill"),
        )
        registry.register(
            loops.FIELD_INVESTIGATION,
            page="tracing:field_by_passage",
            label=_("investigation on the spot"),
            stages=loops.FIELD_STAGES,
            # Sent back asks for what is missing.
            asks=("cases_found", "no_event", "opened"),
        )
        panels.register(_("Itinerary"), "tracing:itinerary_panel", order=10)
        panels.register(_("Contacts"), "tracing:contacts_panel", order=20)
        panels.register(_("Found by visits"), "tracing:found_panel", order=25)
        panels.link_chains(_("All chains"), "tracing:chains_of")
        navigation.register("tracing", _("Tracing"), "tracing:desk", "tracing", order=40)
        navigation.register(
            "visits",
            _("Sources of visits"),
            "tracing:sources",
            "pin",
            roles=("steward",),
            order=60,
            group="setup",
        )
