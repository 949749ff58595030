"""What an act would do is counted by the rule that does it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tongchou import playbook
from tongchou.command import actions, moving
from tongchou.ledger.models import Handoff, Passage

pytestmark = pytest.mark.django_db
BOOK = playbook.load("cn-2022-06")
Report = Callable[..., Passage]


def stage(moves: moving.Moves, name: str) -> moving.StageMove:
    return next(each for each in moves.with_legs if each.stage == name)


def test_it_counts_what_would_come_due_at_once(city: Any, reported: Report) -> None:
    reported(city.east, "verified", "investigated")
    moves = moving.to_tempo(city.city.path, "war", BOOK, now=city.at(hours=3))
    found = stage(moves, "investigated")
    assert (found.n_open, found.n_sooner, found.n_newly_late) == (1, 1, 1)
    assert (found.before, found.after) == (timedelta(hours=6), timedelta(hours=2))


def test_a_stage_with_one_deadline_for_both_tempos_does_not_move(
    city: Any, reported: Report
) -> None:
    reported(city.east)
    moves = moving.to_tempo(city.city.path, "war", BOOK, now=city.at(hours=1))
    assert (moves.n_open, moves.n_moved, moves.n_newly_late) == (1, 0, 0)


def test_peace_lets_late_legs_be_in_time_again(city: Any, reported: Report) -> None:
    reported(city.east, "verified", "investigated")
    actions.activate(area=city.city, tempo="war", by=city.mayor, now=city.at())
    moves = moving.to_tempo(city.city.path, "peace", BOOK, now=city.at(hours=3))
    assert (moves.n_no_longer_late, moves.n_newly_late) == (1, 0)
    assert stage(moves, "investigated").n_later == 1


def test_only_the_area_and_below_is_counted(city: Any, reported: Report) -> None:
    reported(city.east)
    assert moving.to_tempo(city.west.path, "war", BOOK, now=city.at()).n_open == 0


def test_what_is_promised_is_what_happens(city: Any, reported: Report) -> None:
    for area in city.cells:
        reported(area, "verified", "investigated")
    now = city.at(hours=3)
    promised = moving.to_tempo(city.city.path, "war", BOOK, now=now)
    done = actions.activate(area=city.city, tempo="war", by=city.mayor, now=now)
    assert promised.n_moved == done.n_legs == 6
    assert promised.n_newly_late == Handoff.objects.filter(done_at=None, due_at__lte=now).count()


def test_looking_moves_nothing(city: Any, reported: Report) -> None:
    passage = reported(city.east, "verified", "investigated")
    before = passage.handoffs.get(done_at=None).due_at
    moving.to_tempo(city.city.path, "war", BOOK, now=city.at())
    assert passage.handoffs.get(done_at=None).due_at == before


def test_another_playbook_moves_each_leg_at_the_tempo_of_its_area(
    city: Any, reported: Report
) -> None:
    reported(city.east, "verified", "investigated")
    reported(city.west, "verified", "investigated")
    actions.activate(area=city.east, tempo="war", by=city.mayor, now=city.at())
    text = BOOK.text.replace('peace = "6h", war = "2h"', 'peace = "6h", war = "1h"', 1)
    moves = moving.to_playbook(BOOK, playbook.parse(text), now=city.at())
    moved = [each for each in moves.with_legs if each.n_moved]
    assert [(each.tempo, each.n_sooner) for each in moved] == [("war", 1)]


def test_an_area_with_times_of_its_own_stands_in_a_row_of_its_own(
    city: Any, reported: Report
) -> None:
    reported(city.east)
    reported(city.west)
    own = playbook.parse(
        BOOK.text
        + f"""
[area.{city.east.code}]
title = {{ zh = "河东区", en = "East" }}

[area.{city.east.code}.deadlines.case_report]
reported = {{ peace = "17m", war = "9m", source = "制度", truth = "verified" }}
"""
    )
    moves = moving.to_playbook(BOOK, own, now=city.at())
    moved = [each for each in moves.with_legs if each.n_moved]
    assert [(each.area, each.n_moved, each.after) for each in moved] == [
        (str(city.east), 1, timedelta(minutes=17))
    ]
    assert sum(each.n_open for each in moves.with_legs) == 2
