"""The loops of this desk: a decision until it is decided again, an order at each unit it goes to,
and a shift until the next one signs.

All three are for a named unit: who decided, who received, who is on duty.
"""

from django.utils.translation import pgettext_lazy

from tongchou.loops import Handoff, Loop

#: The allowance of `in_force` counts from the decision's own end: then it is decided again.
DECISION = Loop(
    "decision",
    (
        Handoff(
            "in_force",
            "duty_officer",
            ("renewed", "lapsed", "revoked", "corrected"),
            named=True,
        ),
    ),
)

DECISION_STAGES = {
    "in_force": pgettext_lazy("decision", "in force"),
    "renewed": pgettext_lazy("decision", "renewed"),
    "lapsed": pgettext_lazy("decision", "lapsed"),
    "revoked": pgettext_lazy("decision", "revoked"),
    "corrected": pgettext_lazy("decision", "corrected by another"),
}

ORDER_RECEIPT = Loop(
    "order_receipt",
    (
        Handoff("issued", "duty_officer", ("acknowledged", "objected", "void"), named=True),
        # The issuer answers: it stands, or it is withdrawn and mended.
        Handoff("objected", "duty_officer", ("issued", "void"), named=True),
    ),
)

RECEIPT_STAGES = {
    "issued": pgettext_lazy("order", "to be acknowledged"),
    "acknowledged": pgettext_lazy("order", "acknowledged"),
    "objected": pgettext_lazy("order", "cannot be done here"),
    "void": pgettext_lazy("order", "void: the order holds no longer"),
}

#: Counted from the end of the shift: until somebody has signed, the old one is on duty.
SHIFT = Loop("shift", (Handoff("on_duty", "duty_officer", ("handed_over",), named=True),))

SHIFT_STAGES = {
    "on_duty": pgettext_lazy("shift", "on duty"),
    "handed_over": pgettext_lazy("shift", "handed over"),
}
