"""The natural history of diseases: what a course must say, and what ships."""

import pytest

from tests.playbook.small import parse_child
from tongchou import playbook
from tongchou.playbook import NoSuchRule, PlaybookError

ALL = playbook.shipped()
TRUTH = 'source = "a paper"\ntruth = "memory"\n'
SPELLS = "".join(
    f"{name} = {{ mean_days = 3, sd_days = 1 }}\n"
    for name in (
        "exposed_to_infectious",
        "infectious_to_symptoms",
        "symptoms_to_severe",
        "severe_to_critical",
        "critical_to_death",
        "recovery_asymptomatic",
        "recovery_mild",
        "recovery_severe",
        "recovery_critical",
    )
)
SHARES = """\
share_symptomatic = { from_age = [0, 60], value = [0.5, 0.8] }
share_severe = { from_age = [0], value = [0.1] }
share_critical = { from_age = [0], value = [0.05] }
share_dead = { from_age = [0], value = [0.01] }
"""
COURSE = f"[course.flu]\n{TRUTH}r0 = 1.5\n{SPELLS}{SHARES}"


def the_fault(body):
    with pytest.raises(PlaybookError) as refused:
        parse_child(body)
    [fault] = refused.value.faults
    return fault


def changed(old, new):
    assert old in COURSE
    return COURSE.replace(old, new, 1)


def test_a_course_says_its_numbers_plainly():
    numbers = parse_child(COURSE).course("flu").numbers()
    assert numbers["r0"] == 1.5
    assert numbers["recovery_mild"] == {"mean_days": 3, "sd_days": 1, "law": "lognormal"}
    assert numbers["share_symptomatic"] == {"from_age": [0, 60], "value": [0.5, 0.8]}


def test_a_course_starts_from_another_and_says_what_differs():
    disease = "[disease.cold]\n" + TRUTH + 'title = { zh = "感冒", en = "Cold" }\n'
    disease += "incubation_period = { mean_days = 2, sd_days = 1 }\nincubation_max_days = 4\n"
    disease += "serial_interval = { mean_days = 3, sd_days = 2 }\n"
    disease += "infectious_window = { from_days = -1, to_days = 5 }\n"
    cold = f'[course.cold]\n{TRUTH}same_as = "flu"\nr0 = 4\n'
    book = parse_child(COURSE + disease + cold)
    assert book.course("cold").numbers() == book.course("flu").numbers() | {"r0": 4}


def test_a_course_that_lacks_something_is_told_what():
    fault = the_fault(changed("recovery_mild = { mean_days = 3, sd_days = 1 }\n", ""))
    assert fault.reason("en") == "course.flu does not say recovery_mild."


@pytest.mark.parametrize("above", ["flu", "measles"])
def test_a_course_that_starts_from_nowhere_is_refused(above):
    fault = the_fault(f'[course.flu]\n{TRUTH}same_as = "{above}"')
    assert fault.kind == "course_from_nowhere"


def test_a_course_of_a_disease_that_is_not_there_is_refused():
    fault = the_fault(COURSE.replace("course.flu", "course.flou"))
    assert (fault.kind, fault.path) == ("course_of_nothing", "course.flou")
    assert fault.line > 1


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("[0.05]", "[0.2]", "worse_is_rarer"),
        ("[0.5, 0.8]", "[0.5, 1.8]", "out_of_range"),
        ("from_age = [0, 60]", "from_age = [0]", "bands"),
        ("from_age = [0, 60]", "from_age = [60, 0]", "bands"),
        ("from_age = [0, 60]", "from_age = [1, 60]", "bands"),
        ("mean_days = 3, sd_days = 1", "mean_days = 3", "spread_of_law"),
        ("sd_days = 1", 'sd_days = 1, law = "constant"', "spread_of_law"),
        ("mean_days = 3, sd_days = 1", "mean_days = 0, sd_days = 1", "no_days"),
        ("r0 = 1.5", "r0 = 0", "out_of_range"),
        ("r0 = 1.5", "r0 = 2\nve_infection = [0, 0, 0]", "missing"),
        ("r0 = 1.5", "r0 = 2\nve_infection = [0, 0, 0.5, 0.5]\nve_severe = [0, 0, 0, 0]",
         "worse_is_prevented"),
    ],
)  # fmt: skip
def test_a_course_that_cannot_be_is_refused(old, new, kind):
    fault = the_fault(changed(old, new))
    assert fault.kind == kind
    assert fault.path.startswith("course.flu")


def test_a_disease_without_a_course_is_named():
    with pytest.raises(NoSuchRule, match="has no rule course.ebola"):
        playbook.load("cn-base").course("ebola")


def test_rules_of_a_course_read_as_words():
    rules = playbook.load("cn-base").rules
    said = {path: playbook.rule_value(rules[f"course.{path}"], "en") for path in (
        "covid19_wild.exposed_to_infectious",
        "sars.infectious_to_symptoms",
        "sars.share_dead",
        "covid19_omicron.same_as",
        "covid19_omicron_ba1.ve_severe",
        "influenza.r0",
        "influenza.load",
    )}  # fmt: skip
    assert list(said.values()) == [
        "mean 4.5 days, sd 1.5 (lognormal)",
        "mean 0 days (constant)",
        "from 0 years 0.1%, from 13 years 13.2%, from 60 years 43.3%",
        "COVID-19, Omicron BA.2",
        "1 dose 30%, 2 doses 69.9%, 3 doses 97.9%",
        "1.46",
        "the first 50% (at most 2 days) 2 times the rest, and nothing after 7 days",
    ]


@pytest.mark.parametrize("name", ALL)
def test_every_playbook_can_be_simulated(name):
    book = playbook.load(name)
    for code in (
        "covid19_wild",
        "covid19_delta",
        "covid19_omicron_ba1",
        "covid19_omicron_ba2",
        "influenza",
        "sars",
    ):
        assert not list(book.course(code).missing())
    if book.main_disease:
        assert book.course().numbers()["r0"] > 1


def test_nature_is_the_same_in_every_playbook():
    base = playbook.load("cn-base")
    for name in ALL:
        assert playbook.load(name).courses == base.courses


def test_the_wild_type_is_that_of_covasim():
    numbers = playbook.load("cn-base").course("covid19_wild").numbers()
    assert numbers["share_severe"]["value"][-2:] == [0.20655, 0.2457]
    assert numbers["recovery_severe"] == {"mean_days": 18.1, "sd_days": 6.3, "law": "lognormal"}
    assert numbers["dispersion"] == 0.45
