from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveillanceConfig(AppConfig):
    name = "tongchou.surveillance"
    label = "surveillance"
    verbose_name = _("Early warning")

    def ready(self) -> None:
        from tongchou.ledger import registry
        from tongchou.shell import navigation
        from tongchou.surveillance import acts, loops

        registry.register(
            loops.SIGNAL,
            page="surveillance:signal_by_passage",
            label=_("early warning signal"),
            stages=loops.SIGNAL_STAGES,
            acts={"claimed": acts.claim_from_my_turn},
            # Which way, and what it turned out to be, is asked on the page.
            asks=("verified", "closed"),
        )
        registry.register(
            loops.SILENCE,
            page="surveillance:silence_by_passage",
            label=_("silent sentinel"),
            stages=loops.SILENCE_STAGES,
            asks=("reported", "excused"),
        )
        for kind, loop in loops.LEADS.items():
            registry.register(
                loop,
                page="surveillance:lead_by_passage",
                label=loops.LEAD_NAMES[kind],
                stages=loops.LEAD_STAGES,
                # Asks for the day or the reason; a positive one reports a case, from its page.
                asks=("sampled", "not_reached", "explained", "abandoned", "positive"),
            )
        navigation.register(
            "surveillance", _("Early warning"), "surveillance:desk", "bell", order=30
        )
