"""An area that took another over goes on with its reviews; who stands in, signs for the gone."""

from datetime import timedelta

import pytest
import time_machine

from tests.reviews.positives import positive, review_of
from tongchou.reviews.models import Lesson
from tongchou.reviews.queries import lessons, register
from tongchou.reviews.views.common import at
from tongchou.staff import reach
from tongchou.staff.models import Post
from tongchou.staff.queries import Scope, scope_of

pytestmark = pytest.mark.django_db


def merge(city):
    city.east.ended_on, city.east.successor = city.at().date(), city.west
    city.east.save()


def test_who_took_over_sees_the_reviews_and_lessons_of_the_merged_area(city, person):
    review = review_of(positive(city, person()))
    type(review).objects.filter(pk=review.pk).update(area=city.east, area_path=city.east.path)
    lesson = Lesson.objects.create(
        title="x", learned="x", origin="own", area=city.east, area_path=city.east.path,
        by=city.qian, at=city.at(),
    )  # fmt: skip
    west = Scope((("cdc", city.west.path, 0),))
    assert review not in register.visible_to(west)

    merge(city)
    assert review in register.visible_to(west)
    assert lesson in lessons.listed(west)
    assert reach.covers(west, "cdc", review_of(review.case).area)


def test_who_took_over_hands_the_reviews_of_the_merged_area_on(city, person, client, sign_in):
    review = review_of(positive(city, person()))
    type(review).objects.filter(pk=review.pk).update(area=city.east, area_path=city.east.path)
    Post.objects.filter(user=city.qian).update(area=city.west, level=city.west.level)
    merge(city)
    sign_in(client, city.qian)
    with time_machine.travel(city.at(hours=3), tick=False):
        typed = {"analysed-leg": 1, "analysed-note": "", "leg": 1}
        client.post(f"/reviews/{review.pk}/act/analysed/", typed)

    assert review_of(review.case).passage.stage == "analysed"


def test_the_desk_stands_in_for_a_unit_that_nobody_is_left_of(city, person, rf):
    review = review_of(positive(city, person()))
    leg = register.open_leg(review)
    Post.objects.filter(unit=leg.unit).update(to_at=city.at(days=1))
    request = rf.get("/reviews/")
    request.user = city.duty_city

    with time_machine.travel(city.at(days=1) + timedelta(hours=1), tick=False):
        assert leg.unit_id in at(request).scope.answers_for
    assert leg.unit_id not in scope_of(city.duty_city, now=city.at(hours=2)).answers_for
