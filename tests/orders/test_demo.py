"""The demo city has decided, ordered, and somebody is on duty in it."""

import pytest

from tests.little_city import T0
from tongchou.ledger.models import Handoff
from tongchou.lists.models import Task
from tongchou.orders.models import Decision, Flag, Meeting, Order, Shift
from tongchou.orders.queries import duty, flags, orders
from tongchou.site.demo import city as demo
from tongchou.site.demo import orders as play
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def test_the_city_has_decided_ordered_and_is_on_duty():
    built = demo.build(1000, password="x", now=T0)
    play.play(now=T0)
    assert Meeting.objects.get().signed_at
    assert Decision.objects.filter(decided_at=None).count() == 1
    assert Task.objects.get().source == "decision"
    states = [orders.state(row, T0) for row in orders.dressed(Order.objects.order_by("pk"))]
    assert states == ["in_force", "in_force", "draft"]
    assert Handoff.objects.filter(loop="order_receipt", done_at=None).exists()
    scope = scope_of(built.users["commander"], now=T0)
    assert duty.on_duty(scope, now=T0) and duty.waiting(scope, now=T0)
    assert "empty" in {hole.code for hole in duty.holes(duty.rosters(scope), now=T0)}


def test_one_conflict_was_mended_and_another_waits():
    demo.build(1000, password="x", now=T0)
    play.play(now=T0)
    _supply, mended, waiting = Order.objects.order_by("pk")
    assert {flag.code for flag in Flag.objects.filter(order=mended, at_issue=False)} == {
        "work_from_home"
    }
    assert flags.of(mended, now=T0) == []
    assert {one.code for one in flags.of(waiting, now=T0)} == {"test_shut", "test_from_home"}


@pytest.mark.parametrize("hour", [0, 5, 9, 14, 21])
def test_at_any_hour_a_shift_runs_and_the_one_before_waits(hour):
    now = T0.replace(hour=hour, minute=30)
    demo.build(1000, password="x", now=now)
    play.play(now=now)
    running = Shift.objects.get(starts_at__lte=now, ends_at__gt=now)
    assert running.passage is not None
    over = Shift.objects.filter(ends_at__lte=now).order_by("starts_at")
    assert [s.passage.stage for s in over if s.passage][-1] == "on_duty"
