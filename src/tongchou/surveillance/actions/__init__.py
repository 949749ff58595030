"""The only writers of the room, by topic. Every one takes `by` and `now`.

`quality` and `cycle` bring the science and are asked for by name: no start should wait for them.
"""

from tongchou.surveillance.actions.conventions import record_convention, withdraw_convention
from tongchou.surveillance.actions.importing import Preview, import_counts, preview
from tongchou.surveillance.actions.register import end_duty, open_series, register_site, set_duty
from tongchou.surveillance.actions.reporting import Receipt, report_counts, revise

__all__ = [
    "Preview",
    "Receipt",
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
