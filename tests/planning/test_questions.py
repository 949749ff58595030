"""Questions asked outright: one sentence, one table, made by the worker like any study."""

import pytest
from django.urls import reverse

from tests.planning.texts import asked, made
from tongchou.planning.actions import studies
from tongchou.planning.models import State


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.TONGCHOU_DATA = tmp_path


@pytest.mark.parametrize("kind", ["unit", "open", "hour", "change", "ready"])
def test_a_question_is_answered_in_a_sentence(client, city, sign_in, kind):
    study = made(asked(city, kind=kind, seeds=2), city)
    sign_in(client, city.mayor)
    page = client.get(reverse("planning:study", args=[study.pk]))

    assert study.state == State.DONE, study.fault
    assert page.context["answer"].sentence == study.result["en"]
    assert page.context["answer"].rows


def test_a_plan_waits_until_nothing_else_does(city, monkeypatch):
    monkeypatch.setattr(studies, "TURN", -1.0)
    plan, quick = asked(city, kind="plan"), asked(city)
    studies.run_waiting(now=city.at())
    plan.refresh_from_db()
    quick.refresh_from_db()

    assert (plan.state, quick.state) == (State.QUEUED, State.RUNNING)
