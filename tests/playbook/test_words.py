import pytest

from tongchou import playbook
from tongchou.playbook import difference

BOOK = playbook.load("cn-2022-06")
ROWS = {row.path: row for row in BOOK.statements()}


@pytest.mark.parametrize(
    ("path", "value", "unit"),
    [
        ("deadlines.contact.located", "12h / 5h", "peace / war"),
        ("timeliness.report", "2h", "found → reported"),
        ("disease.mers.serial_interval", "14.5 ± 5.2 gamma", "days"),
        ("disease.influenza.infectious_window", "-1 … 5", "days from onset"),
        ("zone.high.lift", "7 → medium", "clean days"),
        ("contact.close.look_back_days", "2", "days"),
        ("contact.close.quarantine", "7 facility + 3 home monitoring", "days"),
        ("contact.close.test_days", "1, 2, 3, 5, 7, 10", "day"),
        ("contact.secondary.managed", "yes", ""),
        ("escalation.rungs", "street, district, city", ""),
    ],
)
def test_a_statement_is_a_value_and_a_unit(path, value, unit):
    assert (ROWS[path].value, ROWS[path].unit) == (value, unit)


def test_a_sentence_is_stated_in_both_languages():
    zh, en = ROWS["zone.high.people"].value.split(" / ")
    assert (zh, en) == ("足不出户、上门服务", "stay at home, served at the door")


@pytest.mark.parametrize("name", playbook.shipped())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_has_a_name_and_a_phrase(name, lang):
    for path, rule in playbook.load(name).rules.items():
        assert playbook.rule_name(path, lang, rule).strip()
        assert playbook.rule_value(rule, lang).strip()


@pytest.mark.parametrize("name", playbook.shipped())
def test_no_rule_is_named_in_english_to_a_chinese_reader(name):
    for path, rule in playbook.load(name).rules.items():
        words = playbook.rule_name(path, "zh", rule)
        assert any("\u4e00" <= char <= "\u9fff" for char in words), path


def test_the_contact_of_the_deadlines_is_a_loop_and_no_section():
    assert playbook.rule_name("deadlines.contact.located", "en") == (
        "contact: located, to be received at the site"
    )


def test_a_deadline_that_is_the_same_in_both_tempos_is_said_once():
    assert playbook.rule_value(BOOK.deadline("case_report", "reported"), "zh") == "2小时"


def test_a_red_line_is_named_by_its_number():
    [*_, last] = difference(playbook.load("cn-2021-05"), BOOK)
    assert last.words_zh.startswith("红线第9条：新增，不准随意关闭")


def test_how_far_a_rule_can_be_trusted_is_said():
    assert playbook.truth_name("memory", "zh") == "凭记忆，待核实"
    assert playbook.truth_name("verified", "en") == "verified"


def test_the_source_of_what_was_put_forward_is_told_in_both_languages():
    first = f"proposed by R-000012; was 4h ({BOOK.deadline('contact', 'located').source})"
    again = f"proposed by the planner; was 3h ({first})"
    assert playbook.source_name(again, "en") == again
    said = playbook.source_name(again, "zh")
    assert said.startswith("推演模块 建议，原为 3h（R-000012 建议，原为 4h（")
    assert "proposed" not in said and said.endswith("））")


def test_a_source_that_people_cite_stays_as_it_is_cited():
    assert playbook.source_name("市疫指〔2026〕3号", "zh") == "市疫指〔2026〕3号"
    assert playbook.source_name("proposed by nobody", "zh") == "proposed by nobody"
    default = "editable default, not from a rule: as for Omicron"
    assert playbook.source_name(default, "zh") == "可修改的默认值，无规定依据: as for Omicron"


def test_a_name_nobody_foresaw_is_shown_as_it_is():
    assert playbook.rule_name("disease.lassa_fever.title", "zh") == "lassa fever·名称"
