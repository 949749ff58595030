"""The only writers of the room, by topic. Every one takes `by` and `now`."""

from tongchou.surveillance.actions.conventions import record_convention, withdraw_convention
from tongchou.surveillance.actions.cycle import daily_cycle
from tongchou.surveillance.actions.importing import Preview, import_counts, preview
from tongchou.surveillance.actions.quality import check_quality
from tongchou.surveillance.actions.register import end_duty, open_series, register_site, set_duty
from tongchou.surveillance.actions.reporting import Receipt, report_counts, revise

__all__ = [
    "Preview",
    "Receipt",
    "check_quality",
    "daily_cycle",
    "end_duty",
    "import_counts",
    "open_series",
    "preview",
    "record_convention",
    "register_site",
    "report_counts",
    "revise",
    "set_duty",
    "withdraw_convention",
]
