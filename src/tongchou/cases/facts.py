"""What is stated of a case when it is reported, and which of it may be corrected later."""

from dataclasses import dataclass
from datetime import date

from tongchou.cases.models import Classification, FoundBy, Severity

CORRECTABLE = (
    "onset_on",
    "sampled_on",
    "diagnosed_on",
    "reported_on",
    "exposed_from",
    "exposed_to",
    "admitted_on",
    "severity",
    "found_by",
    "age",
    "occupation",
    "hospital",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A report: the four things that must be known, and the rest as far as it is."""

    disease: str
    reported_on: date
    classification: str = Classification.SUSPECTED
    found_by: str = FoundBy.UNKNOWN
    onset_on: date | None = None
    sampled_on: date | None = None
    diagnosed_on: date | None = None
    exposed_from: date | None = None
    exposed_to: date | None = None
    severity: str = Severity.UNKNOWN
    age: int | None = None
    occupation: str = ""
    hospital: str = ""
