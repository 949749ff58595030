"""An inspection is reported: what was answered with no becomes findings for the unit to mend."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import User
from tongchou.supervision.errors import NotAnswered
from tongchou.supervision.loops import RECTIFICATIONS
from tongchou.supervision.models import Finding, Inspection, Kind
from tongchou.supervision.queries import findings as earlier
from tongchou.supervision.queries import inspections as queries
from tongchou.supervision.queries.inspections import Row


@dataclass
class Reported:
    """What a report brought about. Each item answered with no is in `new` or in `known`."""

    new: list[Finding] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)
    passed: list[Finding] = field(default_factory=list)
    sent_back: list[Finding] = field(default_factory=list)


@transaction.atomic
def report(*, inspection: Inspection, by: User, now: datetime, remark: str = "") -> Reported:
    """End the inspection. Findings go to the unit; what is known and open is not found twice.

    Where another unit inspects, its answers also settle what the unit says it has mended: yes
    passes it, no sends it back. Answers and reports by people of the unit itself settle nothing.

    Raises
    ------
    NotAnswered
        Where an item is open, or a no does not say what was found.
    """
    policy.steady()
    Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    rows = queries.rows(inspection)
    _complete(rows)
    ledger.hand_over(passage=inspection.passage, to="reported", by=by, now=now, note=remark[:200])
    _sum_up(inspection, rows, remark=remark, by=by, now=now)
    done = Reported()
    for row in rows:
        assert row.answer is not None
        if row.known is not None and inspection.kind != Kind.SELF_CHECK:
            _settle(done, row, inspection, by=by, now=now)
        if row.answer.value == "no" and row.known is None:
            done.new.append(_find(inspection, row, by=by, now=now))
        elif row.answer.value == "no" and row.known is not None:
            done.known.append(row.known)
    return done


def _complete(rows: Sequence[Row]) -> None:
    missing = [row.item for row in rows if row.answer is None]
    if missing:
        raise NotAnswered(
            ngettext("%(n)d item is not answered: %(items)s.",
                     "%(n)d items are not answered: %(items)s.", len(missing))
            % {"n": len(missing), "items": _names(missing)}
        )  # fmt: skip
    silent = [row.item for row in rows if row.incomplete]
    if silent:
        raise NotAnswered(
            _("Say in the note what was found: %(items)s.") % {"items": _names(silent)}
        )


def _names(items: Sequence[object]) -> str:
    shown = "; ".join(str(item)[:40] for item in items[:3])
    return shown if len(items) <= 3 else f"{shown} …"


def _sum_up(
    inspection: Inspection, rows: Sequence[Row], *, remark: str, by: User, now: datetime
) -> None:
    yes = [row for row in rows if row.answer and row.answer.value == "yes"]
    no = [row for row in rows if row.answer and row.answer.value == "no"]
    weight = sum(row.item.weight for row in [*yes, *no])
    facts = {
        "reported_by": by,
        "reported_at": now,
        "remark": remark[:300],
        "n_yes": len(yes),
        "n_no": len(no),
        "n_red": sum(row.item.red_line for row in no),
        "score": sum(row.item.weight for row in yes) / weight if weight else None,
    }
    Inspection.objects.filter(pk=inspection.pk).update(**facts)
    for name, value in facts.items():
        setattr(inspection, name, value)


def _settle(done: Reported, row: Row, inspection: Inspection, *, by: User, now: datetime) -> None:
    """Somebody else has looked at what the unit says it has mended."""
    known, answer = row.known, row.answer
    assert known is not None and answer is not None
    if known.passage.stage != "rectified" or answer.value == "na":
        return
    looked = {by.pk: by, answer.by_id: answer.by}.values()
    if any(earlier.is_own(known, one, now) or earlier.mended_by(known, one) for one in looked):
        return
    if answer.value == "yes":
        ledger.hand_over(passage=known.passage, to="passed", by=by, now=now, note=inspection.number)
        done.passed.append(known)
        return
    note = f"{inspection.number}. {answer.note}"
    ledger.hand_over(
        passage=known.passage, to="found", by=by, now=now, note=note, unit=known.unit_id
    )
    done.sent_back.append(known)


def _find(inspection: Inspection, row: Row, *, by: User, now: datetime) -> Finding:
    item, answer = row.item, row.answer
    assert answer is not None
    (pk,) = reserve_ids(Finding, 1)
    passage = ledger.start(
        loop=RECTIFICATIONS[item.severity],
        area=inspection.area,
        title=f"F-{pk:06d} · {item.zh}",
        by=by,
        now=now,
        caused_by=inspection.passage,
        unit=inspection.unit_id,
    )
    again = earlier.before(
        unit=inspection.unit_id, checklist=inspection.checklist.slug, item=item.key
    )
    return Finding.objects.create(
        pk=pk, inspection=inspection, passage=passage, checklist=inspection.checklist.slug,
        item=item.key, asked=item.zh, asked_en=item.en, what=answer.note, severity=item.severity,
        self_found=inspection.kind == Kind.SELF_CHECK, unit=inspection.unit,
        place=inspection.place, area=inspection.area, area_path=inspection.area_path,
        found_at=passage.opened_at, repeats=again.first(), n_before=again.count(),
    )  # fmt: skip
