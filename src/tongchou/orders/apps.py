from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrdersConfig(AppConfig):
    name = "tongchou.orders"
    label = "orders"
    verbose_name = _("Orders and decisions")

    def ready(self) -> None:
        from tongchou.ledger import registry
        from tongchou.orders import finding, loops
        from tongchou.shell import finding as box
        from tongchou.shell import navigation

        registry.register(
            loops.DECISION,
            page="orders:decision_by_passage",
            label=pgettext_lazy("command", "decision"),
            stages=loops.DECISION_STAGES,
            # Each asks for a reason, and to renew is to decide again.
            asks=("renewed", "lapsed", "revoked", "corrected"),
        )
        registry.register(
            loops.ORDER_RECEIPT,
            page="orders:order_by_passage",
            label=_("order received"),
            stages=loops.RECEIPT_STAGES,
            asks=("objected", "void", "issued"),
        )
        registry.register(
            loops.SHIFT,
            page="orders:shift_by_passage",
            label=_("shift"),
            stages=loops.SHIFT_STAGES,
            asks=("handed_over",),
        )
        navigation.register(
            "orders", _("Orders and decisions"), "orders:desk", "document", order=30, group="steer"
        )
        navigation.register(
            "orders", _("On duty now"), "orders:on_duty", "phone", order=5, group="now"
        )
        box.register("orders", finding.find)
