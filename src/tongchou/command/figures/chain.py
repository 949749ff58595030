"""The chain: sites and beds, times against targets, and how fresh the imported lists are."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, subtree
from tongchou.command import timeliness
from tongchou.command.figures.base import Figure, Seen, last_day
from tongchou.intake.models import Import, KindChoice, State
from tongchou.ledger import policy
from tongchou.playbook import source_name
from tongchou.quarantine import queries as quarantine
from tongchou.shell.moments import spell
from tongchou.shell.templatetags.shell import percent
from tongchou.staff.queries import Scope
from tongchou.staff.roles import Role

#: A list that was not renewed for so long looks stale.
STALE = timedelta(hours=24)


# --- quarantine sites --------------------------------------------------------------------------


def read_sites(area: Area, *, now: datetime) -> Seen:
    """Every open site: rooms, people in them, people on the way."""
    scope = Scope(((str(Role.DUTY_OFFICER), area.path, 0),))
    rows = [
        {
            "id": site.place.pk,
            "name": site.place.name,
            "capacity": site.capacity,
            "n_in": site.n_in,
            "n_coming": site.n_coming,
            "unsafe": site.unsafe,
        }
        for site in quarantine.sites(scope, now=now)
    ]
    return Seen({"rows": rows}, now)


def show_sites(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    rows = value["rows"]
    known = [row for row in rows if row["capacity"] is not None]
    for row in rows:
        row["share"] = row["n_in"] / row["capacity"] if row["capacity"] else None
        row["tone"] = _tone(row)
    return {
        "rows": sorted(rows, key=lambda row: -(row["share"] or 0))[:8],
        "n_sites": len(rows),
        "n_in": sum(row["n_in"] for row in rows),
        "n_coming": sum(row["n_coming"] for row in rows),
        "capacity": sum(row["capacity"] for row in known) if known else None,
        "n_in_known": sum(row["n_in"] for row in known),
        "n_unknown": len(rows) - len(known),
        "n_unsafe": sum(1 for row in rows if row["unsafe"]),
    }


def _tone(row: dict[str, Any]) -> str:
    if row["unsafe"] or (row["share"] or 0) > 1:
        return "bad"
    return "warn" if (row["share"] or 0) >= 0.9 else "ok"


# --- times against targets ---------------------------------------------------------------------


def read_times(area: Area, *, now: datetime) -> Seen:
    """What was measured for the last four weeks, target by target."""
    last = last_day(area, now=now)
    since = last - timeliness.WINDOW + timedelta(days=1)
    book = policy.in_force(now)
    rows = timeliness.measure(path=area.path, since=since, until=last, book=book, now=now)
    value = {
        "since": since.isoformat(),
        "until": last.isoformat(),
        "playbook": book.id,
        "rows": [
            {
                "name": row.name,
                "known": row.known,
                "in_days": row.in_days,
                "n": row.n,
                "n_waiting": row.n_waiting,
                "n_too_late": row.n_too_late,
                "n_backwards": row.n_backwards,
                "median": row.median_s,
                "p90": row.p90_s,
                "share": row.share,
            }
            for row in rows
        ],
    }
    return Seen(value, now)


def show_times(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    from django.utils import timezone

    language = get_language() or "en"
    targets = timeliness.targets(policy.in_force(timezone.now()))
    rows = []
    for row in value["rows"]:
        target = targets.get(row["name"])
        if target is None:  # the playbook has changed since
            continue
        rows.append(
            row
            | {
                "label": target.of(language),
                "within": spell(target.within),
                "target": target.share,
                "met": None if row["share"] is None else row["share"] >= target.share,
                "share_words": percent(row["share"]),
                "median": _span(row["median"], row["in_days"]),
                "p90": _span(row["p90"], row["in_days"]),
                "source": " ".join(
                    filter(None, (target.clause, source_name(target.source, language)))
                ),
            }
        )
    return {
        "rows": rows,
        "since": date.fromisoformat(value["since"]),
        "until": date.fromisoformat(value["until"]),
        "playbook": value["playbook"],
    }


def _span(seconds: float | None, in_days: bool) -> str:
    if seconds is None:
        return "–"
    if in_days and seconds < timedelta(days=1).total_seconds():
        return _("same day")
    return spell(timedelta(seconds=seconds))


# --- imported lists ----------------------------------------------------------------------------


def read_imports(area: Area, *, now: datetime) -> Seen:
    """Of each kind of list: the last one that came in, and what failed since."""
    here = Import.objects.filter(Q(area__in=area.codes) | subtree(area.path, field="area__path"))
    rows = []
    for kind in KindChoice.values:
        last = here.filter(kind=kind, state=State.DONE).order_by("-done_at").first()
        newer = Q(id__gt=last.pk) if last else Q()
        failed = here.filter(newer, kind=kind, state__in=(State.FAILED, State.INTERRUPTED)).count()
        if last or failed:
            rows.append(
                {
                    "kind": kind,
                    "id": last.pk if last else None,
                    "file": last.file_name if last else "",
                    "at": last.done_at.isoformat() if last and last.done_at else None,
                    "n_stored": last.n_stored if last else 0,
                    "n_refused": last.n_refused if last else 0,
                    "n_failed": failed,
                }
            )
    return Seen({"rows": rows}, now)


def show_imports(value: Any, area: Area, options: dict[str, str]) -> dict[str, Any]:
    for row in value["rows"]:
        row["label"] = str(KindChoice(row["kind"]).label)
        row["done_at"] = datetime.fromisoformat(row["at"]) if row["at"] else None
    try:
        url = reverse("intake:desk")
    except NoReverseMatch:
        url = ""
    return {"rows": value["rows"], "url": url, "stale_after": int(STALE.total_seconds() // 60)}


FIGURES = (
    Figure(
        "sites",
        gettext_lazy("Quarantine sites"),
        gettext_lazy("stays"),
        read_sites,
        show_sites,
    ),
    Figure(
        "times",
        gettext_lazy("How fast the chain is"),
        gettext_lazy("hand-offs and case reports"),
        read_times,
        show_times,
        span="span-all",
    ),
    Figure(
        "imports",
        gettext_lazy("Imported lists"),
        gettext_lazy("imports"),
        read_imports,
        show_imports,
    ),
)
