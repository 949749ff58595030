"""The itinerary of a case: read from a text, corrected, taken out; and what it leaves open."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tongchou.ledger import policy
from tongchou.records.models import AuditEvent
from tongchou.tracing import actions, itineraries
from tongchou.tracing.errors import HasEnded, NotComplete, Stale
from tongchou.tracing.models import ItineraryStay

MARKET = "水产批发市场"


def at(day, hour=0, minute=0):
    """A wall time of the little city in the days before its first morning, 1 July 2022."""
    return datetime(2022, 6, day, hour, minute, tzinfo=timezone.get_default_timezone())


def stay(day=29, begins=8, ends=12, **facts):
    times = {"from_at": at(day, begins), "to_at": at(day, ends)}
    return {"place_name": MARKET, **times, **facts}


@pytest.fixture
def add(city, investigation):
    def write(*stays):
        return [
            actions.add_stay(investigation=investigation, stay=s, by=city.wu, now=city.at(hours=2))
            for s in stays
        ]

    return write


@pytest.fixture
def read(city, investigation):
    def write(*stays):
        return actions.add_stays(
            investigation=investigation,
            stays=stays,
            source="text",
            by=city.wu,
            now=city.at(hours=2),
        )

    return write


def window(city, investigation):
    now = city.at(hours=3)
    return itineraries.window_of(investigation.case, book=policy.in_force(now), now=now)


# --- read from a text --------------------------------------------------------------------------


def test_the_stays_of_a_text_are_stored_with_where_they_stood_in_it(read):
    done = read(stay(text_from=10, text_to=24), stay(28))
    assert (len(done.stays), done.n_known) == (2, 0)
    first = ItineraryStay.objects.get(text_from=10)
    assert (first.source, first.text_to) == ("text", 24)


def test_a_text_that_is_read_again_doubles_nothing(read):
    read(stay(), stay(28))
    again = read(stay(), stay(27))
    assert (len(again.stays), again.n_known) == (1, 1)
    assert ItineraryStay.objects.count() == 3


def test_the_same_line_twice_in_one_text_is_one_stay(read):
    assert (len(read(stay(), stay()).stays), ItineraryStay.objects.count()) == (1, 1)


def test_two_trains_at_the_same_time_are_two_stays(read):
    trains = [stay(place_name="动车", transport="train", vehicle=n) for n in ("D1", "D2")]
    assert len(read(*trains).stays) == 2


def test_of_a_text_nothing_is_in_the_audit_but_counts(read):
    read(stay(), stay(28))
    event = AuditEvent.objects.get(verb="investigation.add_stays")
    assert json.loads(event.detail) == {"source": "text", "added": 2, "known": 0}


def test_a_stay_that_was_taken_out_may_be_read_again(city, add, read):
    (wrong,) = add(stay())
    actions.remove_stay(stay=wrong, by=city.wu, now=city.at(hours=3))
    assert len(read(stay()).stays) == 1


# --- corrected, taken out, brought back --------------------------------------------------------


def test_a_stay_is_corrected_with_a_reason_and_without_its_place_in_the_audit(city, add):
    (wrong,) = add(stay())
    actions.change_stay(
        stay=wrong,
        changes={"place_name": "菜市场", "note": ""},
        reason="told",
        by=city.wu,
        now=city.at(hours=3),
    )
    event = AuditEvent.objects.get(verb="investigation.change_stay")
    assert ItineraryStay.objects.get().place_name == "菜市场"
    assert json.loads(event.detail) == {
        "stay": wrong.pk,
        "fields": ["place_name"],
        "reason": "told",
    }


def test_a_correction_without_a_reason_is_refused(city, add):
    (wrong,) = add(stay())
    with pytest.raises(NotComplete):
        actions.change_stay(
            stay=wrong, changes={"note": "x"}, reason="", by=city.wu, now=city.at(hours=3)
        )


def test_of_two_who_correct_a_stay_the_second_is_told(city, add):
    (one,) = add(stay())
    two = ItineraryStay.objects.select_related("investigation__passage").get()
    actions.change_stay(
        stay=one, changes={"note": "a"}, reason="told", by=city.wu, now=city.at(hours=3)
    )
    with pytest.raises(Stale):
        actions.change_stay(
            stay=two, changes={"note": "b"}, reason="told", by=city.qian, now=city.at(hours=3)
        )


def test_a_stay_that_was_taken_out_counts_nowhere_and_is_brought_back(city, add, investigation):
    (wrong,) = add(stay())
    actions.remove_stay(stay=wrong, by=city.wu, now=city.at(hours=3))
    assert itineraries.rows(investigation) == []
    assert list(itineraries.taken_out(investigation)) == [wrong]
    actions.restore_stay(stay=wrong, by=city.wu, now=city.at(hours=4))
    assert [row.stay for row in itineraries.rows(investigation)] == [wrong]


def test_a_stay_cannot_be_taken_out_twice(city, add):
    (wrong,) = add(stay())
    actions.remove_stay(stay=wrong, by=city.wu, now=city.at(hours=3))
    with pytest.raises(Stale):
        actions.remove_stay(stay=wrong, by=city.qian, now=city.at(hours=3))


def test_after_a_week_a_stay_that_was_taken_out_is_gone(city, add):
    (wrong,) = add(stay())
    actions.remove_stay(stay=wrong, by=city.wu, now=city.at(hours=3))
    assert actions.destroy_due(now=city.at(days=6))[0] == 0
    with pytest.raises(Stale):
        actions.restore_stay(stay=wrong, by=city.wu, now=city.at(days=7, hours=3))
    assert actions.destroy_due(now=city.at(days=7, hours=3))[0] == 1
    assert not ItineraryStay.every.exists()


def test_the_itinerary_of_an_ended_investigation_is_not_touched(city, add, investigation):
    (written,) = add(stay())
    passage = investigation.passage
    passage.closed_at = city.at(hours=4)
    written.investigation.passage = passage
    for act in (actions.remove_stay, actions.restore_stay):
        with pytest.raises(HasEnded):
            act(stay=written, by=city.wu, now=city.at(hours=5))


# --- overlaps, window, gaps --------------------------------------------------------------------


def test_two_places_at_once_are_marked(add, investigation):
    add(stay(29, 8, 12), stay(29, 11, 13, place_name="茶馆"), stay(29, 13, 14))
    assert [row.overlaps for row in itineraries.rows(investigation)] == [False, True, False]


def test_a_stay_known_by_the_day_alone_is_not_two_places_at_once(add, investigation):
    whole = {"from_at": at(29), "to_at": at(30), "precision": "day"}
    add(stay(29) | whole, stay(29, 8, 9, place_name="茶馆"))
    assert not any(row.overlaps for row in itineraries.rows(investigation))


def test_the_window_begins_two_days_before_onset_and_ends_now(city, investigation):
    seen = window(city, investigation)
    assert (seen.from_at, seen.to_at) == (at(27), city.at(hours=3))
    assert (seen.day_zero, str(seen.counted_from)) == (date(2022, 6, 29), "onset")


def test_without_symptoms_the_window_counts_from_the_sample(city, case_of):
    case = case_of(onset_on=None, sampled_on=date(2022, 6, 30), classification="asymptomatic")
    now = city.at(hours=3)
    seen = itineraries.window_of(case, book=policy.in_force(now), now=now)
    assert (seen.from_at, str(seen.counted_from)) == (at(28), "sampling")


def test_the_window_ends_with_the_day_of_admission(city, case_of):
    case = case_of()
    case.admitted_on = date(2022, 6, 30)
    now = city.at(days=5)
    seen = itineraries.window_of(case, book=policy.in_force(now), now=now)
    assert seen.last_on == date(2022, 6, 30)


def test_the_whole_window_is_open_while_nothing_is_known(city, investigation):
    (gap,) = itineraries.gaps([], window(city, investigation))
    assert gap.hours == 4 * 24 + 11  # 27 June to 1 July at eleven


def test_hours_between_stays_are_asked_for(city, add, investigation):
    add(
        stay(27, 0, 20),
        {"place_name": "家", "from_at": at(27, 22), "to_at": city.at(hours=1)},
    )
    found = itineraries.gaps(investigation.stays.all(), window(city, investigation))
    assert [(g.from_at, g.to_at) for g in found] == [
        (at(27, 20), at(27, 22)),
        (city.at(hours=1), city.at(hours=3)),
    ]


def test_a_silence_of_less_than_an_hour_is_the_way_between(city, add, investigation):
    add(stay(27, 0, 20), {"place_name": "家", "from_at": at(27, 20, 59), "to_at": city.at(hours=3)})
    assert itineraries.gaps(investigation.stays.all(), window(city, investigation)) == []


@pytest.mark.parametrize(("kind", "left"), [("home", 0), ("shop", 24)])
def test_a_day_named_as_a_whole_accounts_for_itself_only_at_home(
    city, add, investigation, kind, left
):
    add(
        stay(27, 0, 23) | {"to_at": at(28)},
        {"place_name": "x", "from_at": at(28), "to_at": at(29), "precision": "day", "kind": kind},
        {"place_name": "家", "from_at": at(29), "to_at": city.at(hours=3)},
    )
    found = itineraries.gaps(investigation.stays.all(), window(city, investigation))
    assert sum(gap.hours for gap in found) == left


def test_stays_before_and_after_the_window_open_nothing(city, add, investigation):
    add(stay(20), stay(27, 0, 1) | {"to_at": city.at(hours=4)})
    assert itineraries.gaps(investigation.stays.all(), window(city, investigation)) == []


# --- what looks like a stay that is known -------------------------------------------------------


def test_the_same_place_at_an_overlapping_time_is_perhaps_the_same_stay(add, investigation):
    (known,) = add(stay(29, 8, 12))
    known_ones = list(investigation.stays.all())
    assert itineraries.like(stay(29, 9, 11), known_ones) == known
    assert itineraries.like(stay(29, 12, 13), known_ones) is None
    assert itineraries.like(stay(29, 9, 11, place_name="茶馆"), known_ones) is None


def test_spaces_and_capitals_make_no_other_place(add, investigation):
    add(stay(place_name="KTV 888"))
    found = itineraries.like(stay(place_name="ktv888"), list(investigation.stays.all()))
    assert found is not None


def test_the_unknown_disease_has_no_window(city, investigation):
    case = investigation.case
    case.disease = "unknown"
    now = city.at() + timedelta(hours=3)
    assert itineraries.window_of(case, book=policy.in_force(now), now=now) is None
