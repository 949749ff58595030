"""January to April 2020 in the 17 cities of Hubei, day by day, as the city list told it.

Each evening the rows of one date come in. On some mornings the counts are checked and the briefs
are written, from nothing but what was known by then.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tongchou.areas.models import Area
from tongchou.surveillance import brief, brief_text, profiles, telling
from tongchou.surveillance.actions import import_counts
from tongchou.surveillance.actions.quality import check_quality
from tongchou.surveillance.brief import Brief
from tongchou.surveillance.models import Count, CountImport, DateConvention, Finding
from tongchou.surveillance.queries.quality import findings
from tongchou.surveillance.situation import situation

pytestmark = pytest.mark.django_db  # so that there is a database when these run alone

CHINA = timezone(timedelta(hours=8))
TIANMEN, WUHAN, HUBEI = "429006", "420100", "420000"
#: date of the newest rows: mornings on which briefs are written from them
MORNINGS = {
    date(2020, 2, 6): [date(2020, 2, 7)],
    date(2020, 2, 7): [date(2020, 2, 8)],
    date(2020, 2, 8): [date(2020, 2, 8)],
    date(2020, 2, 13): [date(2020, 2, 13)],
    date(2020, 2, 17): [date(2020, 2, 17)],
    date(2020, 3, 20): [date(2020, 3, 20)],
    date(2020, 3, 21): [date(2020, 3, 21)],
    date(2020, 4, 18): [date(2020, 4, 18)],
    date(2020, 4, 30): [date(2020, 4, 30)],
}


class Played:
    """What was written on each morning, and what the check had found by then."""

    def __init__(self) -> None:
        self.briefs: dict[tuple[date, date, str], Brief] = {}
        self.found: dict[date, list[tuple[str, str, date]]] = {}
        self.imports: list[CountImport] = []
        self.n_again = 0

    def brief(self, newest: date, code: str = WUHAN) -> Brief:
        return next(b for (d, _on, c), b in self.briefs.items() if (d, c) == (newest, code))

    def kinds(self, newest: date) -> set[str]:
        return {kind for kind, _words, _on in self.found[newest]}


@pytest.fixture(scope="module")
def played(
    module_db: None, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    with override_settings(TONGCHOU_DATA=tmp_path_factory.mktemp("hubei")):
        yield play(shared)


def play(shared: Path) -> Played:
    done = Played()
    for day, text in sorted(sheets(shared).items()):
        evening = datetime(day.year, day.month, day.day, 20, tzinfo=CHINA)
        done.imports.append(take(text, evening))
        if day not in MORNINGS:
            continue
        check_quality(now=evening)
        done.found[day] = [(f.kind, f.words, f.from_on) for f in findings()]
        for on in MORNINGS[day]:
            for code in (TIANMEN, WUHAN, HUBEI):
                area = Area.objects.get(pk=code)
                done.briefs[day, on, code] = brief.of(area, on=on, now=evening)
    before = Count.objects.count()
    take(text, evening)
    done.n_again = Count.objects.count() - before
    return done


def sheets(shared: Path) -> dict[date, str]:
    """The rows of Hubei as a sheet a date."""
    path = shared / "data/city_daily_2020/china_city_cumulative_20200110_20200430.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    by_day: dict[date, list[list[str]]] = defaultdict(list)
    for row in rows:
        if row[2] == HUBEI:
            by_day[date.fromisoformat(row[0])].append(row)
    return {day: sheet(header, own) for day, own in by_day.items()}


def sheet(header: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def take(text: str, now: datetime) -> CountImport:
    return import_counts(
        file=io.BytesIO(text.encode()),
        name="hubei.csv",
        profile=profiles.load("canghailan"),
        by=None,
        now=now,
    )


# --- every row ---------------------------------------------------------------------------------


def test_every_row_of_every_day_is_accounted_for(played: Played, shared: Path) -> None:
    n_rows = sum(text.count("\n") - 1 for text in sheets(shared).values())

    assert sum(of.n_read for of in played.imports) == n_rows
    assert all(of.n_read == of.n_stored + of.n_refused for of in played.imports)


def test_only_the_total_of_the_province_is_refused(played: Played) -> None:
    refused = [(r.code, r.of.last_day) for of in played.imports for r in of.refusals.all()]

    assert refused == [("a_total", date(2020, 4, 27))]


def test_the_last_sheet_again_changes_nothing(played: Played) -> None:
    assert played.n_again == 0


# --- the one-day shift ---------------------------------------------------------------------------


def test_before_7_february_nothing_of_the_kind_is_found(played: Played) -> None:
    assert not {"false_zero", "date_shift"} & played.kinds(date(2020, 2, 6))


def test_the_false_zero_is_named_on_its_own_day(played: Played) -> None:
    zero = {f for f in played.found[date(2020, 2, 7)] if f[0] == "false_zero"}

    assert zero == {("false_zero", "false_zero.newest", date(2020, 2, 7))}


def test_no_r_is_computed_on_the_false_zero(played: Played) -> None:
    silent = played.brief(date(2020, 2, 7)).r

    assert (silent.mean, silent.reason) == (None, "DOUBTFUL")
    assert played.brief(date(2020, 2, 6)).r.mean is not None


def test_a_day_later_the_shift_itself_is_named_and_recorded(played: Played) -> None:
    assert ("date_shift", "date_shift.published", date(2020, 2, 7)) in played.found[
        date(2020, 2, 8)
    ]
    convention = DateConvention.objects.get()
    assert (convention.from_on, convention.to_on, convention.shift) == (date(2020, 2, 7), None, -1)


def test_the_shift_says_what_it_rests_on(played: Played) -> None:
    grounds = DateConvention.objects.get().grounds

    assert grounds["words"] == "date_shift.published"
    assert grounds["facts"]["told"] < 0.1 * grounds["facts"]["before"]


def test_with_the_dates_put_right_r_speaks_again(played: Played) -> None:
    spoken = played.brief(date(2020, 2, 8))

    assert spoken.true_on == date(2020, 2, 7)
    assert spoken.r.mean is not None and spoken.r.low < spoken.r.mean < spoken.r.high


def test_on_the_days_counted_nothing_is_a_false_zero(played: Played) -> None:
    stands = situation(Area.objects.get(pk=HUBEI), until=date(2020, 2, 20))

    assert stands is not None
    first = stands.day(date(2020, 1, 28))
    assert stands.told[first : stands.day(date(2020, 2, 19))].min() > 300


# --- revisions, and what is counted -------------------------------------------------------------


def test_the_change_of_definition_is_named(played: Played) -> None:
    definition = [f for f in played.found[date(2020, 4, 30)] if f[0] == "definition"]

    assert [on for _kind, _words, on in definition] == [date(2020, 2, 13)]


def test_no_r_is_computed_across_the_change_of_definition(played: Played) -> None:
    assert played.brief(date(2020, 2, 17)).r.mean is None


def test_the_revision_of_17_april_is_named_for_wuhan(played: Played) -> None:
    found = [
        f
        for f in findings(area=WUHAN, kind="revision")
        if f.from_on == date(2020, 4, 17) and f.silent
    ]

    assert sorted(f.params["facts"]["size"] for f in found) == [326, 1290]


def test_falls_of_the_cumulative_count_are_named_with_their_numbers(played: Played) -> None:
    falls = Finding.objects.filter(kind="fall", area=TIANMEN, channel="official-confirmed")

    assert [telling.what(f) for f in falls.order_by("from_on")] == [
        "cumulative count falls from 500 to 486: a correction",
        "cumulative count falls from 486 to 473: a correction",
    ]


# --- 天门 ----------------------------------------------------------------------------------------


def test_tianmen_cleared_its_last_active_case_at_the_end_of_20_march(played: Played) -> None:
    told = played.brief(date(2020, 3, 21), TIANMEN)

    assert told.cleared_on == date(2020, 3, 20)
    figures: list[Any] = [told.confirmed.value, told.cured.value, told.dead.value]
    assert figures == [496, 481, 15]


def test_the_morning_before_two_were_still_active(played: Played) -> None:
    told = played.brief(date(2020, 3, 20), TIANMEN)

    assert (told.active.value, told.cleared_on) == (2, None)


def test_both_languages_say_when_it_was_cleared(played: Played) -> None:
    told = played.brief(date(2020, 3, 21), TIANMEN)

    assert "Last active case cleared at 24:00 on 20 March 2020" in brief_text.text(told, "en")
    assert "2020年3月20日24时最后一名现有病例清零" in brief_text.text(told, "zh")


def test_the_province_is_the_sum_of_its_parts_with_what_is_counted_apart(played: Played) -> None:
    told = played.brief(date(2020, 3, 21), HUBEI)

    assert (told.confirmed.value, told.dead.value) == (67800, 3139)  # as the province announced
