"""What the builder begins with: cases and delays as the records have them, the rest assumed."""

from datetime import timedelta

from tests.planning.texts import SMALL
from tongchou.ledger.models import Handoff, Passage
from tongchou.planning import known, texts
from tongchou.planning.building import Answers, text_of


def handed_on(city, loop: str, stage: str, hours: float, n: int) -> None:
    """So many hand-offs of a stage that took so long, yesterday."""
    began = city.at(days=-2)
    for _ in range(n):
        passage = Passage.objects.create(
            loop=loop, stage=stage, title="C", area=city.city, area_path=city.city.path,
            opened_at=began,
        )  # fmt: skip
        Handoff.objects.create(
            passage=passage, number=1, loop=loop, stage=stage, owner="cdc",
            area_path=city.city.path, opened_at=began, timed_from=began, due_at=began,
            playbook="x", done_at=began + timedelta(hours=hours), done_by=city.qian,
            outcome="verified",
        )  # fmt: skip


def delay(city, path: str):
    found = known.of(city.city, now=city.at())
    return next(each for each in found.facts()["delays"] if each["path"] == path)


def test_without_a_ledger_every_delay_is_assumed(city):
    assert all(
        not each["measured"] for each in known.of(city.city, now=city.at()).facts()["delays"]
    )


def test_a_stage_that_ended_often_enough_is_measured(city):
    handed_on(city, "case_report", "reported", hours=3, n=5)

    assert delay(city, "isolation.transfer_days")["measured"] == [["case_report", "reported", 5]]


def test_a_stage_that_ended_too_seldom_keeps_its_deadline(city):
    handed_on(city, "case_report", "reported", hours=3, n=4)

    assert delay(city, "isolation.transfer_days")["measured"] == []


def test_hand_offs_of_long_ago_do_not_count(city):
    handed_on(city, "case_report", "reported", hours=3, n=5)

    found = known.of(city.city, now=city.at(days=40)).facts()["delays"]

    assert not any(each["measured"] for each in found)


def test_measured_delays_are_written_into_the_scenario(city):
    for stage in ("reported", "verified", "investigated"):
        handed_on(city, "case_report", stage, hours=20, n=5)
    here = known.of(city.city, now=city.at())
    text = text_of(Answers("x", "cn-2022-06", "covid19_omicron_ba2", 30, 5, people=2000,
                           delays=here.orders()))  # fmt: skip

    policy = texts.read(text).scenario.policy
    assert "# measured: 15 hand-offs of the last 28 days" in text
    assert policy.war.isolation.transfer_days == round(60 / 24 + 1e-9)


def test_an_empty_answer_leaves_what_such_cities_have(city):
    ready = texts.read(SMALL).scenario.capacities
    same = text_of(Answers("x", "cn-2022-06", "covid19_omicron_ba2", 30, 5, people=3000,
                           capacities={"rooms": None, "tubes": 7}))  # fmt: skip
    found = texts.read(same).scenario.capacities

    assert (found.rooms, found.tubes) == (ready.rooms, 7)


def test_the_study_begins_with_those_behind_the_cases_and_says_what_was_assumed(city):
    here = known.of(city.city, now=city.at())
    facts = here.facts()["outbreak"]

    assert facts["infected"] == here.outbreak.infected
    assert "every infection is reported" in facts["assumed"]
    assert here.outbreak.incubation_days > 1
