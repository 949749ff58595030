"""What ends before it begins has no length: it keeps no target, and is in no median."""

from datetime import date, timedelta

import pytest

from tests.reviews.positives import day, positive, review_of
from tongchou.ledger import policy
from tongchou.reviews import report_text, telling
from tongchou.reviews.intervals import OURS, Interval, measure
from tongchou.reviews.models import Lesson
from tongchou.reviews.queries import lessons, together
from tongchou.reviews.templatetags.reviews import backwards_words

NOTIFY = Interval("notify", "found", "reported", "notify", timedelta(days=1))


def between(interval, begin, end, now):
    moments = {interval.since: begin, interval.until: end}
    return measure(interval, moments, going_on=False, now=now)


def test_reported_before_it_was_found_is_no_report_in_time(city):
    found = between(NOTIFY, date(2022, 7, 5), date(2022, 7, 1), city.at())

    assert (found.taken_s, found.in_time, found.excess_s) == (None, None, None)
    assert found.contradicts
    assert backwards_words(found) == "the dates contradict each other, by 4 days"


def test_a_quarantine_before_the_last_meeting_may_be_real_and_is_no_length(city):
    kept = next(each for each in OURS if each.name == "exposure_to_quarantine")
    found = between(kept, date(2022, 7, 5), date(2022, 7, 3), city.at())

    assert (found.taken_s, found.contradicts) == (None, False)
    assert backwards_words(found) == "the end came first, by 2 days"


@pytest.mark.django_db
def test_who_was_found_before_falling_ill_is_in_no_median(city, person):
    cases = [positive(city, person(), onset_on=day(city, n)) for n in (-2, -4)]
    early = positive(city, person(), classification="asymptomatic")
    type(early).objects.filter(pk=early.pk).update(onset_on=day(city, 3))
    now = city.at(days=5)
    pks = [case.pk for case in (*cases, early)]
    shown = together.together(pks, book=policy.in_force(now), now=now)

    for name in ("onset_to_report", "detect"):
        spread = shown.spread(name)
        assert (spread.n, spread.n_backwards, spread.n_unknown) == (2, 1, 0)
        assert (spread.median_s, spread.least_s) == (3 * 86400, 2 * 86400)
    assert shown.spread("detect").share_in_time == 1.0


@pytest.mark.django_db
def test_a_lesson_compares_no_interval_that_runs_backwards(city, person):
    positive(city, person(), onset_on=day(city, -2))
    early = positive(city, person())
    type(early).objects.filter(pk=early.pk).update(onset_on=day(city, 3))
    lesson = Lesson.objects.create(
        title="Test sooner", learned="-", origin="own", area=city.city, area_path=city.city.path,
        interval="onset_to_report", changed_on=day(city, -9), changed_note="-", by=city.qian,
        at=city.at(),
    )  # fmt: skip
    now = city.at(days=5)
    after = lessons.shown(lesson, book=policy.in_force(now), now=now).after

    assert (after.n, after.n_backwards, after.median_s) == (1, 1, 2 * 86400)


@pytest.mark.django_db
def test_page_report_and_text_say_what_runs_backwards(city, person, sign_in, client):
    case = positive(city, person())
    type(case).objects.filter(pk=case.pk).update(onset_on=day(city, 3))
    review = review_of(case)
    sign_in(client, city.qian)

    for page in (f"/reviews/{review.pk}/", f"/reviews/{review.pk}/report/"):
        assert "the end came first, by 3 days" in client.get(page).content.decode()
    facts = telling.told(review, now=city.at(days=5))
    assert facts["intervals"]["detect"]["backwards_seconds"] == 3 * 86400
    assert "the end came first, by 3 days" in report_text.text(facts, "en")
