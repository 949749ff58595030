"""Two desks that write down the same number in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.little_city import T0, build
from tests.people.conftest import number
from tongchou.people import actions
from tongchou.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_desks_that_write_one_number_down_make_one_person() -> None:
    city = build()
    start = Barrier(4)

    def desk(n: int) -> Any:
        try:
            start.wait(5)
            return actions.register(
                by=city.qian, now=T0, name="孙一一", document=number(), phone=f"1380000000{n}"
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as desks:
        done = list(desks.map(desk, range(4)))
    assert sorted(one.is_new for one in done) == [False, False, False, True]
    assert Person.objects.count() == 1
    assert len({one.person.key for one in done}) == 1
