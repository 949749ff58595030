"""From draft to received: edit, sign, send back, receive, correct."""

from datetime import datetime
from math import isfinite

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.records import audit
from tongchou.reports import frozen
from tongchou.reports.actions.common import plain
from tongchou.reports.errors import Frozen, NotSaid, NotYours, Outdated
from tongchou.reports.facts import catalogue, standing
from tongchou.reports.models import Correction, Report, Signed
from tongchou.reports.queries import may_correct, may_excuse
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import on_post, scope_of, unit_for
from tongchou.staff.roles import Role

WORDS = ("judgement", "requests")
#: What may be less than nothing: sites can hold more people than they have rooms.
BELOW_ZERO = frozenset({standing.FREE.key})
MOST = 10**10


@transaction.atomic
def edit(
    *, report: Report, version: int, judgement: str, requests: str, by: User, now: datetime
) -> Report:
    """Write the judgement and what is asked for; the facts are nobody's to edit.

    Raises
    ------
    Frozen
        Where it is signed.
    Outdated
        Where somebody saved after this person had opened it.
    """
    if report.passage.stage != "due":
        raise Frozen(_("This report is signed. What is wrong in it is corrected, with a reason."))
    plain(judgement, requests)
    changed = Report.objects.filter(pk=report.pk, version=version, passage__stage="due").update(
        judgement=judgement.strip(),
        requests=requests.strip(),
        version=version + 1,
        edited_by=by,
        edited_at=now,
    )
    if changed != 1:
        raise Outdated(
            _("%(who)s has saved it meanwhile. Your words are below; put the two together.")
            % {"who": _who_saved(report)}
        )
    report.refresh_from_db()
    audit.record(
        verb="daily_report.edit", subject=f"daily_report:{report.pk}", by=by, now=now,
        detail={"number": report.number, "version": report.version},
    )  # fmt: skip
    return report


def _who_saved(report: Report) -> str:
    fresh = Report.objects.select_related("edited_by").get(pk=report.pk)
    return str(fresh.edited_by or _("Somebody"))


@transaction.atomic
def sign(*, report: Report, version: int, by: User, now: datetime) -> Signed:
    """Put one's name to the report as it was seen: from here on it does not change.

    Raises
    ------
    NotSaid
        Without a judgement: the facts the system can tell by itself.
    Outdated
        Where it is not what this person saw.
    """
    now = ledger.whole_second(now)
    if not report.judgement:
        raise NotSaid(_("Write the judgement first: what the numbers mean is not laid out."))
    taken = Report.objects.filter(pk=report.pk, version=version).update(version=version + 1)
    ledger.hand_over(
        passage=report.passage, to="signed", by=by, now=now, unit=_receiver(report, now)
    )
    if taken != 1:
        raise Outdated(_("Somebody else has changed this report meanwhile. Look at it again."))
    report.version = version + 1
    text = frozen.text_of(_content(report, by, now))
    return Signed.objects.create(
        report=report,
        number=report.signatures.count() + 1,
        text=text,
        digest=frozen.digest(text),
        by=by,
        at=now,
    )


def _content(report: Report, by: User, now: datetime) -> dict[str, object]:
    return dict(report.facts) | {
        "number": report.number,
        "judgement": report.judgement,
        "requests": report.requests,
        "signed_by": {
            "user": by.get_username(),
            "name": str(by),
            "unit": _unit_of(report, by, now),
        },
        "signed_at": frozen.stamp(now),
        "to": "" if _is_top(report) else _name_of(_receiver(report, now)),
    }


def _is_top(report: Report) -> bool:
    """Nobody is above: another person of the same headquarters receives it."""
    return report.to_id is None and report.unit_id is None and report.area.parent_id is None


def _unit_of(report: Report, by: User, now: datetime) -> str:
    """In whose name somebody signs: the department's, or their own unit's in the area."""
    if report.unit:
        return report.unit.name
    posts = on_post(now).filter(user=by, area_id__in=report.area.codes).order_by("-level", "id")
    post = posts.select_related("unit").first()
    return post.unit.name if post else ""


def _name_of(unit: int | None) -> str:
    return Unit.objects.get(pk=unit).name if unit else ""


