"""The MERS outbreak of Korea in 2015 reviewed: 162 positives, every interval against the file.

The list is read in as a city would read it, and counted here a second time with `csv` and nothing
else. It is a closed list: no desk is asked for reviews until the CDC wants them.
"""

import csv
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.little_city import LittleCity, build
from tongchou.cases.models import Case
from tongchou.intake import actions as intake
from tongchou.intake.fields import Kind
from tongchou.intake.profiles import load
from tongchou.ledger import policy
from tongchou.ledger.models import Handoff, Passage
from tongchou.lists.actions import common, delegating
from tongchou.lists.models import Likeness, Problem, Task
from tongchou.reviews.actions import consequences, findings, opening
from tongchou.reviews.models import Review
from tongchou.reviews.queries.laying_out import Layout, lay_out
from tongchou.reviews.queries.together import Together, of_review
from tongchou.reviews.telling import told
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role

pytestmark = pytest.mark.django_db  # so that there is a database when these run alone

LISTS = (
    ("mers_korea_2015.linelist.csv", Kind.CASE, "162 read = 162 stored + 0 refused"),
    ("mers_korea_2015.contacts.csv", Kind.EXPOSURE, "98 read = 98 stored + 0 refused"),
)
DAY = 86400


@dataclass
class Korea:
    """The list as it stands in the file, and as it was reviewed."""

    little: LittleCity
    rows: dict[str, dict[str, str]]
    sources: dict[str, set[str]]
    campaign: Review
    now: datetime
    opened: int

    @property
    def layouts(self) -> list[Layout]:
        cases = Case.objects.order_by("id").values_list("pk", flat=True)
        book = policy.in_force(self.now)
        return lay_out(list(cases), book=book, now=self.now)

    def together(self) -> Together:
        return of_review(self.campaign, book=policy.in_force(self.now), now=self.now)

    def days(self, since: str, until: str) -> list[int]:
        """Days between two columns, of the rows that have both."""
        return [n for row in self.rows.values() if (n := days(row, since, until)) is not None]


def days(row: dict[str, str], since: str, until: str) -> int | None:
    if not row[since] or not row[until]:
        return None
    return (date.fromisoformat(row[until]) - date.fromisoformat(row[since])).days


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def korea(module_db: None, shared: Path) -> Iterator[Korea]:
    """Read in, gathered in one campaign, and every review of it opened."""
    little, folder = build(), shared / "data/linelists"
    _western_headquarters(little)
    now = little.at(days=1)
    for name, kind, line in LISTS:
        with (folder / name).open("rb") as file:
            of = intake.receive(
                file=file, name=name, profile=load("mers-korea"), kind=kind, area=little.city,
                by=little.steward, now=now,
            )  # fmt: skip
        assert intake.run(of=of, now=now).reconciled == line
    rows = {row["id"]: row for row in read(folder / LISTS[0][0])}
    sources: dict[str, set[str]] = defaultdict(set)
    for pair in read(folder / LISTS[1][0]):
        sources[pair["to"]].add(pair["from"])
    before = opening.open_due(now=now)
    assert before == "" and not Review.objects.exists()
    campaign = opening.begin(
        area=little.city, title="MERS 2015", since=date(2015, 5, 1), until=date(2015, 7, 31),
        disease="mers", by=little.qian, now=now,
    )  # fmt: skip
    cases = list(Case.objects.values_list("pk", flat=True))
    opened = opening.open_many(cases=cases, by=little.qian, now=now)
    yield Korea(little, rows, sources, campaign, now, opened)


def _western_headquarters(little: LittleCity) -> None:
    west = User.objects.create(username="duty_west", display_name="河西值班")
    unit = Unit.objects.create(name="河西区指挥部", area=little.west)
    Post.objects.create(
        user=west, role=Role.DUTY_OFFICER, unit=unit, area=little.west, level=little.west.level,
        from_at=little.at(days=-4000),
    )  # fmt: skip
    little.users["duty_west"] = west


