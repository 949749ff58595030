"""What can be wrong with a count or a row of counts: the reason, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

#: code: (reason, mend). Refused first, then what is only remarked.
WORDS: dict[str, tuple[str, str]] = {
    "no_day": (_("“%(value)s” is no day."), _("Write it as 2020-01-31.")),
    "no_week": (
        _("“%(value)s” is no week of %(year)s."),
        _("Weeks run from 1 to 52 or 53."),
    ),
    "ahead": (
        _("%(value)s lies in the future."),
        _("Correct the date; counts are of days that are over."),
    ),
    "no_number": (
        _("“%(value)s” is no count."),
        _("Write digits only; leave the cell empty where nothing was reported."),
    ),
    "negative": (
        _("“%(value)s” is below zero."),
        _("Write the corrected total; a correction is no negative count."),
    ),
    "fraction": (
        _("“%(value)s” is no whole number."),
        _("What is counted here comes in whole numbers."),
    ),
    "more_than_all": (
        _("%(value)s out of %(total)s: more than there are."),
        _("Exchange or correct the two numbers."),
    ),
    "no_site": (_("No site is named."), _("Fill in the code of the site.")),
    "no_area": (
        _("Neither a code nor a name says where this was counted."),
        _("Fill in the area, or import it as the total of all."),
    ),
    "a_total": (
        _("The total of %(area)s on a list of its parts: its parts would be counted twice."),
        _("Take the row out, and import totals as a list of their own."),
    ),
    "unknown_site": (
        _("No site “%(value)s” is in the register."),
        _("Register the site first, or correct its code."),
    ),
    "unknown_site_near": (
        _("No site “%(value)s” is in the register. Did you mean %(near)s?"),
        _("Correct the code, or register the site first."),
    ),
    "unknown_area": (
        _("No area “%(value)s” is known here."),
        _("Import the areas first (tongchou import areas), or leave out --known-areas."),
    ),
    "unknown_channel": (
        _("There is no channel “%(value)s”. There are: %(known)s."),
        _("Use one of these short names."),
    ),
    "not_on_duty": (
        _("%(site)s does not report this channel on %(day)s."),
        _("Correct the day, or change the duty of the site."),
    ),
    "twice": (
        _("Line %(first)s says %(said)s for the same site and day."),
        _("Keep the right one of the two lines."),
    ),
    "taken_back": (
        _("The file says “not reported”, but %(stored)s is stored for that day."),
        _("A count cannot be unsaid; send the corrected count."),
    ),
    "cells": (
        _("%(n)s cells under %(columns)s columns."),
        _("Put cells that hold a comma in quotation marks."),
    ),
    # --- remarks: stored all the same ---------------------------------------------------------
    "no_code": (
        _("No code: “%(name)s” is kept as a count of its own under %(area)s."),
        _("It adds to the total of the area above and to none of its parts."),
    ),
    "pseudo_code": (
        _("%(code)s is no division code: “%(name)s” is kept as a count of its own under %(area)s."),
        _("It adds to the total of the area above and to none of its parts."),
    ),
    "nothing_reported": (
        _("Nothing was reported: the day has no count, and no zero."),
        _("Nothing to do."),
    ),
    "again": (_("The same as line %(first)s."), _("Nothing to do.")),
    "new_area": (
        _("%(code)s %(name)s was not among the areas and was added from this list."),
        _("Import the published list of areas to have its parts and English names."),
    ),
    "new_site": (
        _("%(code)s was not in the register and was added from this list."),
        _("Say in the register which unit answers for it."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about one cell. `column` is as the sheet names it; empty where the row is meant."""

    code: str
    column: str = ""
    params: Mapping[str, Any] = with_default(default_factory=dict)

    @property
    def reason(self) -> str:
        """What is wrong, in the language of the moment."""
        return gettext(WORDS[self.code][0]) % self.params

    @property
    def mend(self) -> str:
        """What to do about it, in the language of the moment."""
        return gettext(WORDS[self.code][1]) % self.params

    def __str__(self) -> str:
        where = f"{self.column}: " if self.column else ""
        space = "" if self.reason.endswith("。") else " "
        return f"{where}{self.reason}{space}{self.mend}"
