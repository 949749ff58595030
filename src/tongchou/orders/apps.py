from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "tongchou.orders"
    label = "orders"
    verbose_name = _("Orders and decisions")

    def ready(self) -> None:
        pass
