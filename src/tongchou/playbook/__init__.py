"""The policy of a city as one dated text file: every number it might argue about.

Operations run it, the simulator runs the same file, and reviews end in a change to it.
"""

from tongchou.playbook.book import NoSuchRule, Playbook, Statement
from tongchou.playbook.changes import Change, difference
from tongchou.playbook.courses import Course
from tongchou.playbook.faults import Fault, PlaybookError
from tongchou.playbook.reading import filled
from tongchou.playbook.rebasing import Collides, rebased
from tongchou.playbook.response import Response, Tempered
from tongchou.playbook.rules import (
    ContactRule,
    Deadline,
    Disease,
    QuarantineSegment,
    RedLine,
    Rule,
    Target,
    Text,
    Zone,
)
from tongchou.playbook.shelf import Shelf, Written, id_in, load, parse, shipped
from tongchou.playbook.words import rule_name, rule_value, section_name, source_name, truth_name

__all__ = [
    "Change",
    "Collides",
    "ContactRule",
    "Course",
    "Deadline",
    "Disease",
    "Fault",
    "NoSuchRule",
    "Playbook",
    "PlaybookError",
    "QuarantineSegment",
    "RedLine",
    "Response",
    "Rule",
    "Shelf",
    "Statement",
    "Target",
    "Tempered",
    "Text",
    "Written",
    "Zone",
    "difference",
    "filled",
    "id_in",
    "load",
    "parse",
    "rebased",
    "rule_name",
    "rule_value",
    "section_name",
    "shipped",
    "source_name",
    "truth_name",
]
