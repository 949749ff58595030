"""A proposal counts by what it changes itself, whatever came into force since."""

import pytest
from hypothesis import given

from tests.playbook.small import SMALL, playbooks
from tongchou import playbook
from tongchou.playbook import Collides, difference, rebased

BASE = playbook.parse(SMALL)


def other(old: str, new: str, name: str) -> playbook.Playbook:
    assert old in SMALL
    return playbook.parse(SMALL.replace(old, new).replace('id = "small"', f'id = "{name}"'))


QUICK = other('war = "2h", clause', 'war = "1h", clause', "quick")
LONGER = other("visit_days = 5", "visit_days = 9", "longer")


def test_two_proposals_side_by_side_both_count():
    both = rebased(BASE, QUICK, LONGER)
    assert both.deadline("parcel", "sent") == QUICK.deadline("parcel", "sent")
    assert both.retention.visit_days == 9
    assert both.id == "quick"


def test_the_order_of_two_that_do_not_touch_makes_no_difference():
    assert difference(rebased(BASE, QUICK, LONGER), rebased(BASE, LONGER, QUICK)) == ()


def test_two_that_settle_one_rule_in_two_ways_collide():
    slow = other('war = "2h", clause', 'war = "3h", clause', "slow")
    with pytest.raises(Collides) as refused:
        rebased(BASE, QUICK, slow)
    assert refused.value.paths == ("deadlines.parcel.sent",)


def test_two_that_settle_one_rule_alike_do_not():
    same = other('war = "2h", clause', 'war = "1h", clause', "same")
    assert difference(rebased(BASE, QUICK, same), QUICK) == ()


def test_an_area_takes_its_last_rule_back():
    own = """
[area.370404]
title = { zh = "峄城区", en = "Yicheng" }
deadlines.parcel.sent = { peace = "3h", war = "1h", source = "s", truth = "seed" }
"""
    with_own = playbook.parse(SMALL + own)
    assert rebased(with_own, BASE, with_own).areas == {}


@given(playbooks, playbooks)
def test_over_its_own_base_a_proposal_stands_as_it_was_written(base, proposal):
    assert difference(rebased(base, proposal, base), proposal) == ()


@given(playbooks, playbooks)
def test_a_proposal_that_changes_nothing_leaves_what_is_in_force(base, current):
    assert difference(rebased(base, base, current), current) == ()


def own(name: str = "峄城区", code: str = "370404", **stages: str) -> playbook.Playbook:
    """The small playbook with times of one area, in peace and war alike."""
    rules = "".join(
        f'deadlines.parcel.{stage} = {{ peace = "{time}", war = "{time}", '
        'source = "s", truth = "seed" }\n'
        for stage, time in stages.items()
    )
    return playbook.parse(f'{SMALL}[area.{code}]\ntitle = {{ zh = "{name}", en = "E" }}\n{rules}')


def test_an_area_that_got_another_name_between_two_proposals_takes_the_later_one():
    both = rebased(BASE, own("峄城新区", sent="1h"), own("峄城区", received="80m"))
    local = both.areas["370404"]
    assert local.title.zh == "峄城新区"
    assert set(local.deadline_tables["parcel"]) == {"sent", "received"}


def test_two_that_each_take_one_of_two_rules_back_leave_the_area_none():
    base = own(sent="1h", received="80m")
    assert rebased(base, own(sent="1h"), own(received="80m")).areas == {}


def test_a_rule_for_an_area_whose_others_were_taken_back_keeps_its_name():
    both = rebased(own(sent="1h"), own(sent="1h", received="80m"), BASE)
    assert both.areas["370404"].title.zh == "峄城区"


def test_what_leans_on_something_the_other_took_away_collides():
    disease = SMALL[SMALL.index("[disease.flu]") : SMALL.index("[contact.close]")]
    two = playbook.parse(SMALL + disease.replace("disease.flu", "disease.cold"))
    main = playbook.parse('main_disease = "cold"\n' + two.text)
    with pytest.raises(Collides, match="cold"):
        rebased(two, main, BASE)
