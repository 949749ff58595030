"""What is wrong with a row, or worth a second look: where, why, and how to mend it.

A problem keeps the English sentence and what fills it, so that it is put into the reader's
language when it is read, not when the import ran. What may name somebody is masked before.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as with_default
from typing import Any

from django.utils.translation import gettext, gettext_noop

from tongchou.intake.fields import FIELDS

_ = gettext_noop

# code: (what is wrong, how to mend it)
WORDS: dict[str, tuple[str, str]] = {
    "missing": (_("Nothing stands here, but the record needs it."), _("Fill it in.")),
    "unknown_word": (
        _("“%(value)s” is none of the words of this column."),
        _("Write one of: %(known)s."),
    ),
    "unknown_word_near": (
        _("“%(value)s” is none of the words of this column."),
        _("Did you mean “%(near)s”? The words are: %(known)s."),
    ),
    "no_date": (
        _("“%(value)s” is not a date as this list writes them (%(order)s)."),
        _("Write year-month-day, such as 2022-07-01."),
    ),
    "no_date_other_order": (
        _("“%(value)s” is not a date as this list writes them (%(order)s)."),
        _("If it means %(near)s, write it so, or choose the right order of day and month."),
    ),
    "no_year": (
        _("“%(value)s” is a day without a year."),
        _("Write the year as well, such as %(near)s."),
    ),
    "future": (_("%(value)s has not come yet."), _("Look at the year and the month.")),
    "no_number": (_("“%(value)s” is not a number."), _("Write digits only.")),
    "out_of_range": (
        _("%(value)s lies outside %(low)s to %(high)s."),
        _("Look for a digit too many, or another unit."),
    ),
    "too_long": (
        _("This text has %(n)s characters; %(longest)s can be kept."),
        _("Shorten it: nothing is cut off silently."),
    ),
    "no_yes_or_no": (_("“%(value)s” is neither yes nor no."), _("Write yes or no.")),
    "identity_in_text": (
        _("A document or phone number stands in a column for other things."),
        _("Move it to its own column, where it is kept sealed."),
    ),
    "bad_identity": ("%(why)s", _("Look at the document again, or leave the cell empty.")),
    "unknown_area": (
        _("“%(value)s” is no area here."),
        _("Write its code, or its name as it stands under Areas."),
    ),
    "unknown_area_near": (
        _("“%(value)s” is no area here."),
        _("Did you mean “%(near)s”? Its code is %(code)s."),
    ),
    "several_areas": (
        _("Several areas are called “%(value)s”."),
        _("Write the code: %(known)s."),
    ),
    "order": ("%(why)s", "%(how)s"),
    "age_and_birth": (
        _("The age does not fit the year of birth, %(year)s."),
        _("Mend one of the two; the year in the document number is mostly right."),
    ),
    "repeated": (
        _("“%(value)s” stands in line %(line)s already."),
        _("Keep one of the two lines, or give this one a number of its own."),
    ),
    "changed": (
        _("“%(value)s” is stored already, and this line says otherwise: %(differences)s."),
        _("Accept the change under Imports, or leave the record as it is."),
    ),
    "taken": (
        _("“%(value)s” is the number of a record that came another way: %(differences)s."),
        _("If both are one, accept the change under Imports; otherwise give this line a prefix."),
    ),
    "unknown_case": (
        _("There is no case “%(value)s”."),
        _("Import the line of that case first, or mend the number."),
    ),
    "unknown_case_near": (
        _("There is no case “%(value)s”."),
        _("Did you mean “%(near)s”? Otherwise import the line of that case first."),
    ),
    "unknown_contact": (
        _("There is no contact “%(value)s”."),
        _("Import the list of contacts first, or mend the number."),
    ),
    "with_itself": (
        _("Both ends are “%(value)s”: nobody is a contact of themselves."),
        _("Mend one of the two numbers."),
    ),
    "open_case": (
        _("This person has an open case of this disease already: %(number)s."),
        _("Correct that case instead of writing a second one."),
    ),
    "cells": (
        _("The line has %(n)s cells, the header has %(columns)s."),
        _("Look for a comma or a line break inside a cell that is not in quotes."),
    ),
    # remarks: the row is stored, and this is kept with it
    "other_word": (
        _("“%(value)s” was not known and is kept as “%(taken)s”."),
        _("Add it to the profile if it comes again."),
    ),
    "serial_date": (
        _("“%(value)s” was read as %(taken)s, counted in days as Excel does."),
        _("Format the column as a date before saving."),
    ),
    "year_filled": (
        _("“%(value)s” has no year; %(taken)s was taken."),
        _("Write the year in the list."),
    ),
    "age_unit": (
        _("%(value)s was read as %(taken)s years."),
        _("Nothing to do unless it is wrong."),
    ),
    "stored_in": (
        _("“%(value)s” is no area here; the row is kept under %(area)s."),
        _("Move the case on its page if it belongs elsewhere."),
    ),
    "died_undated": (
        _("The outcome is a death, but no day is given."),
        _("Add the day on the page of the case."),
    ),
    "outcome_undated": (
        _("The outcome is known, but not its day."),
        _("Add the day on the page of the case."),
    ),
    "dated_without_outcome": (
        _("A day of outcome is given, but no outcome; the case is held to be open."),
        _("Find out how it ended, and hand it on."),
    ),
    "over": (
        _("Listed as under follow-up, but its end, %(value)s, has passed: kept as finished."),
        _("Report the contact anew if it still has to be followed."),
    ),
    "no_source": (
        _("No case is named for this contact."),
        _("Name the case on the page of the contact."),
    ),
    "number_taken": (
        _("The number “%(value)s” belongs to another line; this one is kept as “%(taken)s”."),
        _("Two records with one number: tell whoever keeps the source."),
    ),
    "joined": (
        _("This person is followed as contact “%(taken)s” already; the meeting was added there."),
        _("Nothing to do: one person is one contact, whoever lists them."),
    ),
    "identity_differs": (
        _("This person is known here with another %(what)s; what is kept was not overwritten."),
        _("Compare both on the page of the person."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about one cell. `column` is as the sheet names it; empty where the row is meant."""

    code: str
    column: str = ""
    field: str = ""
    params: Mapping[str, Any] = with_default(default_factory=dict)

    @property
    def reason(self) -> str:
        """What is wrong, in the language of the moment."""
        return self._say(0)

    @property
    def mend(self) -> str:
        """What to do about it, in the language of the moment."""
        return self._say(1)

    def __str__(self) -> str:
        where = f"{self.column}: " if self.column else ""
        reason = self.reason
        return f"{where}{reason}{'' if reason.endswith('。') else ' '}{self.mend}"

    def _say(self, part: int) -> str:
        return gettext(WORDS[self.code][part]) % {k: _said(k, v) for k, v in self.params.items()}

    def plain(self) -> dict[str, Any]:
        """For storing as JSON."""
        return asdict(self)


def _said(name: str, value: Any) -> Any:
    if name in ("why", "how"):  # itself a sentence, of this room or another
        return gettext(value)
    if name == "what":
        return ", ".join(_label(field) for field in value)
    if name == "differences":
        return "; ".join(
            f"{_label(f)}: {stored or '—'} → {given or '—'}" for f, stored, given in value
        )
    return value


def _label(name: str) -> str:
    for fields in FIELDS.values():
        if name in fields:
            return str(fields[name].label)
    return name


def masked(value: str) -> str:
    """Enough of an identity to find the cell again, too little to find the person."""
    value = value.strip()
    return value[:1] + "***" if value else ""