def test_every_positive_has_its_review_once_somebody_asks(korea: Korea) -> None:
    assert korea.opened == len(korea.rows) == 162
    assert Review.objects.filter(kind="case").count() == 162
    legs = Handoff.objects.filter(loop="review", passage__review__kind="case", done_at=None)
    assert {leg.due_at - leg.opened_at for leg in legs} == {timedelta(hours=72)}
    assert not Passage.objects.exclude(loop="review").exists()


def test_every_interval_of_every_positive_is_that_of_the_file(korea: Korea) -> None:
    columns = {
        "onset_to_report": ("dt_onset", "dt_report"),
        "onset_to_confirmation": ("dt_onset", "dt_diag"),
    }
    for layout in korea.layouts:
        row = korea.rows[layout.record.number]
        for name, (since, until) in columns.items():
            expected = days(row, since, until)
            found = layout.taken(name)
            assert found == (None if expected is None else expected * DAY), (row["id"], name)
        # The file has no quarantine of anybody: not known, and no zero.
        assert layout.taken("exposure_to_quarantine") is None
        assert layout.taken("onset_to_admission") is None
        assert not any(each.waiting for each in layout.measured)


def test_detection_of_every_positive_is_counted_from_the_file(korea: Korea) -> None:
    for layout in korea.layouts:
        row = korea.rows[layout.record.number]
        known = min(row["dt_report"], row["dt_diag"])
        expected = days(row | {"known": known}, "dt_onset", "known")
        measured = layout.measure("detect")
        assert measured is not None
        assert measured.taken_s == (None if expected is None else expected * DAY), row["id"]
        assert measured.in_time == (None if expected is None else expected <= 7), row["id"]


