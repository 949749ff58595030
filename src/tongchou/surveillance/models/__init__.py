"""The tables of the room, by topic."""

from tongchou.surveillance.models.channels import (
    Cadence,
    Channel,
    ChannelKind,
    DateConvention,
    Duty,
    Measure,
    Site,
    Source,
)
from tongchou.surveillance.models.counts import Count, CountDay
from tongchou.surveillance.models.cycle import DayRun, KeptBrief, RunState
from tongchou.surveillance.models.imports import CountImport, CountRefusal, CountRemark
from tongchou.surveillance.models.quality import Finding, FindingKind, QualityCheck

__all__ = [
    "Cadence",
    "Channel",
    "ChannelKind",
    "Count",
    "CountDay",
    "CountImport",
    "CountRefusal",
    "CountRemark",
    "DateConvention",
    "DayRun",
    "Duty",
    "Finding",
    "FindingKind",
    "KeptBrief",
    "Measure",
    "QualityCheck",
    "RunState",
    "Site",
    "Source",
]
