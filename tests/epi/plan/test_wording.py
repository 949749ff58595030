"""What a plan changes, in the words of the field."""

from dataclasses import fields

import pytest

from tongchou.epi.plan import dotted
from tongchou.epi.plan.scenario import Capacities
from tongchou.epi.plan.wording import WORDS, change, changes, label, value_words
from tongchou.epi.spread.policy import Policy


def test_a_change_is_said_in_both_languages():
    path = "policy.war.rounds.interval_days"

    assert change(path, 3, 1, "zh") == "战时·区域核酸筛查·轮次间隔：3天 → 1天"
    assert change(path, 3, 1, "en") == "rounds of pooled PCR: interval, at war: 3 days → 1 day"


@pytest.mark.parametrize(
    ("path", "value", "zh", "en"),
    [
        ("policy.war.zones.unit", "building", "楼栋", "building"),
        ("policy.war.masks.share", 0.85, "85%", "85%"),
        ("policy.war.schools.closed", ("primary", "secondary"), "小学、中学", None),
        ("policy.war.schools.closed", (), "无", "none"),
        ("capacities.rooms", float("inf"), "不限", "unlimited"),
        ("capacities.rooms", 12000.0, "12,000", "12,000"),
        ("policy.vaccination.oldest_first", True, "是", "yes"),
        ("policy.war.tracing.delay_days", (1,) * 7, "1天", "1 day"),
        ("policy.war.tracing.completeness.class", 0.5, "50%", "50%"),
        ("policy.war.tracing.delay_days.workplace", 2, "2天", "2 days"),
        ("policy.war.quarantine.test_days", (1, 3), "1、3", "1, 3"),
    ],
)
def test_values_are_said_with_their_units(path, value, zh, en):
    assert value_words(path, value, "zh-hans") == zh
    assert en is None or value_words(path, value, "en") == en


def test_a_layer_of_contact_has_its_own_word():
    found = label("policy.war.tracing.completeness.community", "zh")

    assert found == "战时·流调追踪·追踪完整率·社区"
    assert "community" in label("policy.both.gatherings.community", "en")


def test_only_what_differs_is_said():
    before = {"capacities.rooms": 10.0, "policy.war.masks.share": 0.5}

    assert changes(before, before, "en") == []
    assert len(changes(before, before | {"capacities.rooms": 20.0}, "zh")) == 1


def test_every_field_of_a_policy_has_its_words():
    steps = {step for path, _ in dotted.paths(Policy()) for step in path.split(".")}
    steps |= {each.name for each in fields(Capacities)}

    assert steps - set(WORDS) == set()
