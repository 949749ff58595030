"""Meetings and decisions, orders and their measures, rosters and shifts."""

from tongchou.orders.models.decisions import Decision, Option
from tongchou.orders.models.duty import HandOver, OnDuty, Roster, Shift, Swap
from tongchou.orders.models.meetings import Addition, AgendaItem, Attendance, Meeting
from tongchou.orders.models.orders import (
    Bearer,
    Consent,
    Ending,
    EndingSort,
    Flag,
    FlagSort,
    Measure,
    Order,
    OrderKind,
    Receipt,
    Risk,
)

__all__ = [
    "Addition",
    "AgendaItem",
    "Attendance",
    "Bearer",
    "Consent",
    "Decision",
    "Ending",
    "EndingSort",
    "Flag",
    "FlagSort",
    "HandOver",
    "Measure",
    "Meeting",
    "OnDuty",
    "Option",
    "Order",
    "OrderKind",
    "Receipt",
    "Risk",
    "Roster",
    "Shift",
    "Swap",
]
