"""Two loops for the ledger's own tests, registered while a test asks for them.

They take the stage names of shipped loops, so that the shipped playbooks have their deadlines.
"""

from collections.abc import Iterator

import pytest

from tongchou.cases.loops import CASE_REPORT
from tongchou.ledger import registry


@pytest.fixture
def case_report() -> Iterator[object]:
    """The case report loop with nothing wired to it."""
    kept = dict(registry._listeners)
    registry._listeners.clear()
    yield CASE_REPORT
    registry._listeners.clear()
    registry._listeners.update(kept)
