"""Results of tests and daily health checks, one by one and for a whole group."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.quarantine.actions import ends
from tongchou.quarantine.actions.stays import Bulk, each, mark_ill
from tongchou.quarantine.errors import QuarantineError
from tongchou.quarantine.loops import QUARANTINE_STAY
from tongchou.quarantine.models import DueTest, HealthCheck, Stay, SwabResult, Symptom
from tongchou.quarantine.plan import local_day
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def record_test(*, test: DueTest, result: str, by: User, now: datetime) -> DueTest:
    """Write down a result. A positive one makes the stay ill, and by the wiring reports a case.

    An inconclusive one is due again tomorrow at the latest.
    """
    if result not in SwabResult.values:
        raise QuarantineError(_("Choose a result."))
    if refusal := _refused_test(test, now):
        raise QuarantineError(refusal)
    now = whole_second(now)
    policy.steady(test.order.person_id)
    changed = DueTest.objects.filter(pk=test.pk, done_at=None, dropped_at=None).update(
        done_at=now, done_by=by, result=result
    )
    if changed != 1:
        raise QuarantineError(_too_late())
    test.refresh_from_db()
    ends.tell("quarantine.test", test.order, by=by, now=now, day=test.day, result=result)
    if result == SwabResult.INCONCLUSIVE:
        _sample_again(test, now=now)
    if result == SwabResult.POSITIVE:
        _call_the_hospital(test.order.stay, by=by, now=now)
    return test


def _refused_test(test: DueTest, now: datetime) -> str:
    """Why this test can have no result yet; empty where it can."""
    if test.due_on > local_day(now):
        return _("This test is due on %(day)s.") % {"day": test.due_on}
    return ""


@transaction.atomic
def record_tests(*, results: Iterable[tuple[DueTest, str]], by: User, now: datetime) -> Bulk:
    """Results of a whole round; one that is refused does not hold up the others.

    The negative ones, nearly all of any round, are written in one statement.
    """
    results = list(results)
    policy.steady(*(test.order.person_id for test, _result in results))
    negative = {test.pk: test for test, result in results if result == SwabResult.NEGATIVE}
    other = [pair for pair in results if pair[1] != SwabResult.NEGATIVE]
    done = each(other, lambda r: record_test(test=r[0], result=r[1], by=by, now=now))
    written = _write_negatives(negative, by=by, now=whole_second(now))
    done.n_done += len(written)
    for test in (test for pk, test in negative.items() if pk not in written):
        done.refused.append(((test, SwabResult.NEGATIVE), _refused_test(test, now) or _too_late()))
    _tell_bulk("quarantine.record_tests", done, by=by, now=now)
    return done


def _too_late() -> str:
    return _("This test has a result already, or is no longer asked for.")


def _write_negatives(tests: dict[int, DueTest], *, by: User, now: datetime) -> set[int]:
    due = [pk for pk, test in tests.items() if not _refused_test(test, now)]
    waiting = DueTest.objects.filter(pk__in=due, done_at=None, dropped_at=None)
    written = set(waiting.select_for_update().values_list("pk", flat=True))
    DueTest.objects.filter(pk__in=written).update(
        done_at=now, done_by=by, result=SwabResult.NEGATIVE
    )
    ends.tell_many(
        "quarantine.test",
        (
            (tests[pk].order, {"day": tests[pk].day, "result": SwabResult.NEGATIVE})
            for pk in sorted(written)
        ),
        by=by,
        now=now,
    )
    return written


def record_health_check(
    *,
    stay: Stay,
    on: date,
    temperature: Decimal | None,
    symptoms: Sequence[str],
    by: User | None,
    now: datetime,
) -> HealthCheck:
    """Write down how somebody was on a day; once more on the same day corrects it, and says so."""
    if refusal := _refused_check(stay, on, temperature, symptoms, now):
        raise QuarantineError(refusal)
    _write_checks({stay.pk: (stay, temperature, symptoms)}, on=on, by=by, now=now)
    return HealthCheck.objects.get(stay=stay, on=on)


@transaction.atomic
def record_health_checks(
    *,
    checks: Iterable[tuple[Stay, Decimal | None, Sequence[str]]],
    on: date,
    by: User,
    now: datetime,
) -> Bulk:
    """The round of a floor or of a whole site; one that is refused does not hold up the others."""
    done, good = Bulk(), {}
    for check in checks:
        if refusal := _refused_check(check[0], on, check[1], check[2], now):
            done.refused.append((check, refusal))
        else:
            good[check[0].pk] = check
    _write_checks(good, on=on, by=by, now=now)
    done.n_done = len(good)
    _tell_bulk("quarantine.record_checks", done, by=by, now=now, on=on.isoformat())
    return done


def _refused_check(
    stay: Stay, on: date, temperature: Decimal | None, symptoms: Sequence[str], now: datetime
) -> str:
    """Why this cannot be how somebody was on that day; empty where it can."""
    if unknown := set(symptoms) - set(Symptom.values):
        return _("Unknown symptom: %(names)s.") % {"names": ", ".join(sorted(unknown))}
    if on > local_day(now) or on < stay.order.from_on:
        return _("The day lies outside the order.")
    if temperature is None and not symptoms:
        return _("Give a temperature or a symptom; without either it stays missed.")
    if temperature is not None and not 30 <= temperature <= 45:
        return _("%(t)s °C is no temperature of a person.") % {"t": temperature}
    return ""


@transaction.atomic
def _write_checks(
    checks: dict[int, tuple[Stay, Decimal | None, Sequence[str]]],
    *,
    on: date,
    by: User | None,
    now: datetime,
) -> None:
    known = HealthCheck.objects.filter(stay__in=checks, on=on).values_list("stay_id", flat=True)
    corrected = [checks[pk][0].order for pk in known]
    HealthCheck.objects.bulk_create(
        (
            HealthCheck(
                stay=stay,
                on=on,
                temperature=temperature,
                symptoms=list(symptoms),
                by=by,
                at=whole_second(now),
            )
            for stay, temperature, symptoms in checks.values()
        ),
        update_conflicts=True,
        unique_fields=["stay", "on"],
        update_fields=["temperature", "symptoms", "by", "at"],
    )
    ends.tell_many(
        "quarantine.correct_check",
        ((order, {"on": on.isoformat()}) for order in corrected),
        by=by,
        now=now,
    )


def _sample_again(test: DueTest, *, now: datetime) -> None:
    tomorrow = local_day(now) + timedelta(days=1)
    standing = DueTest.objects.filter(order=test.order, due_on=tomorrow, dropped_at=None)
    if not standing.update(again=True):
        day = (tomorrow - test.order.last_exposure_on).days
        DueTest.objects.create(order=test.order, day=day, due_on=tomorrow, again=True)


def _call_the_hospital(stay: Stay, *, by: User, now: datetime) -> None:
    awaited = QUARANTINE_STAY.at(stay.passage.stage)
    if awaited is not None and "ill" in awaited.to:
        mark_ill(stay=stay, by=by, now=now, note=_("tested positive"))


def _tell_bulk(verb: str, done: Bulk, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(
        verb=verb,
        subject="stays",
        by=by,
        now=now,
        detail={"done": done.n_done, "refused": len(done.refused), **detail},
    )
