"""The closed loop (闭环) as plain values: no database, no clock, no Django.

A loop holds the *structure* of the work. How long each owner has is policy and stands in the
playbook, so this package cannot tell what is late.
"""

from tongchou.loops.definition import Handoff, Loop, LoopError, Tempo
from tongchou.loops.gaps import rung

__all__ = ["Handoff", "Loop", "LoopError", "Tempo", "rung"]
