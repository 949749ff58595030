"""Every positive opens a review: at once, in bulk, or when somebody asks; never twice."""

import pytest

from tests.reviews.positives import positive, reported, review_of
from tongchou.cases import actions as cases
from tongchou.cases.models import Case
from tongchou.ledger.models import Handoff, Passage
from tongchou.reviews.actions import opening, steps
from tongchou.reviews.acts import acts_at
from tongchou.reviews.errors import NotReady
from tongchou.reviews.models import Review

pytestmark = pytest.mark.django_db


def test_a_confirmed_case_opens_its_review_at_once(city, person):
    case = positive(city, person())

    review = Review.objects.get(case=case)
    assert review.passage.stage == "opened"
    assert review.passage.caused_by == case.passage
    assert review.area == case.area


def test_a_suspicion_opens_none_until_it_is_confirmed(city, person):
    case = reported(city, person())
    assert not Review.objects.exists()

    cases.classify(
        case=case, classification="asymptomatic", reason="PCR", by=city.qian, now=city.at(hours=3)
    )
    assert Review.objects.get(case=case).opened_at == city.at(hours=3)


def test_the_cdc_has_three_days_in_peace(city, person):
    review = Review.objects.get(case=positive(city, person()))

    leg = Handoff.objects.get(passage=review.passage)
    assert (leg.owner, leg.unit.name) == ("cdc", "市疾控中心")
    assert (leg.due_at - leg.opened_at).total_seconds() == 72 * 3600


def test_a_case_that_is_none_takes_its_review_along(city, person):
    case = positive(city, person())

    cases.discard(case=case, reason="contaminated", by=city.qian, now=city.at(hours=5))
    assert Review.objects.get(case=case).passage.stage == "dropped"


def handed_in(city, case):
    review = review_of(case)
    steps.judge(review=review, judgement="slow", by=city.qian, now=city.at(hours=2))
    steps.analyse(review=review, by=city.qian, now=city.at(hours=2))
    steps.submit(review=review, by=city.qian, now=city.at(hours=3))
    return review


def test_a_case_that_is_none_takes_a_submitted_review_along(city, person):
    case = positive(city, person())
    handed_in(city, case)
    case.refresh_from_db()

    cases.discard(case=case, reason="contaminated", by=city.qian, now=city.at(hours=5))
    assert review_of(case).passage.stage == "dropped"


def test_the_review_of_a_case_that_stands_is_not_dropped(city, person):
    review = review_of(positive(city, person()))

    with pytest.raises(NotReady, match="still stands"):
        steps.drop(review=review, by=city.qian, now=city.at(hours=3), note="too busy")
    assert set(acts_at(review)) == {"analysed", "submitted"}


def test_the_review_of_a_discarded_case_is_not_accepted(city, person):
    case = positive(city, person())
    handed_in(city, case)
    Case.objects.filter(pk=case.pk).update(classification="discarded")  # as a list brings it

    review = review_of(case)
    with pytest.raises(NotReady, match="nothing to accept"):
        steps.accept(review=review, by=city.duty_city, now=city.at(hours=6))
    assert set(acts_at(review)) == {"analysed", "dropped"}


def test_another_classification_opens_no_second_review(city, person):
    case = positive(city, person())

    cases.classify(
        case=case, classification="asymptomatic", reason="", by=city.qian, now=city.at(hours=4)
    )
    assert Review.objects.count() == 1


def test_what_came_in_under_way_is_opened_by_the_worker_once(city, person):
    case = positive(city, person())
    other = reported(city, person())
    Case.objects.filter(pk=other.pk).update(classification="confirmed")  # as a list brings it

    assert opening.open_due(now=city.at(hours=6)) == "opened 1 reviews"
    assert opening.open_due(now=city.at(hours=7)) == ""
    assert set(Review.objects.values_list("case", flat=True)) == {case.pk, other.pk}


def test_a_closed_list_asks_nobody_for_reviews(city, person):
    case = reported(city, person())
    Case.objects.filter(pk=case.pk).update(
        classification="confirmed", passage=None, outcome="recovered"
    )

    assert opening.open_due(now=city.at(hours=6)) == ""
    assert opening.open_many(cases=[case.pk], by=city.qian, now=city.at(hours=6)) == 1
    assert Passage.objects.get(loop="review").caused_by is None


def test_ten_reviews_take_as_many_statements_as_two(city, person, django_assert_max_num_queries):
    made = [reported(city, person()).pk for _n in range(10)]
    Case.objects.filter(pk__in=made).update(classification="confirmed")

    with django_assert_max_num_queries(22):
        opening.open_many(cases=made, by=city.qian, now=city.at(hours=6))
    assert Review.objects.count() == 10


def test_a_cluster_needs_a_name_and_cases_or_days(city):
    with pytest.raises(opening.ReviewError):
        opening.begin(area=city.east, title="x", by=city.qian, now=city.at())
    with pytest.raises(opening.ReviewError):
        opening.begin(
            area=city.east, title=" ", since=city.at().date(), until=city.at().date(),
            by=city.qian, now=city.at(),
        )  # fmt: skip


def test_the_review_goes_with_its_case_to_another_county(city, person):
    case = positive(city, person())

    cases.move(case=case, area=city.west, by=city.qian, now=city.at(hours=5))
    review = Review.objects.select_related("passage").get(case=case)
    assert (review.area, review.area_path) == (city.west, city.west.path)
    assert review.passage.area == city.west
