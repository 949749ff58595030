"""One box that finds subjects by number or pseudonym, areas and units; never people by name."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tongchou.areas import queries as areas
from tongchou.cases.models import Case, Contact
from tongchou.ledger.turns import page_of
from tongchou.people.keys import ALPHABET
from tongchou.people.models import Person
from tongchou.shell import finding
from tongchou.shell.finding import MOST, Found
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope


def search(text: str, scope: Scope, *, now: datetime) -> list[Found]:
    """Answers inside the user's areas, exact things first; at most twenty of each kind.

    People, cases and contacts before what the rooms register, areas and units after it.
    """
    text = text.strip()
    if len(text) < 2:
        return []
    return [
        *_people(text, scope),
        *_subjects(text, scope),
        *finding.search(text, scope, now=now),
        *_areas(text),
        *_units(text, scope),
    ]


def _people(text: str, scope: Scope) -> list[Found]:
    key = text.upper().replace("-", "").replace(" ", "")
    if len(key) != 12 or set(key) - set(ALPHABET):
        return []
    known = Person.objects.filter(scope.q("area__path"), pk=key)
    return [
        Found(_("person"), str(person), "", reverse("people:person", args=[person.pk]))
        for person in known
    ]


def _subjects(text: str, scope: Scope) -> list[Found]:
    wanted = Q(number__istartswith=text) | Q(number__icontains=text)
    found: list[Found] = []
    kinds: tuple[tuple[Any, str], ...] = ((Case, _("case")), (Contact, _("contact")))
    for model, kind in kinds:
        rows = model.objects.filter(wanted, scope.q("area_path")).select_related("area", "passage")
        for row in rows.order_by("number")[:MOST]:
            url = page_of(row.passage.loop, row.passage_id) if row.passage else _own_page(row)
            found.append(Found(kind, f"{row.number} · {row.person}", row.area.name, url))
    return found


def _own_page(row: Any) -> str:
    """The page of a subject that never entered its loop, such as a finished case of a list."""
    return reverse("cases:case", args=[row.pk]) if isinstance(row, Case) else ""


def _areas(text: str) -> list[Found]:
    return [
        Found(_("area"), area.name, area.code, reverse("areas:area", args=[area.code]))
        for area in areas.search(text)[:MOST]
    ]


def _units(text: str, scope: Scope) -> list[Found]:
    rows = Unit.objects.filter(scope.q("area__path"), name__contains=text).select_related("area")
    return [
        Found(_("unit"), unit.name, f"{unit.area} · {unit.phone}", reverse("staff:units"))
        for unit in rows[:MOST]
    ]
