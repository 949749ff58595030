"""Two people at once, on a database that commits: one does it, the other is told."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.lists.making import set_one, unit_of
from tests.little_city import LittleCity, build
from tongchou.ledger.errors import LedgerError
from tongchou.lists.actions import problems, steering, tasks
from tongchou.lists.actions.delegating import Part, delegate
from tongchou.lists.models import Problem, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city() -> LittleCity:
    return build()


def both(*acts: Callable[[], Any]) -> list[str]:
    """Do all at the same moment; what each met, "" where it went well."""
    gate, met = threading.Barrier(len(acts)), [""] * len(acts)

    def one(number: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            act()
        except LedgerError as refusal:
            met[number] = type(refusal).__name__
        except Exception as fault:
            met[number] = repr(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


def again(task: Task) -> Task:
    return Task.objects.select_related("passage").get(pk=task.pk)


def test_of_two_claims_one_holds(city: LittleCity) -> None:
    task = set_one(city)
    copies = again(task), again(task)
    met = both(*(
        lambda copy=copy: tasks.claim(task=copy, by=city.zhou, now=city.at(hours=1))
        for copy in copies
    ))  # fmt: skip
    assert sorted(met) == ["", "AlreadyHandedOver"]


def test_of_two_editors_one_is_told(city: LittleCity) -> None:
    task = again(set_one(city))
    met = both(
        lambda: steering.retime(
            task=again(task), due_at=city.at(days=5), reason="甲", by=city.duty_city,
            now=city.at(hours=1), seen=task.version,
        ),
        lambda: steering.amend(
            task=again(task), measure="抽查 50 所", reason="乙", by=city.mayor,
            now=city.at(hours=1), seen=task.version,
        ),
    )  # fmt: skip
    assert sorted(met) == ["", "Stale"]


def test_passing_down_and_submitting_do_not_cross(city: LittleCity) -> None:
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    met = both(
        lambda: tasks.submit(task=again(task), text="完成", by=city.zhou, now=city.at(hours=2)),
        lambda: delegate(
            task=again(task), parts=[Part(unit_of(city.duty_east))], by=city.zhou,
            now=city.at(hours=2),
        ),
    )  # fmt: skip
    assert met.count("") == 1
    whole = again(task)
    assert (whole.stage == "submitted") == (not Task.objects.filter(parent=task).exists())


def test_numbers_are_given_once_each(city: LittleCity) -> None:
    both(*(
        lambda: problems.raise_problem(
            title="x", what="y", area=city.east, found_by="self", by=city.duty_east, now=city.at()
        )
        for _ in range(4)
    ))  # fmt: skip
    numbers = sorted(Problem.objects.values_list("number", flat=True))
    assert numbers == [f"P-990102-{n:04d}" for n in range(1, 5)]
