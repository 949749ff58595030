"""The facts of a daily report: what they are, how they are counted, how they are told."""

from tongchou.reports.facts.base import Fact, Ground, Measure, Part, Said, State, grounds
from tongchou.reports.facts.layout import Facts, lay_out

__all__ = ["Fact", "Facts", "Ground", "Measure", "Part", "Said", "State", "grounds", "lay_out"]
