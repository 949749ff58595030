"""What is worked out from other numbers or is no number: tempo, progress, free rooms, holes."""

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, TempoChoice
from tongchou.command.models import Activation
from tongchou.command.readiness import Hole
from tongchou.reports.facts.base import WINDOW, Fact, Ground, Said, State, both
from tongchou.reports.facts.telling import Told, followed, moment

TEMPO = Told(
    "tempo", "situation", gettext_lazy("Tempo"),
    gettext_lazy("Whether the area is at peace or at war tempo, and since when."),
)  # fmt: skip
PROGRESS = Told(
    "tasks.progress", "lists", gettext_lazy("Progress of the key tasks"),
    gettext_lazy("Key tasks accepted, of all that were set so far and not cancelled, in percent."),
)  # fmt: skip
FREE = Told(
    "capacity.free", "capacity", gettext_lazy("Free rooms for quarantine"),
    gettext_lazy("Rooms of the sites that have said how many they have, less the people there."),
)  # fmt: skip
HOLES = Told(
    "readiness.holes", "capacity", gettext_lazy("Readiness gaps"),
    gettext_lazy("Roles that nobody fills, each at the highest area where nobody fills it."),
)  # fmt: skip
SPAN = Told(
    "window.span", "changes", gettext_lazy("Hours this report covers"),
    gettext_lazy("From where the report before ended; told only where it is not 24 hours."),
)  # fmt: skip
TOLD = (SPAN, TEMPO, PROGRESS, FREE, HOLES)


def span(ground: Ground) -> Fact | None:
    """That a report is of more or fewer than 24 hours, because its hour was changed."""
    hours = round(ground.hours, 1)
    if ground.at - ground.since == WINDOW:
        return None
    what = {"hours": f"{hours:g}", "since": moment(ground.since), "at": moment(ground.at)}
    return SPAN.fact(
        ground, hours,
        lambda: _(
            "This report is of the %(hours)s hours from %(since)s to %(at)s, since it begins where "
            "the one before ended; what is said of 24 hours is of these."
        )
        % what,
    )  # fmt: skip


def activations(ground: Ground) -> list[Activation]:
    """Every change of tempo that concerns the ground, newest first; one query."""
    codes = {code for area in ground.areas for code in area.codes}
    return list(Activation.objects.filter(area__in=codes).order_by("-at", "-id"))


def tempo(area: Area, ground: Ground, acts: Sequence[Activation]) -> Fact:
    """The tempo at the moment: by the last act on the area or above it, else as it stands."""
    here = [act for act in acts if act.area_id in area.codes]
    last = next((act for act in here if act.at < ground.at), None)
    now, since = (last.tempo_to, last.at) if last else (area.tempo, area.tempo_since)
    if last is None and here:  # it changed later, for the first time that is known
        now, since = here[-1].tempo_from, None

    def say() -> str:
        war = now == TempoChoice.WAR
        if since is None:
            return _("The area is at war tempo.") if war else _("The area is at peace tempo.")
        words = {"at": moment(since)}
        if war:
            return _("The area has been at war tempo since %(at)s.") % words
        return _("The area has been at peace tempo since %(at)s.") % words

    link = reverse("command:activations", args=[area.pk])
    more = {"tempo": str(now), "tempo_since": since}
    return TEMPO.fact(ground, None, say, link=link, more=more)


def progress(ground: Ground, standing: Fact | None) -> Fact | None:
    """The share of key tasks that were accepted; nothing where none was ever set."""
    if standing is None or not standing.value:
        return None
    accepted = sum(part.value for part in standing.parts if part.key == "accepted")
    share = round(100 * accepted / standing.value)
    return PROGRESS.fact(
        ground, share,
        lambda: _("%(share)s%% of the key tasks have been accepted (%(n)s of %(of)s).")
        % {"share": share, "n": accepted, "of": standing.value},
        link=standing.link,
    )  # fmt: skip


def free_rooms(ground: Ground, found: dict[str, Fact]) -> Fact | None:
    """Rooms less people; unknown where there are sites and none has said how many rooms it has."""
    sites, rooms, taken = (found.get(f"capacity.{n}") for n in ("sites", "rooms", "taken"))
    if sites is None or rooms is None or taken is None:
        return None
    if not sites.value:  # that there is no site says that nobody is there
        found["capacity.taken"] = replace(taken, said=Said("", ""))
        return None
    known = sum(part.value for part in sites.parts if part.key == "known")
    if not known:
        return FREE.fact(
            ground, None,
            lambda: _("Rooms for quarantine: not known. No open site has said how many it has."),
            state=State.UNKNOWN, link=sites.link,
        )  # fmt: skip
    free = int(rooms.value or 0) - int(taken.value or 0)

    def say() -> str:
        if free < 0:
            return ngettext(
                "The sites hold %(n)s person more than they have rooms.",
                "The sites hold %(n)s people more than they have rooms.",
                -free,
            ) % {"n": -free}
        if not free:
            return _("No room is free.")
        return ngettext("%(n)s room is free.", "%(n)s rooms are free.", free) % {"n": free}

    return FREE.fact(ground, free, say, link=rooms.link)


def holes(area: Area, ground: Ground, found: Sequence[Hole]) -> Fact:
    """How many roles nobody fills, with the first of them by name."""
    named = [both(lambda hole=hole: _hole(hole, area)) for hole in found[:8]]  # type: ignore[misc]

    def say() -> str:
        if not found:
            return _("Every role that a loop needs is filled.")
        words = _list_of([each.in_(get_language()) for each in named], len(found))
        return ngettext(
            "%(n)s role is filled by nobody: %(which)s.",
            "%(n)s roles are filled by nobody: %(which)s.",
            len(found),
        ) % {"n": len(found), "which": words}

    return HOLES.fact(ground, len(found), say, link=reverse("staff:who_in", args=[area.pk]))


def _hole(hole: Hole, area: Area) -> str:
    """The role, and where; the area is named only where it is a part of the report's own."""
    if hole.area.pk == area.pk:
        return hole.role_label
    english = not (get_language() or "").startswith("zh")
    name = (english and hole.area.name_en) or hole.area.name
    return _("%(role)s in %(area)s") % {"role": hole.role_label, "area": name}


def _list_of(names: list[str], n: int) -> str:
    joined = pgettext("between names", ", ").join(names)
    if n > len(names):
        return followed(joined, _("and %(n)s others") % {"n": n - len(names)})
    return joined
