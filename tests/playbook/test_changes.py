import pytest
from hypothesis import given

from tests.playbook.small import SMALL, parse_child, playbooks, small
from tongchou import playbook
from tongchou.playbook import Playbook, difference


def the_change(old, new):
    [change] = difference(playbook.parse(SMALL), playbook.parse(small((old, new))))
    return change


@given(playbooks)
def test_a_playbook_does_not_differ_from_itself(book):
    assert difference(book, book) == ()
    assert difference(book, playbook.parse(book.text)) == ()


@given(playbooks, playbooks)
def test_every_change_has_words_in_both_languages(a, b):
    for change in difference(a, b):
        assert change.words_zh.strip()
        assert change.words_en.strip()
        assert change.before != change.after


@given(playbooks, playbooks)
def test_the_way_back_changes_the_same_rules(a, b):
    there = {c.path: (c.before, c.after) for c in difference(a, b)}
    back = {c.path: (c.after, c.before) for c in difference(b, a)}
    assert there == back


@given(playbooks, playbooks)
def test_playbooks_without_a_difference_say_the_same(a, b):
    head = {"id": a.id, "title": a.title, "issuer": a.issuer, "valid_from": a.valid_from}
    alike = Playbook.model_construct(**{**dict(b), **head}) == a
    assert (difference(a, b) == ()) == alike


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        (
            'peace = "4h", war = "2h"',
            'peace = "4h", war = "1h"',
            "平时4小时，战时2小时 → 平时4小时，战时1小时",
            "4 hours in peace, 2 hours at war → 4 hours in peace, 1 hour at war",
        ),
        ('"1d12h", war = "90m"', '"3d", war = "3d"', "→ 3天", "→ 3 days"),
        (
            '{ site = "home", days = 3 }',
            '{ site = "home", days = 4 }',
            "密切接触者·隔离管理：7天集中隔离＋3天居家隔离 → 7天集中隔离＋4天居家隔离",
            "close contacts: quarantine: 7 days in a facility + 3 days at home → ",
        ),
        ("[1, 4, 10]", "[1, 10]", "第1、4、10天 → 第1、10天", "day 1, 4, 10 → day 1, 10"),
        ("value = 2", "value = 4", "2天 → 4天", "2 days → 4 days"),
        ('["street", "city"]', '["district"]', "街道 → 市级 → 区县", "street → city → district"),
        ("to_days = 5", "to_days = 0", "发病后5天 → 发病前1天至发病当天", "to onset"),
        ("mean_days = 2", "mean_days = 2.5", "平均2.5天，标准差1天（伽马分布）", "mean 2.5 days"),
        ('within = "2h"', 'within = "30m"', "报告：2小时内 → 30分钟内", "report: within 2 hours →"),
        (
            'within = "2h"',
            'within = "2h", share = 0.8',
            "2小时内达到80%",
            "within 2 hours for 80%",
        ),
        ('en = "Flu"', 'en = "Influenza"', "en Flu → Influenza", "Flu → Influenza"),
        ('since = "found"', 'since = "tested"', "since found → tested", "since found → tested"),
    ],
)
def test_a_change_is_told_in_the_words_of_the_field(old, new, zh, en):
    change = the_change(old, new)
    assert zh in change.words("zh")
    assert en in change.words("en")
    assert not change.only_provenance


def test_another_source_for_the_same_rule_is_told_apart():
    change = the_change('source = "a later order"', 'source = "the latest"')
    assert change.only_provenance
    assert change.words_en.endswith("source a later order → the latest")


def test_new_and_dropped_rules_are_told():
    base = playbook.parse(SMALL)
    body = """
[group.entrant]
quarantine = { value = [{ site = "home", days = 1 }], source = "s", truth = "seed" }
"""
    [new] = difference(base, parse_child(body))
    [gone] = difference(parse_child(body), base)
    assert new.words_zh == "入境人员·隔离管理：新增，1天居家隔离"
    assert gone.words_en == "people entering the country: quarantine: dropped (was 1 day at home)"


def test_another_main_disease_is_a_change():
    book = playbook.parse(small(("valid_from", 'main_disease = "flu"\nvalid_from')))
    [change] = difference(playbook.parse(SMALL), book)
    assert change.words_en == "written for: new, flu"


def test_changes_come_in_the_order_of_the_playbook():
    changes = difference(playbook.load("cn-2021-05"), playbook.load("cn-2022-11"))
    sections = list(dict.fromkeys(change.path.partition(".")[0] for change in changes))
    assert sections == [
        "main_disease",
        "contact",
        "group",
        "deadlines",
        "zone",
        "response",
        "timeliness",
        "red_lines",
    ]
