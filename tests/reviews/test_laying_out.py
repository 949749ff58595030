"""The timeline of one positive, laid out by the system: what is known, and what is not."""

from datetime import timedelta

import pytest

from tests.reviews.positives import day, positive, reported, review_of
from tongchou.cases.models import Case
from tongchou.ledger import policy
from tongchou.people.details import Details
from tongchou.reviews.queries.laying_out import lay_out
from tongchou.tracing import actions as tracing
from tongchou.tracing.actions.listing import Entry, Met

pytestmark = pytest.mark.django_db


def laid(city, *cases, **more):
    now = more.pop("now", city.at(days=5))
    return lay_out([case.pk for case in cases], book=policy.in_force(now), now=now, **more)


def contact_of(city, source, *, first, last, hours):
    """Listed as a contact of `source`; who meets again has the same passport."""
    entry = Entry(
        details=Details(document="E99010201", document_kind="passport", area=city.community),
        area=city.community,
        tier="close",
        met=Met(case=source, way="meal", first_on=first, last_on=last),
    )
    now = city.at(hours=hours)
    return tracing.list_contact(entry=entry, by=city.wu, now=now).contact


def test_unknown_moments_give_no_interval_and_never_a_zero(city, person):
    case = reported(city, person())
    (layout,) = laid(city, case)

    assert layout.taken("onset_to_report") is None
    assert layout.taken("exposure_to_quarantine") is None
    assert layout.window.basis == "" and layout.window.since is None
    assert layout.chances == ()


def test_intervals_count_whole_days_where_a_moment_is_a_day(city, person):
    case = positive(city, person(), onset_on=day(city, -3))
    (layout,) = laid(city, case)

    assert layout.taken("onset_to_report") == 3 * 86400
    assert layout.taken("onset_to_confirmation") == 3 * 86400
    assert layout.taken("detect") == 3 * 86400
    assert layout.measure("detect").in_time is True


def test_a_late_detection_is_a_bottleneck(city, person):
    case = positive(city, person(), onset_on=day(city, -10))
    (layout,) = laid(city, case, now=city.at(hours=2))

    (first, *_rest) = layout.bottlenecks
    assert (first.name, first.excess_s) == ("detect", 3 * 86400)
    assert first.share == 1.0


def test_without_a_contact_the_window_is_what_the_disease_allows(city, person):
    case = positive(city, person(), onset_on=day(city, 0))
    (layout,) = laid(city, case)

    longest = layout.window.incubation_max_days
    assert layout.window.basis == "incubation"
    assert layout.window.since == day(city, 0) - timedelta(days=longest)
    assert layout.window.until == day(city, 0)


def test_a_recorded_window_goes_before_a_computed_one(city, person):
    case = positive(
        city, person(), onset_on=day(city, 0), exposed_from=day(city, -4), exposed_to=day(city, -2)
    )
    (layout,) = laid(city, case)

    assert layout.window.basis == "recorded"
    assert (layout.window.since, layout.window.until) == (day(city, -4), day(city, -2))


def test_who_was_found_by_what_and_could_have_been_found_before(city, person):
    source = positive(city, person(), onset_on=day(city, -1))
    contact = contact_of(city, source, first=day(city, -1), last=day(city, 0), hours=6)
    later = positive(city, contact.person, hours=60, onset_on=day(city, 2))
    contact.became_case = later
    contact.save(update_fields=["became_case"])
    (layout,) = laid(city, later)

    (met,) = layout.record.met
    assert (met.case_number, met.way) == (source.number, "meal")
    assert layout.window.basis == "contact"
    # Known to be near a case that was found on the first morning.
    assert (layout.chances[0].on, layout.chances[0].way) == (day(city, 0), "contact")
    assert layout.taken("chance_to_found") == 2 * 86400


def test_every_hand_off_of_the_tree_stands_in_the_timeline(city, person):
    source = positive(city, person(), onset_on=day(city, -1))
    contact_of(city, source, first=day(city, -1), last=day(city, 0), hours=2)
    (layout,) = laid(city, source)

    seen = {(leg.loop, leg.stage) for leg in layout.legs}
    assert ("case_report", "reported") in seen
    assert ("investigation", "opened") in seen
    assert ("contact", "listed") in seen
    assert not {loop for loop, _stage in seen} & {"review"}


def test_what_another_positive_caused_is_not_counted_here(city, person):
    source = positive(city, person())
    contact = contact_of(city, source, first=day(city, 0), last=day(city, 0), hours=2)
    from tongchou.cases import actions as cases
    from tongchou.cases.facts import Facts

    cases.report(
        person=contact.person, area=city.community,
        facts=Facts(disease="covid19_omicron", reported_on=day(city, 1)),
        by=city.lin, now=city.at(days=1), caused_by=contact.passage,
    )  # fmt: skip
    (layout,) = laid(city, source)

    assert [leg.passage for leg in layout.legs if leg.loop == "case_report"] == [
        source.passage_id
    ] * 2


def test_a_leg_past_its_deadline_counts_while_it_is_open(city, person):
    case = reported(city, person())
    (layout,) = laid(city, case, now=city.at(hours=30))

    (step,) = [step for step in layout.bottlenecks if step.name == "case_report.reported"]
    leg = layout.legs[0]
    assert step.n_open == 1
    assert step.excess_s == (city.at(hours=30) - leg.due_at).total_seconds()


def test_a_day_earlier_spares_those_met_on_the_last_day(city, person):
    source = positive(city, person())
    contact_of(city, source, first=day(city, 0), last=day(city, 0), hours=2)
    (layout,) = laid(city, source)

    assert (layout.earlier.n, layout.earlier.n_all, layout.earlier.n_undated) == (1, 1, 0)


def test_a_meeting_without_a_day_spares_nobody_for_certain(city, person):
    source = positive(city, person())
    contact_of(city, source, first=None, last=day(city, 0), hours=2)
    (layout,) = laid(city, source)

    assert (layout.earlier.n, layout.earlier.n_undated) == (0, 1)


def test_a_closed_list_waits_for_nothing(city, person):
    case = positive(city, person(), onset_on=day(city, -1))
    Case.objects.filter(pk=case.pk).update(origin="import:1")
    (layout,) = laid(city, case)

    measured = layout.measure("respond")
    assert (measured.taken_s, measured.waiting, measured.too_late) == (None, False, False)


def test_one_layout_asks_as_often_as_many(city, person, django_assert_max_num_queries):
    cases = [positive(city, person(), hours=n) for n in range(6)]

    with django_assert_max_num_queries(20):
        laid(city, *cases)
    with django_assert_max_num_queries(12):
        assert len(laid(city, *cases, legs=False)) == 6


def test_a_review_belongs_to_its_case(city, person):
    case = positive(city, person())

    assert review_of(case).number.startswith("R-")
