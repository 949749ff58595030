"""Two desks that list one person in the same second, on a database that commits."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.tracing.conftest import SUN
from tongchou.cases.models import Contact, Exposure
from tongchou.ledger.models import Passage
from tongchou.tracing import actions


def at_once(*acts: Callable[[], object]) -> None:
    """Run the acts in threads that begin together."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_list_one_person_at_once_make_one_contact(city, entry, case_of):
    lines = [entry(name="孙", document=SUN), entry(name="孙", document=SUN, case=case_of())]
    at_once(
        *(
            lambda line=line: actions.list_contact(entry=line, by=city.wu, now=city.at(hours=2))
            for line in lines
        )
    )
    assert (Contact.objects.count(), Exposure.objects.count()) == (1, 2)
    assert Passage.objects.filter(loop="contact").count() == 1