def _receiver(report: Report, now: datetime) -> int | None:
    """Who receives: as the duty says, else the headquarters of the level above, else one's own."""
    if report.to_id:
        return report.to_id
    above: Area = report.area
    if report.unit is None and report.area.parent is not None:
        above = report.area.parent
    unit = unit_for(Role.DUTY_OFFICER, above, now=now)
    return unit.pk if unit else None


@transaction.atomic
def receive(*, report: Report, by: User, now: datetime) -> Report:
    """The level above has it. Nobody receives what they signed themselves.

    Raises
    ------
    NotSaid
        Where the receiver is the signer.
    """
    signed = report.signatures.last()
    if signed is not None and signed.by_id == by.pk:
        raise NotSaid(_("Whoever signed a report does not receive it too; somebody else does."))
    ledger.hand_over(passage=report.passage, to="received", by=by, now=now)
    return report


@transaction.atomic
def send_back(*, report: Report, reason: str, by: User, now: datetime) -> Report:
    """Return it: it is due again, with what is missing. What was signed stays in the record.

    Raises
    ------
    NotSaid
        Without a reason.
    """
    if not reason.strip():
        raise NotSaid(_("Say what is missing or wrong, so that it can be mended."))
    plain(reason)
    ledger.hand_over(
        passage=report.passage, to="due", by=by, now=now, note=reason.strip(),
        unit=report.unit_id,
    )  # fmt: skip
    return report


@transaction.atomic
def excuse(*, report: Report, reason: str, by: User, now: datetime) -> Report:
    """No report will come of this day, and why: said by the level above.

    Raises
    ------
    NotYours
        Where this person is of those who owe it.
    NotSaid
        Without a reason.
    """
    if not may_excuse(report, scope_of(by, now=now), now=now):
        raise NotYours(_("Whoever owes a report does not excuse it; the level above does."))
    if not reason.strip():
        raise NotSaid(_("Say why no report will come."))
    plain(reason)
    ledger.hand_over(passage=report.passage, to="excused", by=by, now=now, note=reason.strip())
    return report


@transaction.atomic
def correct(
    *, signed: Signed, key: str, right: str, why: str, by: User, now: datetime
) -> Correction:
    """Say what is not so in a signed report: what stood there, what is right, why. Nothing changes.

    Raises
    ------
    NotYours
        Where it is another unit's report.
    NotSaid
        For something that does not stand in it, or without a reason or a difference.
    """
    if not may_correct(signed.report, scope_of(by, now=now)):
        raise NotYours(_("Only whose report it is corrects it."))
    said = said_in(signed, key)
    right, why = right.strip(), why.strip()
    if said is None:
        raise NotSaid(_("This does not stand in the signed report."))
    if not why or not right:
        raise NotSaid(_("A correction says what is right, and why."))
    plain(right, why)
    if key not in WORDS:
        right = _number(key, right, said)
    latest = signed.corrections.filter(key=key).last()
    if right == (latest.right if latest else said):
        raise NotSaid(_("That is what stands there already."))
    found = Correction.objects.create(
        signed=signed, key=key, said=latest.right if latest else said, right=right, why=why, by=by,
        at=now,
    )  # fmt: skip
    audit.record(
        verb="daily_report.correct", subject=f"daily_report:{signed.report_id}", by=by, now=now,
        detail={"signature": signed.number, "key": key},
    )  # fmt: skip
    return found


def said_in(signed: Signed, key: str) -> str | None:
    """What stands under a key in the signed text; None where nothing does."""
    content = frozen.read(signed.text)
    if key in WORDS:
        return str(content[key])
    if key not in catalogue.entries():
        return None
    value = next((fact["value"] for fact in content["facts"] if fact["key"] == key), None)
    return None if value is None else str(value)


def _number(key: str, text: str, said: str) -> str:
    """The right number as it is written: whole where a count stood there, below zero for no count.

    Raises
    ------
    NotSaid
        For what is no such number.
    """
    whole = said.lstrip("-").isdecimal()
    try:
        number = int(text) if whole else float(text)
    except ValueError as error:
        words = _("A count is corrected to a whole number.") if whole else None
        raise NotSaid(words or _("A number is corrected to a number.")) from error
    if not isfinite(number) or (number < 0 and key not in BELOW_ZERO):
        raise NotSaid(_("This number cannot be: it is below zero or without an end."))
    if abs(number) > MOST:
        raise NotSaid(_("This number is greater than any count of people or things can be."))
    return str(number)
