"""Switching tempo is one act: the area, all below it, every open deadline, and the record of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tongchou import playbook
from tongchou.areas.models import Area
from tongchou.command import actions
from tongchou.command.errors import NothingToChange, NotInCommand
from tongchou.command.models import Activation
from tongchou.ledger.models import Gap, Passage
from tongchou.ledger.sweeping import sweep
from tongchou.loops import Tempo
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
ALLOWED = playbook.load("cn-2022-06").deadline("case_report", "investigated")
Report = Callable[..., Passage]


def to(city: Any, area: Area, tempo: Tempo, **when: float) -> Activation:
    return actions.activate(area=area, tempo=tempo, by=city.mayor, now=city.at(**when))


def tempos(*areas: Area) -> list[str]:
    return [Area.objects.get(pk=area.pk).tempo for area in areas]


def due(passage: Passage) -> Any:
    return passage.handoffs.get(done_at=None).due_at


def test_activating_the_city_sets_everything_below_it_to_war(city: Any) -> None:
    to(city, city.city, Tempo.WAR)
    assert set(Area.objects.values_list("tempo", flat=True)) == {"war"}


def test_activating_a_district_leaves_the_other_in_peace(city: Any) -> None:
    to(city, city.east, Tempo.WAR)
    assert tempos(city.city, city.east, city.west) == ["peace", "war", "peace"]


def test_open_deadlines_follow_at_once(city: Any, reported: Report) -> None:
    passage = reported(city.community, "verified", "investigated")
    done = to(city, city.east, Tempo.WAR, hours=1)
    assert due(passage) == city.at() + ALLOWED.war
    assert done.n_legs == 1


def test_deadlines_in_the_other_district_stay(city: Any, reported: Report) -> None:
    passage = reported(city.west, "verified", "investigated")
    to(city, city.east, Tempo.WAR, hours=1)
    assert due(passage) == city.at() + ALLOWED.peace


def test_a_smaller_area_set_apart_later_wins(city: Any, reported: Report) -> None:
    passage = reported(city.community, "verified", "investigated")
    to(city, city.city, Tempo.WAR)
    to(city, city.east, Tempo.PEACE, hours=1)
    assert tempos(city.city, city.east, city.west) == ["war", "peace", "war"]
    assert due(passage) == city.at() + ALLOWED.peace


def test_the_larger_area_takes_the_smaller_back(city: Any) -> None:
    to(city, city.city, Tempo.WAR)
    to(city, city.east, Tempo.PEACE, hours=1)
    assert to(city, city.city, Tempo.WAR, hours=2).n_areas == 9  # the eastern half
    assert tempos(city.east) == ["war"]


def test_the_same_tempo_again_is_told_and_changes_nothing(city: Any) -> None:
    with pytest.raises(NothingToChange, match="同舟市.*already"):
        to(city, city.city, Tempo.PEACE)
    assert not Activation.objects.exists()
    assert not AuditEvent.objects.exists()


def test_peace_closes_the_gaps_that_are_no_longer_due(city: Any, reported: Report) -> None:
    reported(city.community, "verified", "investigated")
    to(city, city.city, Tempo.WAR)
    sweep(now=city.at(hours=3))
    assert to(city, city.city, Tempo.PEACE, hours=3).n_gaps_closed == 1
    assert Gap.objects.get().reason == Gap.Reason.TEMPO


def test_a_commander_of_one_district_cannot_switch_the_other(city: Any) -> None:
    with pytest.raises(NotInCommand, match="河西区"):
        actions.activate(area=city.west, tempo=Tempo.WAR, by=city.duty_east, now=city.at())
    assert tempos(city.west) == ["peace"]


def test_a_duty_officer_is_no_commander(city: Any) -> None:
    with pytest.raises(NotInCommand):
        actions.activate(area=city.east, tempo=Tempo.WAR, by=city.duty_city, now=city.at())


def test_the_act_is_kept_with_its_reason_and_its_effect(city: Any, reported: Report) -> None:
    reported(city.community, "verified", "investigated")
    actions.activate(
        area=city.city, tempo="war", by=city.mayor, now=city.at(), reason="首例本土病例", grade="2"
    )
    act = Activation.objects.get()
    assert (act.tempo_from, act.tempo_to, act.by, act.reason) == (
        "peace", "war", city.mayor, "首例本土病例",
    )  # fmt: skip
    assert (act.n_areas, act.n_legs, act.playbook, act.grade) == (15, 1, "cn-2022-06", "2")


def test_the_audit_tells_who_switched_what(city: Any) -> None:
    to(city, city.east, Tempo.WAR)
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject, event.actor) == ("command.activate", "area:990102", "mayor")


def test_an_activation_cannot_be_edited_afterwards(city: Any) -> None:
    act = to(city, city.east, Tempo.WAR)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Activation.objects.filter(pk=act.pk).update(reason="better words")


def test_activation_costs_the_same_few_queries_whatever_the_size(
    city: Any, reported: Report, django_assert_max_num_queries: Any
) -> None:
    for area in city.cells:
        reported(area)
    with django_assert_max_num_queries(13):
        to(city, city.city, Tempo.WAR)
