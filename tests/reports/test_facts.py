"""Every number is the count of the rows behind it, at its moment, in its area."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.little_city import T0
from tests.reports.signing import ON, bureau
from tongchou.areas.models import Place
from tongchou.cases.models import Case, ClassificationChange
from tongchou.intake.models import Import
from tongchou.lists.actions import problems, tasks
from tongchou.lists.queries import summary
from tongchou.reports import rows
from tongchou.reports.facts import Facts, catalogue, lay_out
from tongchou.reports.facts.base import Ground, State

pytestmark = pytest.mark.django_db
AT = T0 + timedelta(hours=16)  # the end of the first day


def of(city: Any, area: Any = None, *, at: Any = AT, on: date = ON) -> Facts:
    owner = area or city.city
    return lay_out([owner], on=on, at=at, now=at)[owner]


def value(facts: Facts, key: str) -> Any:
    fact = facts.get(key)
    assert fact is not None, key
    return fact.value


def case(city: Any, person: Any, n: int, **facts: Any) -> Case:
    home = facts.pop("area", city.community)
    given = {"classification": "confirmed", "reported_on": ON, "written_at": T0} | facts
    return Case.objects.create(
        number=f"C-{n}", person=person(), disease="covid", area=home, area_path=home.path, **given
    )


# --- cases ---------------------------------------------------------------------------------------


def test_cases_are_counted_by_their_day_of_report_and_class(city: Any, person: Any) -> None:
    case(city, person, 1)
    case(city, person, 2, classification="suspected")
    case(city, person, 3, reported_on=ON - timedelta(days=3))
    case(city, person, 4, classification="discarded")
    facts = of(city)
    assert (value(facts, "cases.total"), value(facts, "cases.new")) == (3, 2)
    parts = {part.key: part.value for part in facts.get("cases.total").parts}
    assert parts == {"confirmed": 2, "suspected": 1}


def test_a_class_is_the_one_the_case_had_at_the_moment(city: Any, person: Any) -> None:
    found = case(city, person, 1)
    for hours, name in ((1, "suspected"), (20, "confirmed")):
        ClassificationChange.objects.create(
            case=found, classification=name, at=city.at(hours=hours)
        )
    parts = of(city).get("cases.total").parts
    assert [part.key for part in parts] == ["suspected"]


@pytest.mark.parametrize("hour", [1, 8, 12, 17, 24])
def test_whatever_the_hour_each_day_belongs_to_one_report(
    city: Any, person: Any, hour: int
) -> None:
    days = [ON + timedelta(days=n) for n in range(4)]
    for n, day in enumerate(days):
        case(city, person, n, reported_on=day)
    from tongchou.reports.models.daily import set_moment

    reports = [ON + timedelta(days=n) for n in range(-1, 6)]
    new = [value(of(city, at=set_moment(on, hour), on=on), "cases.new") for on in reports]
    assert sum(new) == 4


def test_who_is_in_hospital_is_known_by_the_days_of_the_record(city: Any, person: Any) -> None:
    case(city, person, 1, admitted_on=ON)
    case(city, person, 2, admitted_on=ON, outcome="recovered", outcome_on=ON)
    case(city, person, 3)
    case(city, person, 4, admitted_on=ON, outcome="recovered", outcome_on=ON + timedelta(days=1))
    facts = of(city)
    assert (value(facts, "care.in"), value(facts, "care.unknown")) == (2, 1)
    assert (value(facts, "recovered.total"), value(facts, "recovered.new")) == (1, 1)


def test_the_dead_without_a_day_are_named_and_in_no_count(city: Any, person: Any) -> None:
    case(city, person, 1, outcome="died")
    facts = of(city)
    assert (value(facts, "deaths.total"), value(facts, "outcome.undated")) == (0, 1)


def test_a_case_of_an_earlier_day_is_told_as_added(city: Any, person: Any) -> None:
    case(city, person, 1, reported_on=ON - timedelta(days=2), written_at=city.at(hours=3))
    facts = of(city)
    assert (value(facts, "cases.late"), value(facts, "cases.new")) == (1, 0)


# --- the lists -----------------------------------------------------------------------------------


def test_both_lists_say_what_the_lists_themselves_say(city: Any) -> None:
    first = problems.raise_problem(
        title="采样点无遮雨棚", what="下雨停采", area=city.community, found_by="self",
        by=city.chen, now=city.at(hours=1),
    )  # fmt: skip
    task = tasks.set_task(
        goal="搭设雨棚", measure="12 个点", due_at=city.at(hours=10), unit=bureau(city),
        issuer=city.duty_city.posts.get().unit, problem=first, by=city.duty_city,
        now=city.at(hours=2),
    )  # fmt: skip
    assert task.pk
    facts, told = of(city), summary(city.city, since=AT - timedelta(hours=24), until=AT)
    same = {
        "problems.open": told.problems.n_open,
        "problems.raised": told.problems.n_raised,
        "problems.closed": told.problems.n_closed,
        "tasks.open": told.tasks.n_open,
        "tasks.set": told.tasks.n_set,
        "tasks.accepted": told.tasks.n_accepted,
        "tasks.returned": told.tasks.n_returned,
        "tasks.overdue": told.tasks.n_overdue,
    }
    assert {key: value(facts, key) for key in same} == same
    assert (same["problems.open"], same["tasks.open"], same["tasks.overdue"]) == (1, 1, 1)


# --- unknown, stale, none ------------------------------------------------------------------------


def test_a_feed_nobody_sends_is_unknown_and_not_zero(city: Any) -> None:
    facts = of(city)
    for key in ("official.confirmed", "forecast.next"):
        fact = facts.get(key)
        assert (fact.value, fact.state) == (None, State.UNKNOWN)
        assert "不掌握" in fact.said.zh and "not known" in fact.said.en


def test_rooms_that_no_site_has_told_are_unknown(city: Any) -> None:
    site = Place.objects.create(kind="quarantine_site", name="江滨", area=city.east)
    assert of(city).get("capacity.free").state == State.UNKNOWN
    Place.objects.filter(pk=site.pk).update(capacity=80)
    assert value(of(city), "capacity.free") == 80


def test_an_old_list_of_cases_is_said_to_be_stale(city: Any) -> None:
    Import.objects.create(
        kind="case", profile="x", source="x", file_name="x.csv", sha256="0", n_bytes=1,
        area=city.city, state="done", at=AT - timedelta(hours=30),
        done_at=AT - timedelta(hours=30), destroy_on=ON,
    )  # fmt: skip
    fact = of(city, city.east).get("feeds.lists")
    assert fact.state == State.STALE and "may be behind" in fact.said.en


def test_none_is_said_plainly_in_both_languages(city: Any) -> None:
    said = of(city).get("cases.total").said
    assert (said.en, said.zh) == ("No case has been reported so far.", "尚无报告病例。")


def test_one_and_many_are_said_as_people_say_them(city: Any, person: Any) -> None:
    case(city, person, 1)
    assert of(city).get("cases.new").said.en == "1 new case was reported (confirmed 1)."
    case(city, person, 2)
    said = of(city).get("cases.new").said
    assert said.en == "2 new cases were reported (confirmed 2)."
    assert said.zh == "新增报告2例（确诊2）。"


# --- every number --------------------------------------------------------------------------------


def test_every_number_is_the_count_of_the_rows_behind_it(city: Any, person: Any) -> None:
    for n in range(3):
        case(city, person, n, admitted_on=ON)
    problems.raise_problem(
        title="缺车", what="转运慢", area=city.community, found_by="self", by=city.chen,
        now=city.at(hours=1),
    )  # fmt: skip
    facts = of(city)
    for measure in catalogue.MEASURES:
        found = rows.behind(measure, rows.ground_of(city.city, AT))
        if not measure.total:
            assert found.count() == value(facts, measure.key), measure.key
        assert all(rows.line(row, measure).title for row in found)


def test_every_number_carries_its_time_definition_and_link(city: Any) -> None:
    for fact in of(city).facts:
        assert fact.at and fact.definition.zh and fact.definition.en, fact.key
        assert fact.name.zh and fact.name.en != fact.name.zh, fact.key
        assert fact.link or fact.key.startswith(("official", "below")), fact.key


def test_a_batch_of_areas_is_counted_as_each_by_itself(city: Any, person: Any) -> None:
    case(city, person, 1)
    case(city, person, 2, area=city.west)
    together = lay_out([city.east, city.west, city.city], on=ON, at=AT, now=AT)
    for area in (city.east, city.west, city.city):
        alone = of(city, area)
        assert [(f.key, f.value) for f in together[area].facts] == [
            (f.key, f.value) for f in alone.facts
        ]
    assert value(together[city.east], "cases.total") == 1


def test_more_areas_do_not_mean_more_counting(city: Any) -> None:
    streets = city.streets

    def n_queries(areas: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            lay_out(areas, on=ON, at=AT, now=AT)
        return len(caught)

    one, three = n_queries(streets[:1]), n_queries(streets)
    assert three - one <= 2 * 4  # what is below each, and whether it counts by itself


def test_the_sum_of_the_parts_is_the_whole(city: Any, person: Any) -> None:
    for n, area in enumerate((city.community, city.west, city.east)):
        case(city, person, n, area=area)
    ground = Ground(AT, (city.east, city.west))
    counts = catalogue.measure("cases.total").count(ground)
    assert sum(sum(each.values()) for each in counts.values()) == 3
