"""The tables of the daily report and of the register of who asks for which report."""

from tongchou.reports.models.daily import Correction, Duty, Report, Signed
from tongchou.reports.models.register import Frequency, Request

__all__ = ["Correction", "Duty", "Frequency", "Report", "Request", "Signed"]
