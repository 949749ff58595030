"""What was decided and ordered, and what waits for somebody's decision."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tongchou.orders import rights as orders
from tongchou.orders.models import Decision, Order
from tongchou.reports.facts.base import Ground, Measure
from tongchou.reports.facts.custody import standing


def _decided(ground: Ground) -> QuerySet[Decision]:
    return Decision.objects.filter(decided_at__gte=ground.since, decided_at__lt=ground.at)


def _waiting(ground: Ground) -> QuerySet[Decision]:
    undecided = Q(decided_at=None) | Q(decided_at__gte=ground.at)
    kept = Q(dropped_at=None) | Q(dropped_at__gte=ground.at)
    return Decision.objects.filter(undecided, kept, proposed_at__lt=ground.at)


def _issued(ground: Ground) -> QuerySet[Order]:
    return Order.objects.filter(issued_at__gte=ground.since, issued_at__lt=ground.at)


MEASURES = (
    Measure(
        "decisions.taken", "decisions", _("Decisions taken in 24 hours"),
        _("Decisions of the log that were taken in these 24 hours."),
        _decided,
        ngettext_lazy("%(n)s decision was taken%(more)s.",
                      "%(n)s decisions were taken%(more)s.", "n"),
        _("No decision was taken."),
        unit="unit", roles=orders.SEE, flow=True,
    ),
    Measure(
        "decisions.waiting", "decisions", _("Questions that wait for a decision"),
        _("Questions put forward in the decision log and not yet decided."),
        _waiting,
        ngettext_lazy("%(n)s question waits for a decision%(more)s.",
                      "%(n)s questions wait for a decision%(more)s.", "n"),
        _("No question waits for a decision."),
        unit="unit", roles=orders.SEE,
    ),
    Measure(
        "orders.issued", "decisions", _("Orders issued in 24 hours"),
        _("Orders and public notices that were signed and went out in these 24 hours."),
        _issued,
        ngettext_lazy("%(n)s order was issued%(more)s.", "%(n)s orders were issued%(more)s.", "n"),
        _("No order was issued."),
        unit="unit", flow=True,
    ),
    Measure(
        "orders.unread", "decisions", _("Orders not yet acknowledged"),
        _("Orders that went to a unit here and that it has not acknowledged, by the ledger."),
        standing("order_receipt", "issued"),
        ngettext_lazy("%(n)s receipt of an order is outstanding%(more)s.",
                      "%(n)s receipts of orders are outstanding%(more)s.", "n"),
        _("Every order has been acknowledged."),
        unit="unit", roles=orders.SEE,
    ),
    Measure(
        "requests.open", "decisions", _("Requests for more reports"),
        _("Requests for numbers in the register that nobody has answered yet."),
        standing("report_request", "asked"),
        ngettext_lazy("%(n)s request for a report waits for an answer%(more)s.",
                      "%(n)s requests for reports wait for an answer%(more)s.", "n"),
        unit="unit",
    ),
)  # fmt: skip
