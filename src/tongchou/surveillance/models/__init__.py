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
from tongchou.surveillance.models.leads import Lead, LeadKind, Medicine
from tongchou.surveillance.models.quality import Finding, FindingKind, QualityCheck
from tongchou.surveillance.models.senders import CountSender
from tongchou.surveillance.models.signals import (
    TRUE_RISES,
    ClosedAs,
    Evidence,
    Excuse,
    Signal,
    Silence,
    VerifiedBy,
)
from tongchou.surveillance.models.thresholds import ReplayRun, ReplayState, Threshold

__all__ = [
    "TRUE_RISES",
    "Cadence",
    "Channel",
    "ChannelKind",
    "ClosedAs",
    "Count",
    "CountDay",
    "CountImport",
    "CountRefusal",
    "CountRemark",
    "CountSender",
    "DateConvention",
    "DayRun",
    "Duty",
    "Evidence",
    "Excuse",
    "Finding",
    "FindingKind",
    "KeptBrief",
    "Lead",
    "LeadKind",
    "Measure",
    "Medicine",
    "QualityCheck",
    "ReplayRun",
    "ReplayState",
    "RunState",
    "Signal",
    "Silence",
    "Site",
    "Source",
    "Threshold",
    "VerifiedBy",
]
