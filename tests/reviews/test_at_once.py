"""Two people in one review at the same second: one wins, the other is told, nothing is lost."""

import pytest

from tests.command.test_at_once import side_by_side
from tests.reviews.positives import positive, reported, review_of
from tongchou.cases import actions as cases
from tongchou.cases.models import Case
from tongchou.ledger.errors import AlreadyHandedOver
from tongchou.reviews.actions import findings, opening, steps
from tongchou.reviews.errors import Stale
from tongchou.reviews.models import Finding, Review, Why

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_answer_one_why_one_is_told(city, person):
    review = review_of(positive(city, person()))
    made = findings.find(
        review=review, kind="bottleneck", what="late", by=city.qian, now=city.at(hours=3)
    )

    def answer(text):
        finding = Finding.objects.select_related("review").get(pk=made.pk)
        return findings.answer(
            finding=finding, text=text, after=0, by=city.qian, now=city.at(hours=4)
        )

    first, second = side_by_side(lambda: answer("no car"), lambda: answer("no list"))
    assert Why.objects.count() == 1
    assert sorted(isinstance(each, Stale) for each in (first, second)) == [False, True]


def test_two_findings_at_once_get_two_numbers(city, person):
    review = review_of(positive(city, person()))

    def find(what):
        return findings.find(
            review=Review.objects.get(pk=review.pk), kind="enabler", what=what,
            by=city.qian, now=city.at(hours=3),
        )  # fmt: skip

    side_by_side(lambda: find("a"), lambda: find("b"))
    assert sorted(Finding.objects.values_list("number", flat=True)) == [1, 2]


def test_accepted_and_sent_back_at_once_is_one_of_both(city, person):
    review = review_of(positive(city, person()))
    now = city.at(hours=4)
    steps.analyse(review=review, by=city.qian, now=now)
    steps.judge(review=review, judgement="In time.", by=city.qian, now=now)
    steps.submit(review=review, by=city.qian, now=now)
    later = city.at(hours=5)
    here, there = review_of(review.case), review_of(review.case)

    found = side_by_side(
        lambda: steps.accept(review=here, by=city.duty_east, now=later),
        lambda: steps.send_back(review=there, note="more", by=city.duty_city, now=later),
    )
    assert sum(isinstance(each, AlreadyHandedOver) for each in found) == 1
    stored = Review.objects.select_related("passage").get(pk=review.pk)
    assert (stored.passage.stage == "accepted") == (stored.facts is not None)


def test_the_worker_and_the_desk_open_one_review(city, person):
    case = reported(city, person())
    Case.objects.filter(pk=case.pk).update(classification="asymptomatic")

    found = side_by_side(
        lambda: opening.open_due(now=city.at(hours=3)),
        lambda: cases.classify(
            case=Case.objects.select_related("area", "passage").get(pk=case.pk),
            classification="confirmed", reason="", by=city.qian, now=city.at(hours=3),
        ),
    )  # fmt: skip
    assert Review.objects.filter(case=case).count() == 1
    assert not isinstance(found[1], Exception)
