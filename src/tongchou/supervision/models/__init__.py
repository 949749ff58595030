"""The tables of supervision: checklists, inspections, findings, notices, evaluations."""

from tongchou.supervision.models.checklists import Checklist, PlaceType
from tongchou.supervision.models.evaluations import (
    Disputed,
    Evaluation,
    Figures,
    Objection,
    Ruling,
    State,
)
from tongchou.supervision.models.findings import Finding, Severity
from tongchou.supervision.models.inspections import Answer, Inspection, Kind, Photo, Plan, Value
from tongchou.supervision.models.notices import Notice, Tone

__all__ = [
    "Answer",
    "Checklist",
    "Disputed",
    "Evaluation",
    "Figures",
    "Finding",
    "Inspection",
    "Kind",
    "Notice",
    "Objection",
    "Photo",
    "PlaceType",
    "Plan",
    "Ruling",
    "Severity",
    "State",
    "Tone",
    "Value",
]
