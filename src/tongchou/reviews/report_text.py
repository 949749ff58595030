"""A review as plain text, from its facts: for the terminal and for a mail to the county."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from tongchou.reviews import wording
from tongchou.reviews.intervals import MOMENTS
from tongchou.reviews.templatetags.reviews import (
    backwards_words,
    basis_words,
    cause_words,
    found_words,
    lasted,
    moment,
)


def text(facts: dict[str, Any], language: str) -> str:
    """The facts of one positive in lines."""
    with override("zh-hans" if language.startswith("zh") else "en"):
        return "\n".join(_lines(facts)) + "\n"


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    yield f"{facts['case']}  {facts.get('review') or _('no review opened')}  {facts['disease']}"
    window = facts["exposure_window"]
    since, until, basis = moment(window["from"]), moment(window["to"]), window["basis"]
    yield f"{_('Exposure window')}: {since} – {until} ({basis_words(basis)})"
    yield f"{_('Found by')}: {found_words(facts['found_by'])}"
    for met in facts["found_as_contact_of"]:
        yield "  " + _("contact of %(case)s") % {"case": met["case"]}
    yield _("Moments") + ":"
    for name, at in facts["moments"].items():
        yield f"  {MOMENTS[name]}: {moment(at)}"
    if facts["chances_to_find"]:
        first = facts["chances_to_find"][0]
        yield f"{_('First chance to find them')}: {first['on']} {wording.chance(first)}"
    yield _("Intervals") + ":"
    for name, each in facts["intervals"].items():
        yield f"  {wording.interval(name)}: {_interval(each)}"
    for head, steps in ((_("Bottlenecks"), "bottlenecks"), (_("What carried it"), "enablers")):
        yield head + ":" + ("" if facts[steps] else " –")
        for step in facts[steps]:
            yield f"  {wording.step(step['name'])}: {_step(step)}"
    yield from _a_day_earlier(facts["a_day_earlier"])
    for finding in facts.get("findings", ()):
        if not finding["withdrawn"]:
            cause = cause_words(finding["cause"]) if finding["cause"] else ""
            yield f"{finding['number']}. {finding['what']}  {cause}"


def _interval(each: dict[str, Any]) -> str:
    if each["waiting"]:
        said = pgettext("interval", "under way")
    elif each["seconds"] is None:
        return backwards_words(each) or str(_("not known"))
    else:
        said = lasted(each["seconds"], each["counted_in_days"])
    if each["within_seconds"] is None:
        return said
    return _("%(took)s (within %(within)s)") % {
        "took": said,
        "within": lasted(each["within_seconds"]),
    }


def _step(step: dict[str, Any]) -> str:
    if not step["excess_s"]:
        return f"{lasted(step['took_s'])} / {lasted(step['allowed_s'])}"
    words = _("%(late)s of %(n)s late, %(d)s beyond what was allowed")
    said = words % {"late": step["n_late"], "n": step["n"], "d": lasted(step["excess_s"])}
    return f"{said} ({step['share']:.0%})" if step["share"] is not None else said


def _a_day_earlier(facts: dict[str, Any] | None) -> Iterator[str]:
    if facts is None:
        return
    words = _(
        "A day earlier: %(n)s of %(all)s contacts met this case first on %(on)s or after; "
        "%(cases)s of them became cases."
    )
    yield words % {
        "n": facts["n"],
        "all": facts["n_all"],
        "on": facts["from_on"],
        "cases": facts["n_cases"],
    }
