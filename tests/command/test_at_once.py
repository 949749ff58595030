"""An activation meets the desks at work: nobody is thrown out, no leg keeps an old deadline."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from tongchou import playbook
from tongchou.areas.models import Area
from tongchou.command import actions
from tongchou.ledger import policy, registry
from tongchou.ledger.actions import hand_over, start
from tongchou.ledger.models import Handoff as Leg
from tongchou.ledger.models import Passage
from tongchou.loops import Handoff, Loop

pytestmark = pytest.mark.django_db(transaction=True)
ALLOWED = playbook.load("cn-2022-06").deadline("contact", "notified")
# Two stages of a shipped playbook whose deadlines both differ between the tempos.
CONTACT = Loop(
    "contact",
    (Handoff("listed", "tracer", ("notified",)), Handoff("notified", "community", ("located",))),
)


@pytest.fixture
def listed(city: Any, unwired: None) -> Iterator[Passage]:
    """A contact of the harbour community, listed on the first morning."""
    kept = dict(registry._loops)
    registry.register(CONTACT)
    yield start(loop=CONTACT, area=city.community, title="K-1", by=city.wu, now=city.at())
    registry._loops.clear()
    registry._loops.update(kept)


def side_by_side(*acts: Callable[[], object]) -> list[object]:
    """Run each in a thread with a connection of its own; what they returned or raised."""
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_a_hand_over_that_has_begun_finishes_and_its_new_leg_is_at_war(
    city: Any, listed: Passage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, half_way, activating = policy.ground, threading.Event(), threading.Event()

    def slowly(*args: Any) -> Any:
        half_way.set()
        activating.wait(timeout=0.5)  # long enough for the activation to run into the open leg
        return ground(*args)

    monkeypatch.setattr(policy, "ground", slowly)

    def hand_on() -> object:
        return hand_over(passage=listed, to="notified", by=city.wu, now=city.at(hours=1))

    def activate() -> object:
        half_way.wait(timeout=10)
        return actions.activate(area=city.city, tempo="war", by=city.mayor, now=city.at(hours=1))

    results = side_by_side(hand_on, activate)
    assert not [each for each in results if isinstance(each, Exception)]
    leg = Leg.objects.get(done_at=None)
    assert (leg.stage, leg.due_at - leg.opened_at) == ("notified", ALLOWED.war)
    assert set(Area.objects.values_list("tempo", flat=True)) == {"war"}
