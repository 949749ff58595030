"""Lessons: from here or elsewhere, with what changed and whether the next positives showed it."""

from datetime import timedelta

import pytest

from tests.reviews.positives import day, positive
from tongchou.ledger import adoption, policy
from tongchou.playbook import load
from tongchou.reviews.actions import lessons
from tongchou.reviews.errors import ReviewError
from tongchou.reviews.models import Lesson
from tongchou.reviews.queries import lessons as queries
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def learned(city, **more):
    facts = {"title": "Test fever", "learned": "Every clinic tests.", "area": city.east} | more
    return lessons.learn(**facts, by=city.qian, now=city.at(days=1))


def seen(city, lesson, *, days=60):
    now = city.at(days=days)
    return queries.shown(lesson, book=policy.in_force(now), now=now)


def ill(city, person, *, reported, onset_before):
    """A positive reported so many days after 1 July, so many days after onset."""
    return positive(
        city, person(), hours=reported * 24, reported_on=day(city, reported),
        onset_on=day(city, reported - onset_before),
    )  # fmt: skip


def test_a_lesson_from_elsewhere_needs_place_and_source(city):
    with pytest.raises(ReviewError, match="source"):
        learned(city, origin="outside", place="Suzhou")

    made = learned(city, origin="outside", place="Suzhou", source="Visit of 3 May")
    assert str(made) == "Test fever"


def test_nothing_changed_shows_nothing(city):
    assert seen(city, learned(city)).verdict == "unchanged"


def test_a_change_that_is_under_way_says_so(city):
    waiting = adoption.propose(
        text=load("who-generic").text, reason="x", by=city.gao, now=city.at(days=2)
    )
    lesson = learned(city, adoption=waiting, interval="onset_to_report")
    assert seen(city, lesson).verdict == "waiting"

    adoption.adopt(adoption=waiting, by=city.mayor, now=city.at(days=4))
    shown = seen(city, Lesson.objects.get())
    assert (shown.changed_on, shown.changed_by) == (day(city, 4), "playbook")


def test_six_before_and_six_after_show_that_it_got_faster(city, person):
    for n in range(6):
        ill(city, person, reported=n, onset_before=9 + n % 2)
        ill(city, person, reported=12 + n, onset_before=1 + n % 2)
    lesson = learned(
        city, interval="onset_to_report", changed_on=day(city, 10), changed_note="Test at once"
    )
    shown = seen(city, lesson)

    assert (shown.before.n, shown.after.n) == (6, 6)
    assert shown.verdict == "faster"
    assert shown.shift.by == -8 * 86400
    assert shown.shift.high < 0


def test_three_after_are_too_few_to_tell(city, person):
    for n in range(6):
        ill(city, person, reported=n, onset_before=9)
    for n in range(3):
        ill(city, person, reported=12 + n, onset_before=1)
    lesson = learned(
        city, interval="onset_to_report", changed_on=day(city, 10), changed_note="Test at once"
    )

    shown = seen(city, lesson)
    assert (shown.after.n, shown.verdict) == (3, "too_few")


def test_those_after_who_have_not_come_so_far_are_counted(city, person):
    ill(city, person, reported=12, onset_before=1)
    lesson = learned(city, interval="respond", changed_on=day(city, 10), changed_note="x")

    assert seen(city, lesson, days=14).after.n_waiting == 1


def test_a_county_reads_what_its_city_learned(city):
    learned(city, area=city.city)
    learned(city, area=city.west)
    scope = scope_of(city.duty_east, now=city.at(days=2))

    assert [lesson.area for lesson in queries.listed(scope)] == [city.city]


def test_a_withdrawn_lesson_leaves_the_page_and_stays_in_the_record(city):
    lesson = learned(city)
    with pytest.raises(ReviewError):
        lessons.withdraw(lesson=lesson, reason="", by=city.qian, now=city.at(days=2))
    lessons.withdraw(lesson=lesson, reason="Wrong", by=city.qian, now=city.at(days=2))

    assert not queries.listed(scope_of(city.qian, now=city.at(days=3)))
    assert Lesson.objects.get().withdrawn_at == city.at(days=1) + timedelta(days=1)
