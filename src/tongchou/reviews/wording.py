"""Words for what the layout names by keys: steps, chances, grounds, verdicts."""

from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from tongchou.cases.models import Tier, Way
from tongchou.ledger import registry
from tongchou.playbook import load
from tongchou.reviews import intervals
from tongchou.surveillance.models import LeadKind

#: Where the names of intervals stand.
BOOKS = ("cn-base", "who-generic")
BASES: dict[str, Any] = {
    "recorded": pgettext_lazy("window", "as recorded"),
    "contact": pgettext_lazy("window", "by the meetings that made them a contact"),
    "incubation": pgettext_lazy("window", "by the longest incubation of the playbook"),
    "": pgettext_lazy("window", "not known"),
}

VERDICTS: dict[str, Any] = {
    "faster": pgettext_lazy("verdict", "faster since, by more than chance does"),
    "slower": pgettext_lazy("verdict", "slower since, by more than chance does"),
    "no_difference": pgettext_lazy("verdict", "no difference that chance could not make"),
    "too_few": pgettext_lazy("verdict", "too few positives to tell"),
    "waiting": pgettext_lazy("verdict", "the change is under way"),
    "unchanged": pgettext_lazy("verdict", "nothing has been changed yet"),
    "unmeasured": pgettext_lazy("verdict", "changed; nobody said by what one would see it"),
}


def step(name: str) -> str:
    """A stage of a loop, or an interval, by the key that findings keep."""
    loop, _dot, stage = name.partition(".")
    if not stage:
        return str(interval(name))
    label = registry.registered(loop).label if loop in known_loops() else loop
    return f"{label}: {registry.stage_label(loop, stage)}"


def known_loops() -> set[str]:
    return {item.loop.name for item in registry.every()}


def is_known(name: str) -> bool:
    """Whether this is the key of a step: of a stage that a loop has, or of an interval."""
    loop, _dot, stage = name.partition(".")
    if stage:
        return any(item.loop.name == loop and item.loop.at(stage) for item in registry.every())
    return name in intervals.NAMES or any(name in load(book).timeliness for book in BOOKS)


def interval(name: str) -> Any:
    """An interval of ours, or a target of a playbook, by its name."""
    if name in intervals.NAMES:
        return intervals.NAMES[name]
    for book in BOOKS:
        if target := load(book).timeliness.get(name):
            return target.of(get_language() or "en")
    return name


def backwards(by: str, *, contradicts: bool) -> str:
    """What is said of an interval that ended before it began."""
    if contradicts:
        return _("the dates contradict each other, by %(by)s") % {"by": by}
    return _("the end came first, by %(by)s") % {"by": by}


def chance(found: Any) -> str:
    """Why somebody could have been found on a day. Takes a chance, or its facts."""
    facts = found if isinstance(found, dict) else {"way": found.way, "detail": found.detail}
    way, detail = facts["way"], facts["detail"]
    if way == "contact":
        return _("listed as a contact of %(case)s") % {"case": detail}
    if way == "source":
        return _("%(case)s was known, whom they had met") % {"case": detail}
    if way == "lead":
        known = LeadKind(detail).label if detail in LeadKind.values else detail
        return _("noted by early warning: %(what)s") % {"what": known}
    others = {
        "quarantine": _("in quarantine, where they are tested"),
        "test": _("a test was due and was not taken"),
        "onset": _("the day of onset: a clinic could have seen them"),
    }
    return others[way] if way in others else str(way)


def tier(value: str) -> Any:
    return Tier(value).label if value in Tier.values else value


def way_met(value: str) -> Any:
    return Way(value).label if value in Way.values else value
