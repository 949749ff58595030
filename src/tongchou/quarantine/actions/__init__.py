"""The only writers of the desk: orders, stays, changes, tests and checks, and the replan."""

from tongchou.quarantine.actions.acts import ACTS
from tongchou.quarantine.actions.appeals import appeal, decide_appeal
from tongchou.quarantine.actions.changes import (
    change_end,
    confirm_change,
    extend,
    propose_change,
    propose_giving_up,
    propose_release,
    refuse_change,
    shorten,
)
from tongchou.quarantine.actions.checks import (
    record_health_check,
    record_health_checks,
    record_test,
    record_tests,
)
from tongchou.quarantine.actions.orders import follow_exposures, order_for_contact, order_person
from tongchou.quarantine.actions.replanning import Replanned, replan
from tongchou.quarantine.actions.sites import certify
from tongchou.quarantine.actions.stays import (
    assign,
    assign_many,
    cancel,
    give_up,
    mark_absent,
    mark_dead,
    mark_found,
    mark_ill,
    move_home,
    move_home_many,
    receive,
    receive_many,
    release,
    release_many,
    return_from_ill,
    transfer,
)

__all__ = [
    "ACTS",
    "Replanned",
    "appeal",
    "assign",
    "assign_many",
    "cancel",
    "certify",
    "change_end",
    "confirm_change",
    "decide_appeal",
    "extend",
    "follow_exposures",
    "give_up",
    "mark_absent",
    "mark_dead",
    "mark_found",
    "mark_ill",
    "move_home",
    "move_home_many",
    "order_for_contact",
    "order_person",
    "propose_change",
    "propose_giving_up",
    "propose_release",
    "receive",
    "receive_many",
    "record_health_check",
    "record_health_checks",
    "record_test",
    "record_tests",
    "refuse_change",
    "release",
    "release_many",
    "replan",
    "return_from_ill",
    "shorten",
    "transfer",
]
