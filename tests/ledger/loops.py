"""The case report loop by itself: its desk has verbs of its own, which need a case behind each.

It keeps the stage names of the shipped loop, so that the shipped playbooks have its deadlines.
"""

from collections.abc import Iterator

import pytest

from tongchou.cases.loops import CASE_REPORT, STAGES
from tongchou.ledger import registry


@pytest.fixture
def case_report() -> Iterator[object]:
    """The case report loop with nothing wired to it and no desk of its own."""
    listeners, loops = dict(registry._listeners), dict(registry._loops)
    registry._listeners.clear()
    registry.register(CASE_REPORT, label="case report", stages=STAGES)
    yield CASE_REPORT
    registry._listeners.clear()
    registry._listeners.update(listeners)
    registry._loops.clear()
    registry._loops.update(loops)
