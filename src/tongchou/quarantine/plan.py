"""What the playbook asks of one person: until when, where, and which tests. Reads no table.

The last exposure is day 0, so ten days after an exposure on the 1st end with the 11th, at 24:00.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tongchou.playbook import ContactRule, NoSuchRule, Playbook


@dataclass(frozen=True, slots=True)
class Plan:
    """The order as the playbook would write it."""

    rule: str
    playbook: str
    clause: str
    segments: tuple[tuple[str, int, str], ...]
    home_from_at: datetime | None
    to_at: datetime
    tests: tuple[tuple[int, date], ...]


def day_end(day: date) -> datetime:
    """24:00 of a day where the city is, which is 0:00 of the next."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return midnight.replace(tzinfo=timezone.get_default_timezone())


def local_day(moment: datetime) -> date:
    """The day in the city's own time."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def rule_of(playbook: Playbook, path: str) -> ContactRule:
    """The rule at a path such as `contact.close` or `group.entrant`."""
    section, _, name = path.partition(".")
    return playbook.contact(name) if section == "contact" else playbook.group(name)


def draw(playbook: Playbook, rule: str, last_exposure_on: date) -> Plan | None:
    """The plan for somebody last exposed on a day; None where the playbook asks nothing."""
    try:
        asked = rule_of(playbook, rule)
    except NoSuchRule:
        return None
    if not asked.managed:
        return None
    days, home_from = 0, None
    for segment in asked.quarantine:
        days += segment.days
        if segment.site == "facility":
            home_from = days
    return Plan(
        rule=rule,
        playbook=playbook.id,
        clause=_clause(playbook, rule, asked),
        segments=tuple((s.site, s.days, s.kind) for s in asked.quarantine),
        home_from_at=day_end(last_exposure_on + timedelta(days=home_from)) if home_from else None,
        to_at=day_end(last_exposure_on + timedelta(days=days)),
        tests=tuple((d, last_exposure_on + timedelta(days=d)) for d in asked.test_days),
    )


def still_to_test(plan: Plan, today: date) -> dict[date, int]:
    """Due day to number of the test. Those that lie behind are made up for in one test today."""
    due: dict[date, int] = {}
    for day, on in plan.tests:
        due[max(on, today)] = day
    return due


def _clause(playbook: Playbook, path: str, asked: ContactRule) -> str:
    """Clause and source of the days; without a clause in the playbook, the rule itself is named."""
    stay = asked.stay
    assert stay is not None  # a managed rule has days, or the playbook would not have been read
    where = stay.clause or f"{playbook.title.zh} {path}"
    return f"{where}（{stay.source}）"[:300]
