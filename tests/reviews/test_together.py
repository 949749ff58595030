"""Many positives together: medians with their numbers, delays ranked, in a few statements."""

from datetime import timedelta

import pytest

from tests.reviews.positives import positive, reported, review_of
from tongchou.cases.models import Case, Cluster
from tongchou.ledger import policy
from tongchou.reviews.actions import findings, opening
from tongchou.reviews.queries import register, together
from tongchou.reviews.queries.together import cases_at
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def looked_at(city, cases, now=None):
    now = now or city.at(days=3)
    return together.together([case.pk for case in cases], book=policy.in_force(now), now=now)


def test_a_median_says_of_how_many_it_is_known(city, person):
    days = (2, 4, 9, None)
    cases = [
        positive(city, person(), onset_on=None if n is None else city.at(days=-n).date())
        for n in days
    ]
    found = looked_at(city, cases).spread("onset_to_report")

    assert (found.n, found.n_unknown) == (3, 1)
    assert found.median_s == 4 * 86400
    assert (found.least_s, found.most_s) == (2 * 86400, 9 * 86400)


def test_a_target_counts_who_kept_it(city, person):
    cases = [positive(city, person(), onset_on=city.at(days=-n).date()) for n in (2, 4, 9)]
    found = looked_at(city, cases).spread("detect")

    assert (found.n_in_time, found.share_in_time) == (2, pytest.approx(2 / 3))


def test_what_is_under_way_is_neither_known_nor_unknown(city, person):
    found = looked_at(city, [positive(city, person())]).spread("respond")

    assert (found.n, found.n_waiting, found.n_unknown, found.n_too_late) == (0, 1, 0, 0)
    later = looked_at(city, [Case.objects.get()], now=city.at(days=9)).spread("respond")
    assert later.n_too_late == 1


def test_hand_offs_are_added_up_as_one_layout_has_them(city, person):
    from tongchou.reviews.queries.laying_out import lay_out

    cases = [positive(city, person(), hours=n) for n in range(3)]
    now = city.at(days=3)
    summed = {step.name: step for step in looked_at(city, cases).bottlenecks}
    one_by_one = [
        step
        for layout in lay_out([c.pk for c in cases], book=policy.in_force(now), now=now)
        for step in layout.bottlenecks
        if step.name == "investigation.opened"
    ]
    assert summed["investigation.opened"].excess_s == sum(s.excess_s for s in one_by_one)
    assert summed["investigation.opened"].n_late == 3
    assert sum(step.share for step in summed.values()) == pytest.approx(1)


def test_a_cluster_holds_its_positives_only(city, person):
    cluster = Cluster.objects.create(name="鱼市", area=city.east, found_on=city.at().date())
    cases = [positive(city, person()), reported(city, person())]
    Case.objects.filter(pk__in=[c.pk for c in cases]).update(cluster=cluster)
    made = opening.begin(
        area=city.east, title="鱼市", cluster=cluster, by=city.qian, now=city.at(hours=4)
    )

    assert list(together.cases_of(made)) == [cases[0]]


def test_clusters_that_nobody_reviews_are_offered(city, person):
    cluster = Cluster.objects.create(name="鱼市", area=city.east, found_on=city.at().date())
    Case.objects.filter(pk__in=[positive(city, person()).pk for _n in range(2)]).update(
        cluster=cluster
    )
    scope = scope_of(city.qian, now=city.at())
    assert list(register.clusters_without(scope)) == [cluster]

    opening.begin(area=city.east, title="x", cluster=cluster, by=city.qian, now=city.at(hours=4))
    assert not register.clusters_without(scope)


def test_thirty_cases_take_as_many_statements_as_three(city, person, django_assert_max_num_queries):
    cases = [positive(city, person(), hours=n / 10) for n in range(30)]

    with django_assert_max_num_queries(12):
        assert looked_at(city, cases).n == 30


def test_a_campaign_is_an_area_and_its_days(city, person):
    early = positive(city, person())
    late = positive(city, person(), hours=72, reported_on=(city.at() + timedelta(days=3)).date())
    day = city.at().date()

    assert list(cases_at(city.east.path, day, day)) == [early]
    assert list(cases_at(city.east.path, day, late.reported_on, disease="mers")) == []
    assert not cases_at(city.west.path, day, late.reported_on)


def test_the_cause_with_most_delay_comes_first_and_where_it_is(city, person):
    review = review_of(positive(city, person()))
    for what, cause, delay in (
        ("a", "staff", 3600), ("b", "transport", 7200), ("c", "staff", 1800), ("d", "data", None),
    ):  # fmt: skip
        made = findings.find(
            review=review, kind="bottleneck", what=what, delay_s=delay, by=city.qian,
            now=city.at(hours=3),
        )  # fmt: skip
        findings.answer(
            finding=made, text="so", cause=cause, after=0, by=city.qian, now=city.at(hours=3)
        )
    scope, now = scope_of(city.qian, now=city.at(days=1)), city.at(days=1)

    lines = register.by_cause(scope, register.Wanted(), now=now)
    assert [(line.cause, line.n, line.delay_s, line.n_measured) for line in lines] == [
        ("transport", 1, 7200, 1), ("staff", 2, 5400, 2), ("data", 1, 0, 0),
    ]  # fmt: skip
    table = register.cause_and_place(scope, register.Wanted(), now=now)
    assert table.columns == ("transport", "staff")
    assert table.rows == ((city.east, (7200, 5400)),)


def test_late_hand_offs_are_counted_where_they_are(city, person):
    positive(city, person())
    scope, now = scope_of(city.qian, now=city.at()), city.at(days=3)

    table = register.stage_and_place(scope, register.Wanted(), now=now)
    assert "investigation.opened" in table.columns
    assert [area for area, _values in table.rows] == [city.east]
