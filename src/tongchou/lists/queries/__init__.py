"""Reads of the two lists. `summary` is what the daily report takes from here."""

from tongchou.lists.queries.figures import Summary, problems_at, summary, tasks_at

__all__ = ["Summary", "problems_at", "summary", "tasks_at"]
