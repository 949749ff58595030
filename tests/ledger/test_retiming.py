"""Two tempos: one act moves every open deadline, and returning to peace is as easy."""

from typing import Any

import pytest

from tongchou import playbook
from tongchou.ledger import actions, queries
from tongchou.ledger.models import Gap, Passage
from tongchou.ledger.retiming import retime, retime_leg
from tongchou.ledger.sweeping import sweep
from tongchou.loops import Tempo

pytestmark = pytest.mark.django_db
BOOK = playbook.load("cn-2022-06")


@pytest.fixture
def waiting(city: Any, case_report: Any) -> Passage:
    """An investigated case of the harbour community that waits for its ambulance."""
    passage = actions.start(
        loop=case_report, area=city.community, title="C-1", by=city.qian, now=city.at()
    )
    for to in ("verified", "investigated"):
        actions.hand_over(passage=passage, to=to, by=city.qian, now=city.at())
    return passage


def at_tempo(city: Any, tempo: Tempo, **when: float) -> int:
    return retime(
        area_path=city.city.path,
        tempo=tempo,
        playbook=BOOK,
        reason=Gap.Reason.TEMPO,
        now=city.at(**when),
    ).n_legs


def test_war_shortens_the_open_deadline(city: Any, waiting: Passage) -> None:
    allowed = BOOK.deadline("case_report", "investigated")
    assert allowed.war < allowed.peace
    assert at_tempo(city, Tempo.WAR) == 1
    leg = waiting.handoffs.get(done_at=None)
    assert leg.due_at == city.at() + allowed.war


def test_peace_gives_the_longer_allowance_back(city: Any, waiting: Passage) -> None:
    before = waiting.handoffs.get(done_at=None).due_at
    at_tempo(city, Tempo.WAR)
    at_tempo(city, Tempo.PEACE)
    assert waiting.handoffs.get(done_at=None).due_at == before


def test_changing_to_the_same_tempo_moves_nothing(city: Any, waiting: Passage) -> None:
    assert at_tempo(city, Tempo.PEACE) == 0


def test_another_district_keeps_its_deadlines(city: Any, waiting: Passage) -> None:
    moved = retime(
        area_path=city.west.path,
        tempo=Tempo.WAR,
        playbook=BOOK,
        reason=Gap.Reason.TEMPO,
        now=city.at(),
    )
    assert moved.n_legs == 0


def test_a_gap_that_is_no_longer_due_is_closed_with_that_reason(
    city: Any, waiting: Passage
) -> None:
    at_tempo(city, Tempo.WAR)
    late = waiting.handoffs.get(done_at=None).due_at
    city.community.__class__.objects.update(tempo=Tempo.WAR)
    sweep(now=late)
    assert queries.open_gaps().count() == 1
    retime(
        area_path=city.city.path,
        tempo=Tempo.PEACE,
        playbook=BOOK,
        reason=Gap.Reason.TEMPO,
        now=late,
    )
    assert Gap.objects.get().reason == Gap.Reason.TEMPO


def test_a_closed_leg_is_not_re_timed(city: Any, waiting: Passage) -> None:
    first = waiting.handoffs.get(number=1).due_at
    at_tempo(city, Tempo.WAR)
    assert waiting.handoffs.get(number=1).due_at == first


def test_an_extended_order_moves_its_leg_and_closes_its_gap(city: Any, waiting: Passage) -> None:
    sweep(now=city.at(days=2))
    leg = waiting.handoffs.get(done_at=None)
    retime_leg(leg=leg, timed_from=city.at(days=5), now=city.at(days=2))
    leg.refresh_from_db()
    assert leg.timed_from == city.at(days=5)
    assert Gap.objects.get().reason == Gap.Reason.ORDER
