"""What the shipped playbooks say, held against the sources they quote."""

from datetime import timedelta
from itertools import product

import pytest

from tongchou import playbook

STAGES = {
    "case_report": ("reported", "verified", "investigated", "admitted", "recovered"),
    "investigation": ("opened", "unreachable", "core_known", "submitted"),
    "contact": ("listed", "notified", "located", "received", "not_found", "elsewhere"),
    "quarantine_stay": ("awaiting_transfer", "in_facility", "at_home", "absent", "ill"),
}
ALL = playbook.shipped()
CHINESE = [name for name in ALL if name.startswith("cn-")]


def hours(n):
    return timedelta(hours=n)


def plan(contact):
    return [(part.site, part.days) for part in contact.quarantine], contact.test_days


def test_five_playbooks_ship():
    assert ALL == ("cn-2021-05", "cn-2022-06", "cn-2022-11", "cn-base", "who-generic")


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_playbook_is_named_as_its_file(name):
    assert playbook.load(name).id == name


@pytest.mark.parametrize(("name", "loop"), list(product(ALL, STAGES)))
def test_every_stage_has_a_deadline_no_longer_at_war(name, loop):
    book = playbook.load(name)
    for stage in STAGES[loop]:
        assert book.deadline(loop, stage).war <= book.deadline(loop, stage).peace


@pytest.mark.parametrize("name", ALL)
def test_people_not_found_are_looked_for_at_once(name):
    book = playbook.load(name)
    assert book.deadline("contact", "not_found").war <= hours(4)
    assert book.deadline("quarantine_stay", "absent").war <= hours(2)


@pytest.mark.parametrize("name", ALL)
def test_a_default_never_passes_for_a_rule(name):
    for rule in playbook.load(name).rules.values():
        if "not from a rule" in rule.source or "from memory" in rule.source:
            assert rule.truth == "memory"


@pytest.mark.parametrize("name", ALL)
def test_every_disease_of_the_demo_and_the_imports_is_there(name):
    diseases = playbook.load(name).diseases
    assert {"covid19_wild", "covid19_delta", "covid19_omicron"} < diseases.keys()
    assert {"mers", "ebola", "influenza"} < diseases.keys()


@pytest.mark.parametrize("name", ALL)
def test_nearly_everybody_falls_ill_within_the_longest_incubation(name):
    for disease in playbook.load(name).diseases.values():
        spell = disease.incubation_period
        assert spell.mean_days + spell.sd_days < disease.incubation_max_days.value


@pytest.mark.parametrize("name", ALL)
def test_both_languages_are_filled_everywhere(name):
    book = playbook.load(name)
    assert any("\u4e00" <= char <= "\u9fff" for char in book.title.zh)
    for change in playbook.difference(playbook.load("who-generic"), book):
        assert change.words_zh
        assert change.words_en


def test_eighth_edition_holds_close_contacts_fourteen_and_seven_days():
    book = playbook.load("cn-2021-05")
    stay, tests = plan(book.contact("close"))
    assert stay == [("facility", 14), ("home", 7)]
    assert tests == (1, 4, 7, 14)
    assert plan(book.contact("secondary"))[0] == [("facility", 7)]


def test_ninth_edition_holds_close_contacts_seven_and_three_days():
    book = playbook.load("cn-2022-06")
    stay, tests = plan(book.contact("close"))
    assert stay == [("facility", 7), ("home", 3)]
    assert tests == (1, 2, 3, 5, 7, 10)
    assert plan(book.contact("secondary")) == ([("home", 7)], (1, 4, 7))


def test_twenty_measures_hold_five_and_three_days_and_know_no_secondary_contacts():
    book = playbook.load("cn-2022-11")
    stay, tests = plan(book.contact("close"))
    assert stay == [("facility", 5), ("home", 3)]
    assert tests == (1, 2, 3, 5, 6, 8)
    assert not book.contact("secondary").managed
    assert plan(book.group("spill_over_high")) == ([("home", 7)], (1, 3, 5, 7))