def test_exposure_windows_are_the_files_where_it_has_them(korea: Korea) -> None:
    book = policy.in_force(korea.now)
    longest = int(book.disease("mers").incubation_max_days.value)
    n_recorded = 0
    for layout in korea.layouts:
        row, window = korea.rows[layout.record.number], layout.window
        if row["dt_start_exp"] or row["dt_end_exp"]:
            n_recorded += 1
            assert window.basis == "recorded"
            assert _iso(window.since) == row["dt_start_exp"], row["id"]
            assert _iso(window.until) == row["dt_end_exp"], row["id"]
        elif row["dt_onset"]:
            onset = date.fromisoformat(row["dt_onset"])
            assert (window.since, window.until) == (onset - timedelta(days=longest), onset)
    assert n_recorded == sum(
        bool(row["dt_start_exp"] or row["dt_end_exp"]) for row in korea.rows.values()
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def test_who_was_a_contact_of_whom_is_what_the_pairs_say(korea: Korea) -> None:
    for layout in korea.layouts:
        met = {met.case_number for met in layout.record.met}
        assert met == korea.sources.get(layout.record.number, set()), layout.record.number


def test_the_campaign_shows_medians_and_of_how_many(korea: Korea) -> None:
    together = korea.together()
    assert together.n == 162
    for name, since, until in (
        ("onset_to_report", "dt_onset", "dt_report"),
        ("onset_to_confirmation", "dt_onset", "dt_diag"),
    ):
        expected, spread = korea.days(since, until), together.spread(name)
        assert spread is not None
        assert (spread.n, spread.n_unknown) == (len(expected), 162 - len(expected))
        assert spread.median_s == statistics.median(expected) * DAY
        low, _middle, high = statistics.quantiles(expected, n=4, method="inclusive")
        assert (spread.low_s, spread.high_s) == (low * DAY, high * DAY)
        assert (spread.least_s, spread.most_s) == (min(expected) * DAY, max(expected) * DAY)
    quarantine = together.spread("exposure_to_quarantine")
    assert quarantine is not None and (quarantine.n, quarantine.median_s) == (0, None)


def test_what_was_late_in_all_is_late_detection(korea: Korea) -> None:
    took = [
        n
        for row in korea.rows.values()
        if (n := days(row | {"known": min(row["dt_report"], row["dt_diag"])}, "dt_onset", "known"))
        is not None
    ]
    (first, *_others) = korea.together().bottlenecks
    assert first.name == "detect"
    assert (first.n, first.n_late) == (len(took), sum(n > 7 for n in took))
    assert first.excess_s == sum(max(0, n - 7) for n in took) * DAY
    assert first.worst_s == (max(took) - 7) * DAY


def test_the_whole_campaign_takes_a_handful_of_statements(
    korea: Korea, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(14):
        korea.together()
    with django_assert_max_num_queries(20):
        assert len(korea.layouts) == 162


def test_common_problems_go_to_the_counties_as_tasks(korea: Korea) -> None:
    """Raised in both counties, held to be one by a person, and passed down by the city."""
    little, now = korea.little, korea.now + timedelta(hours=1)
    late = korea.together().bottlenecks[0]
    made = []
    for area in (little.east, little.west):
        finding = findings.find(
            review=korea.campaign, kind="bottleneck", step="detect", delay_s=late.excess_s,
            what=f"{late.n_late} of {late.n} found later than 7 days after onset",
            by=little.qian, now=now,
        )  # fmt: skip
        findings.answer(
            finding=finding, text="Emergency rooms did not ask for travel or visits",
            cause="training", after=0, by=little.qian, now=now,
        )  # fmt: skip
        made.append(
            consequences.raise_problem(
                finding=finding, title="Emergency rooms find MERS late",
                what="Emergency rooms did not ask for travel or visits to hospitals.",
                area=area, by=little.qian, now=now,
            ).problem
        )  # fmt: skip
    assert Problem.objects.filter(found_by="review", cause="training").count() == 2
    assert {problem.passage.caused_by for problem in made if problem} == {korea.campaign.passage}

    # The two lists see by themselves that both counties have the same problem.
    common.look(now=now)
    assert Likeness.objects.filter(one=made[0], other=made[1], verdict="proposed").exists()

    known = common.confirm(
        problems=[each for each in made if each], title="Emergency rooms find MERS late",
        area=little.city, by=little.duty_city, now=now,
    )  # fmt: skip
    assert known.problems.count() == 2

    # The city's headquarters gets one task and passes it down to both counties'.
    goal = "Every emergency room asks for travel and visits"
    whole = consequences.set_task(
        finding=korea.campaign.findings.order_by("number")[0], goal=goal, measure="Checked weekly",
        due_at=now + timedelta(days=20), unit=Unit.objects.get(name="市指挥部"),
        by=little.qian, now=now,
    ).task  # fmt: skip
    assert whole is not None
    parts = delegating.delegate(
        task=whole,
        parts=[
            delegating.Part(unit=Unit.objects.get(name=name), due_at=now + timedelta(days=14))
            for name in ("河东区指挥部", "河西区指挥部")
        ],
        by=little.duty_city, now=now,
    )  # fmt: skip
    open_legs = Handoff.objects.filter(passage__task__in=parts, done_at=None)
    assert {leg.unit.name for leg in open_legs if leg.unit} == {"河东区指挥部", "河西区指挥部"}
    assert Task.objects.filter(parent=whole).count() == 2


def test_the_facts_hold_every_number_and_name_nobody(korea: Korea) -> None:
    review = Review.objects.select_related("passage", "area").get(case__number="SK_14")
    facts = told(review, now=korea.now)
    row = korea.rows["SK_14"]

    assert facts["case"] == "SK_14"
    assert facts["intervals"]["onset_to_report"]["days"] == days(row, "dt_onset", "dt_report")
    met = sum("SK_14" in sources for sources in korea.sources.values())
    assert facts["onward"] == {"n": met, "n_cases": met}
    assert facts["hand_offs"] == []
