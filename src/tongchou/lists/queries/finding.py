"""Evidence as people type it: numbers of what the records hold, or a sentence."""

import re
from typing import Any

from tongchou.cases.models import Case
from tongchou.ledger.models import Gap, Passage
from tongchou.lists.models import Problem, Task
from tongchou.staff.queries import Scope
from tongchou.surveillance.models import Signal

_SPLIT = re.compile(r"[\s,，;；、]+")
_SIGNAL = re.compile(r"S-([0-9]{1,18})", re.IGNORECASE)
_GAP = re.compile(r"G-([0-9]{1,18})", re.IGNORECASE)
_NUMBERED: tuple[Any, ...] = (Case, Problem, Task)


def links(text: str, scope: Scope) -> list[Passage | Gap | str]:
    """What a line of evidence points at; a line that points at nothing is a note, as it stands."""
    words = [word for word in _SPLIT.split(text.strip()) if word]
    found = [_one(word, scope) for word in words]
    if not words or any(each is None for each in found):
        return [text.strip()] if text.strip() else []
    return [each for each in found if each is not None]


def _one(word: str, scope: Scope) -> Passage | Gap | None:
    if match := _GAP.fullmatch(word):
        return Gap.objects.filter(scope.q("area_path"), pk=int(match[1])).first()
    if match := _SIGNAL.fullmatch(word):
        return _passage(Signal.objects.filter(scope.q("area_path"), pk=int(match[1])))
    for model in _NUMBERED:
        rows = model.objects.filter(scope.q("area_path"), number__iexact=word)
        if passage := _passage(rows):
            return passage
    return None


def _passage(rows: Any) -> Passage | None:
    row = rows.exclude(passage=None).select_related("passage").first()
    return row.passage if row else None
