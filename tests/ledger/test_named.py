"""What is handed to a unit by its name is ended by its people and by nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest

from tongchou.ledger import actions, queries, registry, turns
from tongchou.ledger.models import Handoff, Passage
from tongchou.loops import Handoff as Row
from tongchou.loops import Loop
from tongchou.staff.models import Post
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db

#: The signal's names, so that the shipped playbooks have its deadlines.
ERRAND = Loop(
    "signal",
    (
        Row("raised", "duty_officer", ("claimed",), named=True),
        Row("claimed", "duty_officer", ("verified",), named=True),
        Row("verified", "cdc", ("closed",)),
    ),
)


@pytest.fixture(autouse=True)
def errand() -> Iterator[None]:
    known = registry.registered("signal")
    listeners = dict(registry._listeners)
    registry._listeners.clear()
    registry.register(ERRAND, label="errand")
    yield
    registry._loops["signal"] = known
    registry._listeners.update(listeners)


def start(city: Any, **more: Any) -> Passage:
    return actions.start(
        loop=ERRAND, area=city.community, title="E-1", by=city.qian, now=city.at(), **more
    )


def unit_of(user: Any) -> Any:
    return user.posts.get().unit


def test_the_leg_takes_the_role_of_the_unit_that_was_named(city: Any) -> None:
    leg = start(city, unit=unit_of(city.lin).pk).handoffs.get()
    assert (leg.unit, leg.owner) == (unit_of(city.lin), "hospital")


def test_where_nobody_is_named_the_duty_officer_nearest_answers(city: Any) -> None:
    leg = start(city).handoffs.get()
    assert (leg.unit, leg.owner) == (unit_of(city.duty_street), "duty_officer")


def test_a_unit_with_nobody_on_duty_gives_way_to_the_duty_officer(city: Any) -> None:
    city.lin.posts.update(to_at=city.at(hours=-1), from_at=city.at(hours=-2))
    leg = start(city, unit=unit_of(city.lin).pk).handoffs.get()
    assert (leg.unit, leg.owner) == (unit_of(city.duty_street), "duty_officer")


def test_only_the_named_unit_may_sign(city: Any) -> None:
    leg = start(city, unit=unit_of(city.lin).pk).handoffs.get()
    assert turns.may_sign(leg, scope_of(city.lin, now=city.at()))
    assert not turns.may_sign(leg, scope_of(city.duty_city, now=city.at()))


def leave(user: Any, city: Any) -> None:
    """Everybody of the user's unit ends their post an hour from now."""
    user.posts.get().unit.posts.update(to_at=city.at(hours=1))


def test_where_its_people_left_the_duty_officer_signs_for_the_unit(city: Any) -> None:
    leg = start(city, unit=unit_of(city.lin).pk).handoffs.get()
    leave(city.lin, city)

    assert not turns.may_sign(leg, scope_of(city.duty_city, now=city.at()))
    assert turns.may_sign(leg, scope_of(city.duty_city, now=city.at(hours=2)))
    assert not turns.may_sign(leg, scope_of(city.peng, now=city.at(hours=2)))


def test_what_a_unit_left_behind_waits_with_the_duty_officer(city: Any) -> None:
    leg = start(city, unit=unit_of(city.lin).pk).handoffs.get()
    leave(city.lin, city)
    later = scope_of(city.duty_city, now=city.at(hours=2))

    assert list(queries.inbox(later.answers_for)) == [leg]
    assert turns.n_waiting(later) == 1


def test_who_is_posted_to_the_unit_takes_it_back(city: Any) -> None:
    leg = start(city, unit=unit_of(city.lin).pk).handoffs.get()
    leave(city.lin, city)
    Post.objects.create(
        user=city.zhao, role="hospital", unit=unit_of(city.lin), area=city.city,
        level=city.city.level, from_at=city.at(hours=3),
    )  # fmt: skip

    assert turns.may_sign(leg, scope_of(city.zhao, now=city.at(hours=4)))
    assert not turns.may_sign(leg, scope_of(city.duty_city, now=city.at(hours=4)))


def test_the_next_unit_is_named_at_the_hand_over(city: Any) -> None:
    passage = start(city, unit=unit_of(city.lin).pk)
    actions.hand_over(
        passage=passage,
        to="claimed",
        by=city.lin,
        now=city.at(hours=1),
        unit=unit_of(city.peng).pk,
    )
    leg = Handoff.objects.get(passage=passage, done_at=None)
    assert (leg.unit, leg.owner) == (unit_of(city.peng), "public_security")


def test_a_subject_may_be_handed_to_another_unit_of_the_same_area(city: Any) -> None:
    passage = start(city, unit=unit_of(city.lin).pk)
    actions.move(
        passage=passage,
        area=passage.area,
        by=city.lin,
        now=city.at(hours=1),
        unit=unit_of(city.peng).pk,
    )
    legs = list(passage.handoffs.order_by("number"))
    assert [leg.unit for leg in legs] == [unit_of(city.lin), unit_of(city.peng)]
    assert legs[0].due_at == legs[1].due_at  # the clock runs on
