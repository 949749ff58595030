"""The only writers of this room: laying out, editing, signing, receiving, correcting, asking."""

from tongchou.reports.actions.duties import end_duty, set_duty
from tongchou.reports.actions.laying import lay_anew, lay_out_due
from tongchou.reports.actions.register import answer_by_link, ask, grant, refuse
from tongchou.reports.actions.signing import (
    correct,
    edit,
    excuse,
    receive,
    send_back,
    sign,
)

__all__ = [
    "answer_by_link",
    "ask",
    "correct",
    "edit",
    "end_duty",
    "excuse",
    "grant",
    "lay_anew",
    "lay_out_due",
    "receive",
    "refuse",
    "send_back",
    "set_duty",
    "sign",
]
