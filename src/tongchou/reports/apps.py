from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "tongchou.reports"
    label = "reports"
    verbose_name = _("Daily report")

    def ready(self) -> None:
        from tongchou.command import panels
        from tongchou.ledger import registry
        from tongchou.reports import loops
        from tongchou.shell import finding, navigation

        registry.register(
            loops.DAILY_REPORT,
            page="reports:by_passage",
            label=_("daily report"),
            stages=loops.REPORT_STAGES,
            # Signed where it is read, received after it was read.
            asks=("signed", "excused", "received", "due"),
        )
        registry.register(
            loops.REPORT_REQUEST,
            page="reports:request_by_passage",
            label=_("request for a report"),
            stages=loops.REQUEST_STAGES,
            asks=("answered_by_link", "granted", "refused"),
        )
        navigation.register(
            "reports", _("Daily report"), "reports:desk", "document", order=10, group="steer"
        )
        panels.add("tongchou.reports.figure.FIGURE")
        finding.register("reports", _find)


def _find(text: str, scope: Any, *, now: datetime) -> Any:
    from tongchou.reports.finding import find

    return find(text, scope, now=now)
