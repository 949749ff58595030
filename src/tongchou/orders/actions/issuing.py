"""Checking, signing and issuing an order, and its end.

A flagged order goes out with a reason and two people's names, and beyond a red line not at all. All
orders of a province go out one after the other, so that each sees those before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.orders.actions.common import (
    check_acts,
    check_lives,
    check_signer,
    digest,
    moment,
    need,
    plain,
)
from tongchou.orders.errors import (
    BeyondARedLine,
    NotNow,
    OrdersError,
    Stranded,
    TakesAnother,
)
from tongchou.orders.loops import ORDER_RECEIPT
from tongchou.orders.measures import BINDING, IN_DAYS, IN_HOURS
from tongchou.orders.models import Consent, Ending, EndingSort, Flag, Measure, Order, Receipt
from tongchou.orders.queries import flags
from tongchou.records import audit
from tongchou.staff.models import User

#: What people may know of a measure that binds them.
MUST_SAY = {
    "groups": gettext_lazy("for whom"),
    "risk": gettext_lazy("risk there"),
    "clause": gettext_lazy("clause"),
    "cost": gettext_lazy("what it costs"),
    "bearer": gettext_lazy("who bears it"),
}


@transaction.atomic
def check(*, order: Order, version: int, by: User, now: datetime) -> list[flags.Found]:
    """Look an order over (核稿), by somebody who did not draft it; what is found stays on record.

    Raises
    ------
    TakesAnother
        Where whoever drafted it checks it too.
    OrdersError
        Where something every restriction needs is missing, or it is another unit's to check.
    BeyondARedLine
        With the clauses, where the playbook forbids it.
    """
    if order.drafted_by_id == by.pk:
        raise TakesAnother(_("You drafted it; somebody else has to check it."))
    check_acts(by, order.unit, order.area, now=now)
    _complete(order, now=now)
    found = flags.of(order, now=now)
    _refuse_red_lines(found)
    drafts = Order.objects.filter(
        pk=order.pk, version=version, issued_at=None, dropped_at=None, checked_at=None
    )
    if drafts.update(checked_by=by, checked_at=now) != 1:
        raise NotNow(_("The draft was changed or checked meanwhile. Reload, and read it again."))
    order.refresh_from_db()
    _keep(order, found, at_issue=False, now=now)
    _audit("order.check", order, by=by, now=now, flags=[one.key for one in found])
    return found


@transaction.atomic
def ask_consent(*, order: Order, reason: str, by: User, now: datetime) -> Consent:
    """Ask that a flagged order may go out all the same, with the reason; a second person signs."""
    _checked(order)
    need({"reason": reason}, [("reason", _("the reason"))])
    plain(reason)
    check_signer(by, order.unit, order.area, now=now)
    found = flags.of(order, now=now)
    _refuse_red_lines(found)
    if not found:
        raise NotNow(_("Nothing speaks against it; it can be issued as it is."))
    consent, made = Consent.objects.get_or_create(
        order=order,
        version=order.version,
        flags=flags.digest(found),
        defaults={"reason": reason.strip(), "asked_by": by, "asked_at": now},
    )
    if not made:
        raise NotNow(_("That has been asked already; it waits for the second signature."))
    _audit("order.ask_consent", order, by=by, now=now, reason=reason.strip())
    return consent


@transaction.atomic
def sign_consent(*, consent: Consent, by: User, now: datetime) -> Consent:
    """The second name under a flagged order.

    Raises
    ------
    TakesAnother
        Where whoever asked signs too.
    NotNow
        Where somebody signed already, or the draft or its flags are no longer those.
    """
    order = consent.order
    if consent.asked_by_id == by.pk:
        raise TakesAnother(_("You asked for it; the second signature is somebody else's."))
    check_signer(by, order.unit, order.area, now=now)
    _checked(order)
    found = flags.of(order, now=now)
    if consent.version != order.version or consent.flags != flags.digest(found):
        raise NotNow(
            _("What speaks against it has changed since; ask anew with what is found now.")
        )
    waiting = Consent.objects.filter(pk=consent.pk, signed_at=None)
    if waiting.update(signed_by=by, signed_at=now) != 1:
        raise NotNow(_("Somebody has signed it already."))
    consent.refresh_from_db()
    _audit("order.sign_consent", order, by=by, now=now, reason=consent.reason)
    return consent


@transaction.atomic
def issue(*, order: Order, version: int, by: User, now: datetime) -> Order:
    """Sign an order and send it out (签发): every unit it goes to has to acknowledge it.

    Raises
    ------
    Stranded
        Where it is flagged, and not two people have signed for these flags.
    BeyondARedLine
        Where the playbook forbids it.
    NotNow
        Where it was issued, changed or not checked.
    """
    now = ledger.whole_second(now)
    check_signer(by, order.unit, order.area, now=now)
    policy.steady()
    # One after the other: of two orders that strand somebody together the second sees the first.
    Area.objects.select_for_update(no_key=True).get(pk=order.area.codes[0])
    order.refresh_from_db()
    _checked(order)
    if order.version != version:
        raise NotNow(_("The draft was changed meanwhile. Reload, and read it again."))
    _complete(order, now=now)
    found = flags.of(order, now=now)
    _refuse_red_lines(found)
    _need_consent(order, found)
    order.measures.update(frozen=True)
    sealed = digest(text_of(order))
    ready = Order.objects.filter(pk=order.pk, version=version, issued_at=None, dropped_at=None)
    if ready.update(issued_by=by, issued_at=now, digest=sealed) != 1:
        raise NotNow(_("Somebody has issued it already."))
    order.refresh_from_db()
    _keep(order, found, at_issue=True, now=now)
    for receipt in order.receipts.select_related("unit__area"):
        _send(receipt, order, by=by, now=now)
    _audit("order.issue", order, by=by, now=now, digest=sealed, flags=[one.key for one in found])
    return order


@transaction.atomic
def end(*, order: Order, sort: str, reason: str, by: User, now: datetime) -> Ending:
    """Lift an order before its time, or withdraw it; receipts still open become void."""
    need({"reason": reason}, [("reason", _("the reason"))])
    plain(reason)
    check_signer(by, order.unit, order.area, now=now)
    if order.issued_at is None:
        raise NotNow(_("It has not been issued; throw the draft away instead."))
    policy.steady()
    if Ending.objects.filter(order=order).exists():
        raise NotNow(_("It has ended already."))
    try:
        with transaction.atomic():
            ending = Ending.objects.create(
                order=order, sort=EndingSort(sort), reason=reason.strip()[:300], by=by, at=now
            )
    except IntegrityError as error:
        raise NotNow(_("It has ended already.")) from error
    for receipt in order.receipts.filter(passage__closed_at=None).select_related("passage"):
        if receipt.passage is not None:
            note = ending.get_sort_display()
            ledger.hand_over(passage=receipt.passage, to="void", by=by, now=now, note=note)
    _audit("order.end", order, by=by, now=now, sort=sort, reason=reason.strip())
    return ending


@transaction.atomic
def acknowledge(*, receipt: Receipt, by: User, now: datetime, note: str = "") -> Receipt:
    """The unit has read it and does it."""
    plain(note)
    return _move(receipt, "acknowledged", note, by=by, now=now)


@transaction.atomic
def object_to(*, receipt: Receipt, reason: str, by: User, now: datetime) -> Receipt:
    """The unit says that it cannot be done there, and why; the issuer has to answer."""
    need({"reason": reason}, [("reason", _("the reason"))])
    plain(reason)
    return _move(receipt, "objected", reason.strip(), by=by, now=now, unit=receipt.order.unit_id)


@transaction.atomic
def uphold(*, receipt: Receipt, reason: str, by: User, now: datetime) -> Receipt:
    """The issuer has heard it and the order stands, with the answer."""
    need({"reason": reason}, [("reason", _("the reason"))])
    plain(reason)
    return _move(receipt, "issued", reason.strip(), by=by, now=now, unit=receipt.unit_id)


def text_of(order: Order) -> dict[str, Any]:
    """What goes out, as plain values in one order."""
    return {
        "number": order.number,
        "reference": order.reference,
        "kind": order.kind,
        "title": order.title,
        "text": order.text,
        "unit": order.unit_id,
        "area": order.area_id,
        "appeal": order.appeal,
        "measures": [_plain(measure) for measure in order.measures.order_by("number")],
        "units": sorted(order.receipts.values_list("unit_id", flat=True)),
    }


def _plain(measure: Measure) -> list[Any]:
    return [
        measure.number, measure.kind, sorted(measure.groups), sorted(measure.spares),
        measure.area_id, measure.place_id, measure.risk, moment(measure.from_at),
        moment(measure.until), measure.amount, measure.words, measure.clause, measure.cost,
        measure.bearer,
    ]  # fmt: skip


def _complete(order: Order, *, now: datetime) -> None:
    """Whom it goes to, what it asks; and for whatever binds somebody, all that they may know."""
    measures = list(order.measures.select_related("area__successor", "order"))
    if not measures:
        raise OrdersError(_("It asks nothing yet: add a measure."))
    if not order.receipts.exists():
        raise OrdersError(_("Say to which units it goes."))
    check_lives(order.area)
    for measure in measures:
        check_lives(measure.area)
        if not measure.area.path.startswith(order.area.path):
            raise OrdersError(
                _("Measure %(n)s reaches beyond %(area)s, for which the order is.")
                % {"n": measure.number, "area": order.area}
            )
        if measure.until <= now:
            raise OrdersError(
                _("Measure %(n)s ended before it was issued; give it a new end.")
                % {"n": measure.number}
            )
    if any(measure.kind in BINDING for measure in measures):
        need({"appeal": order.appeal}, [("appeal", _("where to appeal"))])
    for measure in measures:
        if measure.kind in BINDING:
            _bound(measure)
        if measure.kind in IN_DAYS | IN_HOURS and not measure.amount:
            raise OrdersError(
                _("Measure %(n)s does not say how many days, or for how many hours a test is good.")
                % {"n": measure.number}
            )


def _bound(measure: Measure) -> None:
    missing = [str(label) for name, label in MUST_SAY.items() if not getattr(measure, name)]
    if missing:
        raise OrdersError(
            _("Measure %(n)s binds people, and lacks: %(what)s.")
            % {"n": measure.number, "what": _(", ").join(missing)}
        )


def _checked(order: Order) -> None:
    if order.issued_at is not None:
        raise NotNow(_("Somebody has issued it already."))
    if order.dropped_at is not None:
        raise NotNow(_("The draft was thrown away."))
    if order.checked_at is None:
        raise NotNow(_("It has to be checked first."))


def _refuse_red_lines(found: Sequence[flags.Found]) -> None:
    beyond = [one for one in found if one.is_red_line]
    if beyond:
        raise BeyondARedLine(
            _("No order may do this: %(lines)s.")
            % {"lines": "; ".join(f"{one.measure}. {one.says} ({one.clause})" for one in beyond)}
        )


def _need_consent(order: Order, found: Sequence[flags.Found]) -> None:
    if not found:
        return
    signed = order.consents.filter(
        version=order.version, flags=flags.digest(found), signed_at__isnull=False
    )
    if not signed.exists():
        raise Stranded(
            _("It is flagged: %(flags)s. Mend it, or give a reason and a second signature.")
            % {"flags": "; ".join(one.says for one in found)}
        )


def _keep(order: Order, found: Sequence[flags.Found], *, at_issue: bool, now: datetime) -> None:
    known = flags.numbers(found)
    Flag.objects.bulk_create(
        Flag(
            order=order,
            version=order.version,
            at_issue=at_issue,
            sort=one.sort,
            code=one.code,
            measure=one.measure,
            other_order_id=known.get(one.other_order),
            other_measure=one.other_measure or None,
            says=one.says,
            clause=one.clause[:120],
            found_at=now,
        )
        for one in found
    )


def _send(receipt: Receipt, order: Order, *, by: User, now: datetime) -> None:
    receipt.passage = ledger.start(
        loop=ORDER_RECEIPT,
        area=receipt.unit.area,
        title=f"{order.reference or order.number} {order.title} · {receipt.unit}",
        by=by,
        now=now,
        unit=receipt.unit_id,
        caused_by=order.decision.passage if order.decision else None,
    )
    receipt.save(update_fields=["passage"])


def _move(
    receipt: Receipt, to: str, note: str, *, by: User, now: datetime, unit: int | None = None
) -> Receipt:
    if receipt.passage is None:
        raise NotNow(_("It has not been issued yet."))
    ledger.hand_over(passage=receipt.passage, to=to, by=by, now=now, note=note, unit=unit)
    return receipt


def _audit(verb: str, order: Order, *, by: User, now: datetime, **detail: Any) -> None:
    detail |= {"number": order.number, "version": order.version}
    audit.record(verb=verb, subject=f"order:{order.pk}", by=by, now=now, detail=detail)
