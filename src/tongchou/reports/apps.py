from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "tongchou.reports"
    label = "reports"
    verbose_name = _("Daily report")

    def ready(self) -> None:
        pass
