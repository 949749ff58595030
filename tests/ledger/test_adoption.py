"""A playbook is proposed by one, adopted by another, and every open deadline follows."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from tongchou import playbook
from tongchou.ledger import actions, adoption, policy
from tongchou.ledger.errors import LedgerError, TakesTwo
from tongchou.ledger.models import Adoption

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(city: Any) -> Adoption:
    """The twenty measures, put forward by the mayor."""
    text = playbook.load("cn-2022-11").text
    return adoption.propose(text=text, reason="二十条", by=city.mayor, now=city.at())


def test_the_configured_playbook_is_in_force_at_first(city: Any) -> None:
    assert policy.in_force(city.at()).id == "cn-2022-06"


def test_nobody_adopts_what_they_proposed(city: Any, proposal: Adoption) -> None:
    with pytest.raises(TakesTwo):
        adoption.adopt(adoption=proposal, by=city.mayor, now=city.at())


def test_a_second_person_puts_it_in_force(city: Any, proposal: Adoption) -> None:
    adoption.adopt(adoption=proposal, by=city.gao, now=city.at(hours=1))
    assert policy.in_force(city.at(hours=2)).id == "cn-2022-11"
    assert policy.in_force(city.at()).id == "cn-2022-06"


def test_it_is_adopted_once(city: Any, proposal: Adoption) -> None:
    adoption.adopt(adoption=proposal, by=city.gao, now=city.at())
    with pytest.raises(LedgerError, match="already"):
        adoption.adopt(adoption=proposal, by=city.gao, now=city.at())


def test_what_was_withdrawn_cannot_be_adopted(city: Any, proposal: Adoption) -> None:
    adoption.withdraw(adoption=proposal, by=city.mayor, now=city.at())
    with pytest.raises(LedgerError, match="withdrawn"):
        adoption.adopt(adoption=proposal, by=city.gao, now=city.at())


def test_open_legs_take_the_new_deadline_and_name_the_new_playbook(
    city: Any, proposal: Adoption, case_report: Any
) -> None:
    passage = actions.start(
        loop=case_report, area=city.community, title="C-1", by=city.qian, now=city.at()
    )
    text = proposal.text.replace('id = "cn-2022-11"', 'id = "city-trial"', 1)
    trial = adoption.propose(text=text, reason="trial", by=city.mayor, now=city.at())
    adoption.adopt(adoption=trial, by=city.gao, now=city.at())
    leg = passage.handoffs.get()
    allowed = playbook.parse(text).deadline("case_report", "reported")
    assert leg.due_at == city.at() + allowed.peace


def test_a_proposal_is_kept_whole_so_that_an_upgrade_cannot_change_it(city: Any) -> None:
    text = """
id = "city-own"
title = { zh = "本市预案", en = "Our own" }
issuer = "Our city"
valid_from = 2022-07-01
extends = "cn-2022-06"
"""
    kept = adoption.propose(text=text, reason="trial", by=city.mayor, now=city.at())
    again = playbook.parse(kept.text, resolve=lambda _: pytest.fail("needs another file"))
    assert again.digest == kept.digest
    assert again.contact("close").n_days == 10


def test_proposals_of_before_the_upgrade_learn_what_they_were_made_over(
    city: Any, proposal: Adoption
) -> None:
    adoption.adopt(adoption=proposal, by=city.gao, now=city.at(hours=1))
    text = proposal.text.replace('id = "cn-2022-11"', 'id = "later"', 1)
    later = adoption.propose(text=text, reason="…", by=city.mayor, now=city.at(hours=2))
    Adoption.objects.update(base=None)
    migration = import_module("tongchou.ledger.migrations.0004_adoption_base")
    migration.what_was_in_force(apps, None)
    bases = dict(Adoption.objects.values_list("pk", "base"))
    assert bases == {proposal.pk: None, later.pk: proposal.pk}
