"""The only writers of imports, called as `intake.actions.run(...)`."""

from tongchou.intake.actions.accepting import accept, destroy_due
from tongchou.intake.actions.grounds import ground
from tongchou.intake.actions.previewing import Preview, preview
from tongchou.intake.actions.receiving import queue, receive, whole, withdraw
from tongchou.intake.actions.running import reclaim, run, run_waiting

__all__ = [
    "Preview",
    "accept",
    "destroy_due",
    "ground",
    "preview",
    "queue",
    "receive",
    "reclaim",
    "run",
    "run_waiting",
    "whole",
    "withdraw",
]
