from collections.abc import Iterator

import pytest

from tests.ledger.loops import case_report
from tongchou.ledger import registry

__all__ = ["case_report"]


@pytest.fixture(autouse=True)
def nothing_wired() -> Iterator[None]:
    """The ledger by itself: what follows at the desks is proven in tests/site/test_wiring.py."""
    kept = dict(registry._listeners)
    registry._listeners.clear()
    yield
    registry._listeners.clear()
    registry._listeners.update(kept)
