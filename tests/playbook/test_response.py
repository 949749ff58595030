"""What is done in peace and at war: how it is written, and what the shipped playbooks say."""

import pytest
from pydantic import BaseModel

from tests.playbook.small import parse_child
from tongchou import playbook
from tongchou.playbook import PlaybookError, Response
from tongchou.playbook.vocabulary import NAMES

ROUNDS = '[response.rounds]\nsource = "an order"\ntruth = "seed"\n'


def the_fault(body):
    with pytest.raises(PlaybookError) as refused:
        parse_child(body)
    [fault] = refused.value.faults
    return fault


def test_a_rule_is_one_value_or_one_for_each_tempo():
    book = parse_child(ROUNDS + "interval_days = { peace = 3, war = 1 }\npool_size = 10\n")
    rounds = book.response.rounds
    assert [rounds.interval_days.in_(tempo) for tempo in ("peace", "war")] == [3, 1]
    assert [rounds.pool_size.in_(tempo) for tempo in ("peace", "war")] == [10, 10]


@pytest.mark.parametrize("said", ["{ peace = 3 }", "{ value = 1, war = 1, peace = 3 }"])
def test_half_a_rule_is_refused(said):
    fault = the_fault(ROUNDS + f"interval_days = {said}")
    assert (fault.kind, fault.path) == ("one_or_two", "response.rounds.interval_days")
    assert "peace" in fault.mend("en")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("interval_days = 0", "out_of_range"),
        ("interval_days = 1.5", "wrong_type"),
        ('unit = "street"', "choice"),
        ("intervall_days = 2", "unknown"),
        ("pool_size = { peace = 0, war = 10 }", "out_of_range"),
    ],
)
def test_a_wrong_value_is_refused(said, kind):
    assert the_fault(ROUNDS + said).kind == kind


def test_there_are_two_tempos():
    book = parse_child(ROUNDS + "pool_size = 10")
    with pytest.raises(ValueError, match="tempo is 'peace' or 'war', not 'rest'"):
        book.response.rounds.pool_size.in_("rest")


def test_a_measure_nobody_knows_is_refused():
    fault = the_fault('[response.drones]\nsource = "x"\ntruth = "seed"\nn = 1')
    assert (fault.kind, fault.path) == ("unknown", "response.drones")


def test_a_playbook_need_not_say_anything():
    assert parse_child().response == Response()


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("rounds.interval_days", "平时3，战时1", "3 in peace, 1 at war"),
        ("zones.unit", "小区", "compound"),
        ("work.capacity", "平时100%，战时50%", "100% in peace, 50% at war"),
        ("masks.required", "是", "yes"),
        ("vaccination.oldest_first", "否", "no"),
        ("stages.war_cases", "1", "1"),
        (
            "schools.closed",
            "平时无，战时幼儿园、小学、中学、高校",
            "none in peace, kindergarten, primary, secondary, university at war",
        ),
    ],
)
def test_the_response_reads_as_words(path, zh, en):
    rule = playbook.load("cn-2022-06").rule(f"response.{path}")
    assert (playbook.rule_value(rule, "zh"), playbook.rule_value(rule, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("path", "value", "unit"),
    [
        ("rounds.interval_days", "3 / 1", "peace / war"),
        ("rounds.pool_size", "10", ""),
        ("masks.required", "yes", ""),
        ("work.capacity", "1 / 0.5", "peace / war"),
    ],
)
def test_a_statement_needs_no_language(path, value, unit):
    rows = {row.path: row for row in playbook.load("cn-2022-06").statements()}
    row = rows[f"response.{path}"]
    assert (row.value, row.unit) == (value, unit)


def every_rule(part: type[BaseModel] = Response, path: str = ""):
    for name, field in part.model_fields.items():
        kind = next(each for each in field.annotation.__args__ if each is not type(None))
        if "source" in kind.model_fields:
            yield f"{path}{name}"
        else:
            yield from every_rule(kind, f"{path}{name}.")


@pytest.mark.parametrize("path", list(every_rule()))
def test_every_rule_there_can_be_has_a_name_in_both_languages(path):
    measure, rule = path.split(".")
    assert measure in NAMES
    assert path in NAMES or rule in NAMES


def test_the_twenty_measures_relax():
    june, november = playbook.load("cn-2022-06").response, playbook.load("cn-2022-11").response
    assert june.rounds.unit.in_("peace") == "community"
    assert november.rounds.unit.in_("peace") == "zone"
    assert november.stages.war_cases.value > june.stages.war_cases.value
    assert (june.zones.unit.in_("war"), november.zones.unit.in_("war")) == ("compound", "building")
    assert june.schools.closed.in_("war")
    assert not november.schools.closed.in_("war")
    assert june.work.capacity.in_("war") < november.work.capacity.in_("war")


def test_who_knows_no_zones_and_no_rounds():
    response = playbook.load("who-generic").response
    assert response.zones is None
    assert response.rounds is None
    assert response.isolation.site.in_("war") == "home"


@pytest.mark.parametrize("name", playbook.shipped())
def test_war_leaves_no_more_contacts_than_peace(name):
    response = playbook.load(name).response
    limits = [response.work.capacity, response.checkpoints and response.checkpoints.crossing]
    limits += [rule for _, rule in response.gatherings]
    for rule in limits:
        assert rule is None or rule.in_("war") <= rule.in_("peace")


def test_a_measure_can_be_left_out():
    head = 'without = ["response.rounds"]'
    body = 'id = "x"\ntitle = { zh = "甲", en = "X" }\nissuer = "y"\nvalid_from = 2022-07-01\n'
    book = playbook.parse(f'{body}extends = "cn-2022-06"\n{head}', resolve=playbook.load)
    assert book.response.rounds is None
    assert book.response.zones is not None
