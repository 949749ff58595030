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
    if test.due_on > local_day(now):
        raise QuarantineError(_("This test is due on %(day)s.") % {"day": test.due_on})
    now = whole_second(now)
    policy.steady(test.order.person_id)
    changed = DueTest.objects.filter(pk=test.pk, done_at=None, dropped_at=None).update(
        done_at=now, done_by=by, result=result
    )
    if changed != 1:
        raise QuarantineError(_("This test has a result already, or is no longer asked for."))
    test.refresh_from_db()
    ends.tell("quarantine.test", test.order, by=by, now=now, day=test.day, result=result)
    if result == SwabResult.INCONCLUSIVE:
        _sample_again(test, now=now)
    if result == SwabResult.POSITIVE:
        _call_the_hospital(test.order.stay, by=by, now=now)
    return test


@transaction.atomic
def record_tests(*, results: Iterable[tuple[DueTest, str]], by: User, now: datetime) -> Bulk:
    """Results of a whole round; one that is refused does not hold up the others."""
    results = list(results)
    policy.steady(*(test.order.person_id for test, _result in results))
    done = each(results, lambda r: record_test(test=r[0], result=r[1], by=by, now=now))
    _tell_bulk("quarantine.record_tests", done, by=by, now=now)
    return done


@transaction.atomic
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
    if unknown := set(symptoms) - set(Symptom.values):
        raise QuarantineError(
            _("Unknown symptom: %(names)s.") % {"names": ", ".join(sorted(unknown))}
        )
    if on > local_day(now) or on < stay.order.from_on:
        raise QuarantineError(_("The day lies outside the order."))
    if temperature is None and not symptoms:
        raise QuarantineError(_("Give a temperature or a symptom; without either it stays missed."))
    if temperature is not None and not 30 <= temperature <= 45:
        raise QuarantineError(_("%(t)s °C is no temperature of a person.") % {"t": temperature})
    check, new = HealthCheck.objects.update_or_create(
        stay=stay,
        on=on,
        defaults={
            "temperature": temperature,
            "symptoms": list(symptoms),
            "by": by,
            "at": whole_second(now),
        },
    )
    if not new:
        ends.tell("quarantine.correct_check", stay.order, by=by, now=now, on=on.isoformat())
    return check


@transaction.atomic
def record_health_checks(
    *,
    checks: Iterable[tuple[Stay, Decimal | None, Sequence[str]]],
    on: date,
    by: User,
    now: datetime,
) -> Bulk:
    """The round of a floor or of a whole site."""
    done = each(
        checks,
        lambda c: record_health_check(
            stay=c[0], on=on, temperature=c[1], symptoms=c[2], by=by, now=now
        ),
    )
    _tell_bulk("quarantine.record_checks", done, by=by, now=now, on=on.isoformat())
    return done


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