def test_seven_days_at_home_were_monitoring_before_the_twenty_measures():
    homes = {
        name: playbook.load(name).contact("close").quarantine[-1].kind
        for name in ("cn-2021-05", "cn-2022-06", "cn-2022-11")
    }
    assert list(homes.values()) == ["monitoring", "monitoring", "quarantine"]


def test_entrants_are_held_as_close_contacts():
    for name in ("cn-2021-05", "cn-2022-06", "cn-2022-11"):
        book = playbook.load(name)
        assert plan(book.group("entrant")) == plan(book.contact("close"))


def test_nobody_from_a_low_risk_area_is_isolated():
    assert not playbook.load("cn-2022-06").group("spill_over_low").managed


def test_who_follows_contacts_for_fourteen_days():
    assert playbook.load("who-generic").contact("close").n_days == 14


@pytest.mark.parametrize("name", ALL)
def test_an_appeal_is_answered_within_two_days(name):
    assert playbook.load(name).target("appeal_answered").within == hours(48)


@pytest.mark.parametrize("name", ALL)
def test_seven_one_seven(name):
    book = playbook.load(name)
    spans = [book.target(name).within for name in ("detect", "notify", "respond")]
    assert spans == [timedelta(days=7), timedelta(days=1), timedelta(days=7)]


@pytest.mark.parametrize("name", CHINESE)
def test_a_close_contact_is_in_quarantine_eight_hours_after_listing_at_war(name):
    book = playbook.load(name)
    legs = [book.deadline("contact", stage) for stage in ("listed", "notified", "located")]
    assert sum((leg.war for leg in legs), hours(0)) == hours(8)
    assert sum((leg.peace for leg in legs), hours(0)) == hours(24)


@pytest.mark.parametrize("name", ALL)
def test_the_transfer_has_the_same_time_on_both_sides(name):
    book = playbook.load(name)
    contact, stay = (
        book.deadline("contact", "located"),
        book.deadline("quarantine_stay", "awaiting_transfer"),
    )
    assert (contact.peace, contact.war) == (stay.peace, stay.war)


@pytest.mark.parametrize("name", CHINESE)
def test_the_full_report_is_due_a_day_after_the_case(name):
    book = playbook.load(name)
    legs = [book.deadline("investigation", stage) for stage in ("opened", "core_known")]
    assert sum((leg.war for leg in legs), hours(0)) == hours(24)


@pytest.mark.parametrize("name", CHINESE)
def test_the_cdc_verifies_within_two_hours(name):
    assert playbook.load(name).deadline("case_report", "reported").war == hours(2)


@pytest.mark.parametrize("name", ["cn-2022-06", "cn-2022-11", "cn-base"])
def test_nine_red_lines_stand(name):
    lines = playbook.load(name).red_lines
    assert len({line.code for line in lines}) == 9
    assert all(line.zh.startswith("不准") for line in lines)


def test_red_lines_came_after_the_eighth_edition():
    assert playbook.load("cn-2021-05").red_lines == ()


def test_a_high_risk_area_steps_down_level_by_level_until_november():
    june, november = playbook.load("cn-2022-06"), playbook.load("cn-2022-11")
    assert (june.zone("high").lift.clean_days, june.zone("high").lift.to) == (7, "medium")
    assert (november.zone("high").lift.clean_days, november.zone("high").lift.to) == (5, "low")
    assert "medium" not in november.zones


def test_the_mers_serial_interval_is_that_of_the_line_list(shared):
    import csv
    from datetime import date

    folder = shared / "data" / "linelists"
    with (folder / "mers_korea_2015.linelist.csv").open() as file:
        onset = {row["id"]: row["dt_onset"] for row in csv.DictReader(file)}
    with (folder / "mers_korea_2015.contacts.csv").open() as file:
        pairs = [(onset[row["from"]], onset[row["to"]]) for row in csv.DictReader(file)]
    days = [(date.fromisoformat(b) - date.fromisoformat(a)).days for a, b in pairs if a and b]
    spell = playbook.load("cn-base").disease("mers").serial_interval
    assert spell.mean_days == pytest.approx(sum(days) / len(days), abs=0.05)
