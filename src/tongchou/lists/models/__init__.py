"""The tables of the two lists: problems, tasks, their evidence, and what stands on both."""

from tongchou.lists.models.common import Common, Likeness, Verdict
from tongchou.lists.models.evidence import Evidence
from tongchou.lists.models.files import File
from tongchou.lists.models.numbers import Counter
from tongchou.lists.models.problems import Cause, DecidedAs, FoundBy, Problem
from tongchou.lists.models.tasks import DEEPEST, Entry, EntryKind, SourceKind, Task

__all__ = [
    "DEEPEST",
    "Cause",
    "Common",
    "Counter",
    "DecidedAs",
    "Entry",
    "EntryKind",
    "Evidence",
    "File",
    "FoundBy",
    "Likeness",
    "Problem",
    "SourceKind",
    "Task",
    "Verdict",
]
