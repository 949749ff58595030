"""What a finding says and what follows from it, in the language of the moment."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_noop as _

from tongchou.surveillance.models import DateConvention, Finding, Silence

_SILENT = _("no alarm and no R on these days")
#: words of `epi.quality`: (what was found, what follows)
FINDINGS: dict[str, tuple[str, str]] = {
    "date_shift.published": (
        _("dates move by %(size)s day: from here on the date is the day of publication"),
        _("figures are put on the day counted, one day before their date"),
    ),
    "date_shift.counted": (
        _("dates move by %(size)s day: from here on the date is the day counted"),
        _("figures are put on the day counted"),
    ),
    "false_zero.everywhere": (
        _("false zero: %(told)s told where some %(size)s were to be expected; not made up for"),
        _SILENT,
    ),
    "false_zero.held": (
        _("false zero: %(told)s told where some %(size)s were to be expected; told the day after"),
        _("no alarm and no R on this day and the next"),
    ),
    "false_zero.newest": (
        _("false zero on the newest day: %(told)s told where some %(size)s were to be expected"),
        _("no alarm and no R until the next day says which it is"),
    ),
    "false_zero.one": (_("zeros where some %(around)s a day were to be expected"), _SILENT),
    "definition.places": (
        _("%(told)s new at %(places)s places at once, some %(around)s around: definition changed"),
        _SILENT,
    ),
    "definition.active": (
        _("%(told)s new on one day, some %(around)s around: definition changed, or a back-log"),
        _SILENT,
    ),
    "revision.jump": (_("%(told)s new on one day, some %(around)s around: a revision"), _SILENT),
    "fall.corrected": (
        _("cumulative count falls from %(from)s to %(to)s: a correction"),
        _SILENT,
    ),
    "fall.undone": (
        _("cumulative count falls from %(from)s to %(to)s and comes back: a slip"),
        _SILENT,
    ),
    "missing.days": (_("not reported; that is not zero"), _("these days are left out")),
    "stopped.reports": (
        _("reports stopped %(size)s days ago"),
        _("nothing is said of these series until they report again"),
    ),
    "stopped.never": (_("never reported"), _("nothing is said of these series")),
    "stopped.zeros": (
        _("only zeros for %(size)s days, where some %(around)s a day were to be expected"),
        _("no alarm and no R until it is known whether anybody still counts"),
    ),
    "stuck.value": (_("the same number, %(value)s, told %(size)s times running"), _SILENT),
    "weekday.missing": (
        _("nothing is told on %(size)s weekdays"),
        _("these weekdays are not expected"),
    ),
    "weekday.zeros": (
        _("always zero on %(size)s weekdays: closed, not calm"),
        _("these weekdays are left out"),
    ),
    "heaping.fives": (
        _("too many counts end in 0 or 5: estimated, not counted"),
        _("alarms of these series weigh less"),
    ),
    "denominator.above": (_("more counted than there are, on %(size)s days"), _SILENT),
    "denominator.none": (_("counted out of none, on %(size)s days"), _SILENT),
    "denominator.absent": (_("no total given, on %(size)s days"), _SILENT),
    "denominator.off": (
        _("total ten times off its usual %(usual)s, on %(size)s days"),
        _SILENT,
    ),
    "total.row": (
        _("the sum of the other series of its area, on %(size)s days"),
        _("left out, or the area would be counted twice"),
    ),
}


def what(finding: Finding) -> str:
    """What was found."""
    return _said(finding, 0)


def consequence(finding: Finding) -> str:
    """What follows from it."""
    return _said(finding, 1)


def where(finding: Finding) -> str:
    """The area, the site or how many series."""
    if finding.n_series == 1 and finding.params.get("names"):
        place = str(finding.params["names"][0])
        return place if finding.area is None else f"{place} ({finding.area_id})"
    if finding.params.get("everywhere"):
        return gettext("everywhere (%(n)s series)") % {"n": finding.n_series}
    names = list(finding.params.get("names", ()))
    more = finding.params.get("n_places", len(names)) - len(names)
    said = gettext(", ").join(names)
    return said + (gettext(" and %(n)s more") % {"n": more} if more > 0 else "")


def days(finding: Finding) -> str:
    """The day, or from when to when."""
    if finding.from_on == finding.to_on:
        return finding.from_on.isoformat()
    if finding.params.get("open"):
        return gettext("from %(day)s") % {"day": finding.from_on.isoformat()}
    return f"{finding.from_on.isoformat()} – {finding.to_on.isoformat()}"


def channel(finding: Finding) -> str:
    """The channel, or that it is all of them."""
    return str(finding.channel) if finding.channel else gettext("all channels")


def line(finding: Finding) -> str:
    """Area, channel, dates, what, consequence, as the command prints them."""
    parts = (where, channel, days, what, consequence)
    return " | ".join(part(finding) for part in parts)


def day_in_words(day: Any) -> str:
    """`20 March 2020`, `2020年3月20日`."""
    return date_format(day, pgettext("format of a date", "j F Y"))


def _said(finding: Finding, part: int) -> str:
    words = FINDINGS.get(finding.words)
    if words is None:  # a newer check than this table: its kind is a name too
        return str(finding.get_kind_display())
    return gettext(words[part]) % _numbers(finding.params.get("facts", {}))


def _numbers(facts: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:,.0f}" if value >= 10 else f"{value:g}" for name, value in facts.items()}


def sentence(finding: Finding) -> str:
    """A finding as the brief tells it."""
    said = {"days": days(finding), "what": what(finding), "then": consequence(finding)}
    if finding.params.get("everywhere") or finding.n_series > 1:
        said["where"] = where(finding)
        return gettext("%(days)s, %(where)s: %(what)s; %(then)s") % said
    said["channel"] = channel(finding)
    return gettext("%(days)s, %(channel)s: %(what)s; %(then)s") % said


def new_finding(finding: Finding) -> str:
    """That it is new since yesterday."""
    return gettext("found in the counts: %(what)s") % {"what": what(finding)}


def turned(convention: DateConvention) -> str:
    """That the dates of the source are read in another way from now on."""
    return gettext("%(source)s: dates lie %(n)s day off the day counted from %(day)s on") % {
        "source": convention.source,
        "n": abs(convention.shift),
        "day": convention.from_on.isoformat(),
    }


def raised(count: int) -> str:
    """How many signals the day raised."""
    return ngettext("%(n)s signal was raised", "%(n)s signals were raised", count) % {"n": count}


def cleared(day: Any) -> str:
    """That nobody is ill any more."""
    return gettext("the last active case was cleared at 24:00 on %(day)s") % {
        "day": day_in_words(day)
    }


def silence(silence: Silence) -> str:
    """A sentinel that is silent: what is missing since when, and who answers for it."""
    site = silence.duty.site
    said = {
        "site": site,
        "channel": silence.duty.channel,
        "day": silence.first_on.isoformat(),
        "unit": site.unit or gettext("nobody is named"),
    }
    return gettext("%(site)s, %(channel)s: silent since %(day)s; answers: %(unit)s") % said
