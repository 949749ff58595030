import pytest

from tests.epi.reproduction.truth import INTERVALS, Truth


@pytest.fixture(params=sorted(INTERVALS))
def outbreak(request, shared):
    return Truth(shared / "reference/r", request.param)
