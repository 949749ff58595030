"""A real kill -9 at any moment: what was acknowledged is there, and nothing is half-done."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.generative.test_at_once import located, report, whole
from tongchou.cases import actions as cases
from tongchou.cases.models import Case, Contact
from tongchou.ledger.models import Handoff
from tongchou.people.models import Person
from tongchou.quarantine.models import Stay
from tongchou.records import audit
from tongchou.records.models import AuditEvent
from tongchou.tracing.models import Investigation

ROOT = Path(__file__).resolve().parents[2]


def killed_after(seconds: float, *keys: list[int]) -> list[list[str]]:
    """Let a desk work in a process of its own, kill it, and give back what it had acknowledged."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    words = [",".join(map(str, some)) for some in keys]
    victim = str(ROOT / "tests/generative/victim.py")
    with subprocess.Popen(
        [sys.executable, victim, str(connection.settings_dict["NAME"]), *words],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    ) as desk:
        assert desk.stdout is not None
        said = [desk.stdout.readline().split()]
        time.sleep(seconds)
        desk.send_signal(signal.SIGKILL)
        said += [line.split() for line in desk.stdout.read().splitlines()]
    assert said[0] == ["ready"]
    return said[1:]


def nothing_is_half_done() -> None:
    """Each act is whole: the hand-over with its audit, and what the chains make follow from it."""
    whole()
    n_closed = Handoff.objects.exclude(done_at=None).count()
    told = AuditEvent.objects.filter(verb__in=("ledger.hand_over", "ledger.move"))
    assert told.count() == n_closed
    n_started = AuditEvent.objects.filter(verb="ledger.start").count()
    assert n_started == Handoff.objects.filter(number=1).count()
    verified = Case.objects.filter(passage__stage="verified")
    assert verified.count() == Investigation.objects.filter(case__in=verified).count()
    for stay in Stay.objects.select_related("passage", "order"):
        contact = stay.order.contacts.get()
        at_door = stay.passage.stage == "awaiting_transfer"
        assert contact.passage.stage == ("located" if at_door else "received")
        if stay.passage.stage == "ill":
            assert Case.objects.filter(person=contact.person).count() == 1
    assert audit.verify().whole


@pytest.mark.django_db(transaction=True)
def test_a_desk_that_is_killed_leaves_nothing_half_done(city: Any, person: Any) -> None:
    dice = random.Random(20150519)
    index = cases.verify(case=report(city, person()), by=city.qian, now=city.at(hours=1))
    for _ in range(12):
        report(city, person())
        located(city, index)
    for _ in range(3):
        todo = list(Case.objects.filter(passage__stage="reported").values_list("pk", flat=True))
        there = Stay.objects.filter(passage__stage="awaiting_transfer")
        said = killed_after(dice.uniform(0, 0.35), todo, list(there.values_list("pk", flat=True)))
        for verb, pk in said:
            assert acknowledged(verb, int(pk))
        nothing_is_half_done()
    assert Contact.objects.count() == 12
    assert Person.objects.exists()


def acknowledged(verb: str, pk: int) -> bool:
    """Whether what the desk said it had done is in the record."""
    if verb == "verified":
        done = Handoff.objects.filter(passage__case=pk, outcome="verified")
    else:
        done = Handoff.objects.filter(passage__stay=pk, outcome={"home": "at_home"}.get(verb, verb))
    return done.exists()


@pytest.mark.django_db(transaction=True)
def test_after_a_kill_the_next_desk_goes_on_at_once(city: Any, person: Any) -> None:
    """No lock outlives the process that held it."""
    waiting = [report(city, person()) for _ in range(6)]
    said = killed_after(0.05, [case.pk for case in waiting], [])
    done = {int(pk) for _verb, pk in said}
    for case in Case.objects.select_related("passage").filter(passage__stage="reported"):
        assert case.pk not in done
        cases.verify(case=case, by=city.qian, now=city.at(hours=10))
    assert not Case.objects.filter(passage__stage="reported").exists()
    nothing_is_half_done()
