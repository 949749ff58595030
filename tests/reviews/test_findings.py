"""Findings, five whys, and what they lead to: a problem, a task, a proposal with its effect."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.reviews.positives import positive, review_of
from tongchou.areas.models import Area
from tongchou.ledger import adoption, policy
from tongchou.ledger.models import Adoption
from tongchou.lists.models import Evidence
from tongchou.planning.models import Study
from tongchou.planning.playbook_paths import settled
from tongchou.playbook import source_name
from tongchou.reviews import effects
from tongchou.reviews.actions import consequences, findings, steps
from tongchou.reviews.errors import NotReady, ReviewError, Settled, Stale
from tongchou.reviews.models import Consequence, Review, Why
from tongchou.staff.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(city, person):
    return review_of(positive(city, person(), onset_on=city.at(days=-9).date()))


@pytest.fixture
def finding(city, review):
    return findings.find(
        review=review, kind="bottleneck", step="detect", what="Nine days until a test",
        delay_s=2 * 86400, by=city.qian, now=city.at(hours=4),
    )  # fmt: skip


def why(city, finding, text, cause="", after=None):
    after = finding.n_whys if after is None else after
    return findings.answer(
        finding=finding, text=text, cause=cause, after=after, by=city.qian, now=city.at(hours=5)
    )


def concluded(city, finding):
    why(city, finding, "The clinic did not test for it")
    why(city, finding, "Its doctors did not know the case definition", cause="training")
    return finding


def test_each_why_answers_the_one_before(city, finding):
    concluded(city, finding)

    assert list(Why.objects.values_list("number", "answer")) == [
        (1, "The clinic did not test for it"),
        (2, "Its doctors did not know the case definition"),
    ]
    finding.refresh_from_db()
    assert (finding.n_whys, finding.cause) == (2, "training")


def test_of_two_who_answer_one_why_the_second_is_told(city, finding):
    why(city, finding, "The clinic did not test for it")

    with pytest.raises(Stale):
        why(city, finding, "It was closed", after=0)


def test_the_fifth_why_names_the_cause(city, finding):
    for n in range(4):
        why(city, finding, f"because {n}")

    with pytest.raises(ReviewError, match="fifth"):
        why(city, finding, "and so on")
    why(city, finding, "too few doctors", cause="staff")
    with pytest.raises(Stale):
        why(city, finding, "a sixth", cause="staff")


def test_a_cause_is_of_the_closed_list(city, finding):
    with pytest.raises(ReviewError, match="list"):
        why(city, finding, "because", cause="bad luck")


def test_a_problem_has_the_review_and_the_case_as_evidence(city, finding):
    concluded(city, finding)
    made = consequences.raise_problem(
        finding=finding, title="Clinics do not test", what="Fever was not tested.",
        area=city.east, by=city.qian, now=city.at(hours=6),
    )  # fmt: skip

    problem = made.problem
    assert (problem.found_by, problem.cause) == ("review", "training")
    assert problem.passage.caused_by == finding.review.passage
    passages = set(Evidence.objects.filter(problem=problem).values_list("passage", flat=True))
    assert passages == {finding.review.passage_id, finding.review.case.passage_id}


def test_a_task_of_the_finding_solves_its_problem(city, finding):
    concluded(city, finding)
    raised = consequences.raise_problem(
        finding=finding, title="Clinics do not test", what="…", area=city.east,
        by=city.qian, now=city.at(hours=6),
    )  # fmt: skip
    made = consequences.set_task(
        finding=finding, goal="Every clinic tests fever", measure="List of clinics",
        due_at=city.at(days=9), unit=Unit.objects.get(name="市第一医院"),
        by=city.qian, now=city.at(hours=7),
    )  # fmt: skip

    assert made.task.problem == raised.problem
    assert (made.task.source, made.task.document) == ("review", finding.review.number)
    assert made.task.issuer.name == "市疾控中心"


def test_a_proposal_waits_for_a_second_person_with_its_diff(city, finding):
    made = consequences.propose_change(
        finding=finding, path="deadlines.contact.located.war", value="1h", reason="",
        by=city.qian, now=city.at(hours=6),
    )  # fmt: skip

    waiting = Adoption.objects.get()
    assert made.adoption == waiting and waiting.adopted_at is None
    (change,) = effects.of(made).changes
    assert change.path == "deadlines.contact.located"
    assert finding.review.number in waiting.text
    assert made.simulated is True


def test_each_proposal_of_a_finding_has_a_whole_name_of_its_own(city, finding):
    names = []
    for hour, value in ((6, "3h"), (8, "2h"), (10, "1h")):
        made = consequences.propose_change(
            finding=finding, path="deadlines.contact.located.war", value=value, reason="x",
            by=city.qian, now=city.at(hours=hour),
        )  # fmt: skip
        adoption.adopt(adoption=made.adoption, by=city.mayor, now=city.at(hours=hour + 1))
        names.append(made.adoption.playbook)

    assert names == [f"review-{finding.review_id}-{finding.number}-{n}" for n in (1, 2, 3)]
    book, number = policy.in_force(city.at(hours=12)), finding.review.number
    assert (book.title.zh.count("修改建议"), book.title.en.count("proposed by")) == (1, 1)
    source = source_name(book.deadline("contact", "located").source, "zh")
    assert source.startswith(f"{number} 建议，原为 2h（{number} 建议，原为 3h（")


def test_a_rule_that_no_simulator_reads_says_so(city, finding):
    made = consequences.propose_change(
        finding=finding, path="deadlines.review.opened", value="24h", reason="sooner",
        by=city.qian, now=city.at(hours=6),
    )  # fmt: skip

    assert made.simulated is False
    with pytest.raises(ReviewError, match="simulator"):
        consequences.ask_effect(consequence=made, by=city.qian, now=city.at(hours=6))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("deadlines.contact.nowhere", "1h"),
        ("timeliness.detect", "1h"),
        ("deadlines.contact.located.war", "banana"),
        ("deadlines.contact.located.war", "5h"),
    ],
)
def test_what_the_playbook_cannot_say_is_refused(city, finding, path, value):
    with pytest.raises(ReviewError):
        consequences.propose_change(
            finding=finding, path=path, value=value, reason="x",
            by=city.qian, now=city.at(hours=6),
        )  # fmt: skip
    assert not Consequence.objects.exists()


def test_the_effect_is_asked_of_today_and_of_the_proposal(city, finding):
    Area.objects.filter(level__gte=5).update(population=2000)
    book = policy.in_force(city.at(hours=6))
    Review.objects.filter(pk=finding.review.pk).update(disease="covid19_omicron_ba2")
    finding.review.refresh_from_db()
    assert "covid19_omicron_ba2" in book.courses
    made = consequences.propose_change(
        finding=finding, path="contact.close.quarantine.facility", value="5", reason="x",
        by=city.qian, now=city.at(hours=6),
    )  # fmt: skip
    consequences.ask_effect(consequence=made, by=city.qian, now=city.at(hours=6))

    before, after = Study.objects.order_by("id")
    assert f'playbook = "{book.id}"' in before.scenario.text
    assert f'playbook = "p{made.adoption_id}"' in after.scenario.text
    assert (before.seeds, before.state) == (after.seeds, "queued")
    assert effects.of(made).waits


def test_a_bottleneck_without_cause_or_consequence_is_not_submitted(city, review, finding):
    now = city.at(hours=8)
    steps.analyse(review=review, by=city.qian, now=now)
    steps.judge(review=review, judgement="Detected late.", by=city.qian, now=now)
    with pytest.raises(NotReady, match="no cause"):
        steps.submit(review=review, by=city.qian, now=now)

    concluded(city, finding)
    with pytest.raises(NotReady, match="led to nothing"):
        steps.submit(review=review, by=city.qian, now=now)
    consequences.note(finding=finding, reason="Trained already", by=city.qian, now=now)
    steps.submit(review=review, by=city.qian, now=now)
    assert review.passage.handoffs.get(done_at=None).unit.name == "河东区指挥部"


def submitted(city, review):
    now = city.at(hours=8)
    steps.analyse(review=review, by=city.qian, now=now)
    steps.judge(review=review, judgement="Nothing was slow.", by=city.qian, now=now)
    return steps.submit(review=review, by=city.qian, now=now)


def test_the_headquarters_accepts_and_not_the_street(city, review):
    submitted(city, review)

    with pytest.raises(NotReady, match="street"):
        steps.accept(review=review, by=city.duty_street, now=city.at(hours=9))
    steps.accept(review=review, by=city.duty_east, now=city.at(hours=9))
    assert review.passage.stage == "accepted"


def test_what_was_accepted_stays_and_is_proved_by_its_digest(city, review):
    steps.accept(review=submitted(city, review), by=city.duty_east, now=city.at(hours=9))
    review.refresh_from_db()

    assert review.facts["judgement"] == "Nothing was slow."
    assert review.facts["intervals"]["detect"]["days"] == 9
    assert steps.is_whole(review)
    review.facts["judgement"] = "All went well."
    assert not steps.is_whole(review)


def test_the_database_refuses_to_change_an_accepted_review(city, review):
    from django.db import DatabaseError, transaction

    steps.accept(review=submitted(city, review), by=city.duty_east, now=city.at(hours=9))

    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(judgement="All went well.")


def test_nothing_is_written_in_a_review_that_was_handed_in(city, review, finding):
    consequences.note(finding=finding, reason="x", by=city.qian, now=city.at(hours=6))
    concluded(city, finding)
    submitted(city, review)

    with pytest.raises(Settled):
        findings.find(
            review=review, kind="enabler", what="late", by=city.qian, now=city.at(hours=9)
        )


def test_two_who_write_the_judgement_do_not_undo_each_other(city, review):
    other = Review.objects.get(pk=review.pk)
    steps.judge(review=review, judgement="Mine", by=city.qian, now=city.at(hours=4))

    with pytest.raises(Stale):
        steps.judge(review=other, judgement="Theirs", by=city.qian, now=city.at(hours=4))


def test_what_is_sent_back_says_why(city, review):
    submitted(city, review)

    with pytest.raises(NotReady):
        steps.send_back(review=review, note=" ", by=city.duty_east, now=city.at(hours=9))
    steps.send_back(review=review, note="Ask the clinic", by=city.duty_east, now=city.at(hours=9))
    assert review.passage.stage == "analysed"


def test_a_finding_that_led_to_something_is_not_taken_back(city, finding):
    consequences.note(finding=finding, reason="x", by=city.qian, now=city.at(hours=6))

    with pytest.raises(ReviewError):
        findings.withdraw(finding=finding, by=city.qian, now=city.at(hours=7))


def test_an_adopted_proposal_still_shows_what_it_changed(city, finding):
    made = consequences.propose_change(
        finding=finding, path="deadlines.contact.located.war", value="2h", reason="x",
        by=city.qian, now=city.at(hours=6),
    )  # fmt: skip
    adoption.adopt(adoption=made.adoption, by=city.mayor, now=city.at(hours=8))
    made.adoption.refresh_from_db()

    seen = effects.of(made)
    assert seen.state == "adopted"
    assert len(seen.changes) == 1
    assert policy.in_force(city.at(hours=9)).deadline("contact", "located").allowed(
        "war"
    ) == timedelta(hours=2)


@pytest.fixture
def crossed(city, finding):
    """A proposal of a review, and what a county put forward and had adopted meanwhile."""
    Area.objects.filter(level__gte=5).update(population=2000)
    Review.objects.filter(pk=finding.review.pk).update(disease="covid19_omicron_ba2")
    finding.review.refresh_from_db()
    made = consequences.propose_change(
        finding=finding, path="contact.close.quarantine.facility", value="5", reason="x",
        by=city.qian, now=city.at(hours=6),
    )  # fmt: skip
    own = settled(
        policy.in_force(city.at(hours=6)), city.east.path, {"zh": "河东区", "en": "East"},
        {("task", "submitted"): {"peace": "9h", "war": "3h"}}, by="制度",
    )  # fmt: skip
    text = own.text.replace(f'id = "{own.id}"', 'id = "east"', 1)
    east = adoption.propose(text=text, reason="x", by=city.qian, now=city.at(hours=6))
    adoption.adopt(adoption=east, by=city.mayor, now=city.at(hours=7))
    return made


def test_what_a_review_changes_is_its_own_alone_after_both_were_adopted(city, crossed):
    adoption.adopt(adoption=crossed.adoption, by=city.mayor, now=city.at(hours=8))
    crossed.adoption.refresh_from_db()

    paths = [change.path for change in effects.of(crossed).changes]
    assert "contact.close.quarantine" in paths
    assert not [path for path in paths if path.startswith("area.")]
    assert city.east.code in policy.in_force(city.at(hours=9)).areas


def test_the_effect_is_that_of_the_proposal_and_of_nothing_adopted_since(city, crossed):
    consequences.ask_effect(consequence=crossed, by=city.qian, now=city.at(hours=8))

    before, _after = Study.objects.order_by("id")
    assert 'playbook = "cn-2022-06"' in before.scenario.text


def test_the_rule_to_change_is_that_of_the_area_where_it_has_its_own(
    client, city, sign_in, review, time_machine
):
    late = findings.find(
        review=review, kind="bottleneck", step="contact.located", what="Late", delay_s=3600,
        by=city.qian, now=city.at(hours=4),
    )  # fmt: skip
    district = Area.objects.get(code=review.area.codes[1])
    own = settled(
        policy.in_force(city.at()), district.path, {"zh": "区", "en": "District"},
        {("contact", "located"): {"peace": "9h", "war": "3h"}}, by="制度",
    )  # fmt: skip
    text = own.text.replace(f'id = "{own.id}"', 'id = "own"', 1)
    put = adoption.propose(text=text, reason="x", by=city.qian, now=city.at(hours=5))
    adoption.adopt(adoption=put, by=city.mayor, now=city.at(hours=5))
    time_machine.move_to(city.at(hours=6))
    sign_in(client, city.qian)
    page = client.get(reverse("reviews:lead", args=[late.pk, "proposal"]))

    rule = f"area.{district.code}.deadlines.contact.located"
    assert page.context["form"]["path"].value() == rule
