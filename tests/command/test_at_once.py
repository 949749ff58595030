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
from tongchou.ledger.errors import LedgerError, Outrun
from tongchou.ledger.models import Adoption, Passage
from tongchou.ledger.models import Handoff as Leg
from tongchou.loops import Handoff, Loop
from tongchou.planning.playbook_paths import settled

pytestmark = pytest.mark.django_db(transaction=True)
BOOK, KEY = playbook.load("cn-2022-06"), ("contact", "notified")
ALLOWED = BOOK.deadline(*KEY)
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


def county(city: Any, area: Any, minutes: int) -> Adoption:
    """An area's own time for a contact that was notified, put forward."""
    hours = {"peace": f"{minutes}m", "war": f"{minutes}m"}
    own = settled(BOOK, area.path, {"zh": area.name, "en": area.name}, {KEY: hours}, by="制度")
    text = own.text.replace(f'id = "{own.id}"', f'id = "own-{area.code}"', 1)
    return actions.propose(text=text, reason="制度", by=city.mayor, now=city.at())


def test_two_proposals_adopted_at_one_moment_are_both_in_force_or_one_is_refused(
    city: Any, listed: Passage
) -> None:
    east, west = county(city, city.east, 17), county(city, city.west, 19)

    def adopt(proposal: Adoption) -> Callable[[], object]:
        own = Adoption.objects.get(pk=proposal.pk)
        return lambda: actions.adopt(adoption=own, by=city.gao, now=city.at(hours=1))

    results = side_by_side(adopt(east), adopt(west))
    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, Outrun) for each in refused)
    done = {a.code for a, each in zip((city.east, city.west), results, strict=True)
            if not isinstance(each, Exception)}  # fmt: skip
    assert policy.in_force(city.at(hours=1)).areas.keys() == done


def test_one_proposal_is_adopted_by_one_of_two(city: Any, listed: Passage) -> None:
    proposal = county(city, city.east, 17)

    def adopt() -> object:
        own = Adoption.objects.get(pk=proposal.pk)
        return actions.adopt(adoption=own, by=city.gao, now=city.at(hours=1))

    results = side_by_side(adopt, adopt)
    assert sum(isinstance(each, LedgerError) for each in results) == 1
    assert sum(isinstance(each, actions.Adopted) for each in results) == 1
