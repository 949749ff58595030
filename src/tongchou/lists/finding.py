"""Problems and tasks by their number, for the box that finds everything."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import pgettext

from tongchou.lists.queries.lists import by_number
from tongchou.shell.finding import MOST, Found
from tongchou.staff.queries import Scope


def find(text: str, scope: Scope, *, now: datetime) -> list[Found]:
    problems, tasks = by_number(text, scope)
    return [
        *(
            Found(pgettext("lists", "problem"), f"{row.number} · {row.title}", row.area.name,
                  reverse("lists:problem", args=[row.pk]))
            for row in problems[:MOST]
        ),
        *(
            Found(pgettext("lists", "task"), f"{row.number} · {row.goal}", row.area.name,
                  reverse("lists:task", args=[row.pk]))
            for row in tasks[:MOST]
        ),
    ]  # fmt: skip
