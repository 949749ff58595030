"""Dates that cannot be true, or hardly: what is wrong, and how to mend it.

Pure functions, shared by the forms and by imports. A hard fault is refused; any other asks whoever
types to look again, since rare things do happen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongchou.kit import personal

# A year of birth is half a year off on average, and a stated age may count the running year.
AGE_TOLERANCE = 2
LONG_AGO = timedelta(days=365)


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit, at the field to mend."""

    field: str
    says: Any
    mend: Any
    hard: bool = True

    def __str__(self) -> str:
        return f"{self.says} {self.mend}"


@dataclass(frozen=True, slots=True)
class Dates:
    """What a case states of itself, as far as it is known."""

    onset_on: date | None = None
    sampled_on: date | None = None
    diagnosed_on: date | None = None
    reported_on: date | None = None
    exposed_from: date | None = None
    exposed_to: date | None = None
    admitted_on: date | None = None
    outcome_on: date | None = None
    age: int | None = None
    birth_year: int | None = None
    # Reported without symptoms: then they may well begin after the report.
    asymptomatic: bool = False


DATE_FIELDS = (
    "onset_on",
    "sampled_on",
    "diagnosed_on",
    "reported_on",
    "exposed_from",
    "exposed_to",
    "admitted_on",
    "outcome_on",
)


def faults(stated: Dates, *, today: date, longest_incubation: int = 14) -> list[Fault]:
    """Everything about these dates that cannot be, or that is worth a second look.

    `longest_incubation` in days stands in the playbook of the disease.
    """
    return [
        *_in_the_future(stated, today),
        *_onset(stated, longest_incubation),
        *_exposure(stated, longest_incubation),
        *_course(stated),
        *_age(stated),
    ]


def _in_the_future(stated: Dates, today: date) -> Iterator[Fault]:
    for name in DATE_FIELDS:
        day = getattr(stated, name)
        if day is not None and day > today:
            yield Fault(name, _("This day has not come yet."), _("Look at the year and the month."))


def _onset(stated: Dates, longest: int) -> Iterator[Fault]:
    onset = stated.onset_on
    if onset is None:
        return
    if stated.reported_on and onset > stated.reported_on:
        yield Fault(
            "onset_on",
            _("The illness began after it was reported."),
            _("Mend the onset, or report the case as asymptomatic and correct it later."),
            hard=not stated.asymptomatic,
        )
    if stated.reported_on and stated.reported_on - onset > LONG_AGO:
        yield Fault(
            "onset_on",
            _("The illness began more than a year before the report."),
            _("Look at the year; confirm if it is true."),
            hard=False,
        )
    if stated.sampled_on and onset - stated.sampled_on > timedelta(days=longest):
        yield Fault(
            "sampled_on",
            _("The sample was taken long before the illness began."),
            _("It may belong to an earlier episode: give the first positive sample, or confirm."),
            hard=False,
        )


def _exposure(stated: Dates, longest: int) -> Iterator[Fault]:
    first, last = stated.exposed_from, stated.exposed_to
    if first and last and first > last:
        yield Fault(
            "exposed_to",
            _("The exposure ends before it begins."),
            _("Exchange the two days if they were mixed up."),
        )
    if last and stated.diagnosed_on and last > stated.diagnosed_on:
        yield Fault(
            "exposed_to",
            _("The exposure lies after the diagnosis."),
            _("An exposure after the diagnosis infected nobody: give the last day before it."),
        )
    if first and stated.onset_on and first > stated.onset_on:
        yield Fault(
            "exposed_from",
            _("The exposure began after the illness."),
            _("Look for an earlier exposure, or leave this one out."),
        )
    if last and stated.onset_on and stated.onset_on - last > timedelta(days=longest):
        yield Fault(
            "exposed_to",
            _("The last exposure is further back than the longest incubation period."),
            _("Look for a later one, or confirm."),
            hard=False,
        )


def _course(stated: Dates) -> Iterator[Fault]:
    if stated.diagnosed_on and stated.sampled_on and stated.diagnosed_on < stated.sampled_on:
        yield Fault(
            "diagnosed_on",
            _("The diagnosis is older than the sample."),
            _("Mend one of the two, or confirm that it was made without the test."),
            hard=False,
        )
    if stated.outcome_on is None:
        return
    for name in ("onset_on", "admitted_on"):
        day = getattr(stated, name)
        if day is not None and stated.outcome_on < day:
            yield Fault(
                "outcome_on",
                _("The outcome is older than the illness or the admission."),
                _("Mend the day of the outcome."),
            )
            return


def _age(stated: Dates) -> Iterator[Fault]:
    if stated.age is None or stated.birth_year is None or stated.reported_on is None:
        return
    if abs(stated.reported_on.year - stated.birth_year - stated.age) >= AGE_TOLERANCE:
        yield Fault(
            "age",
            _("The age does not fit the year of birth, %(year)s.") % {"year": stated.birth_year},
            _("Mend one of the two; the year in the document number is mostly right."),
        )


def names_somebody(text: str) -> Fault | None:
    """Whether a free text holds a document or mobile number: identities have one place only."""
    if personal.names_somebody(text):
        return Fault(
            "",
            _("This text holds a document or phone number."),
            _("Take it out, and write the person's pseudonym or contact number instead."),
        )
    return None
