"""Questions that a commander asks outright, each answered by a sentence and a small table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.planning.drawing.axes import words
from tongchou.planning.models import Kind

if TYPE_CHECKING:
    from tongchou.epi.plan.answers import Answer, Sweep
    from tongchou.planning.scenarios import ScenarioFile

__all__ = ["Column", "Table", "answered", "table"]

#: Columns of the tables that are no number of a run.
_COLUMNS: Final = {
    "unit": _("unit locked"),
    "clean_days": _("clean days before opening"),
    "case": pgettext_lazy("answer", "case"),
    "virus": pgettext_lazy("answer", "virus"),
    "better": _("what does better"),
    "holds": _("keeps the constraints"),
    "infections_averted": _("infections averted"),
    "plus_minus": _("give or take"),
    "person_days_more": _("person-days restricted, more"),
    "yuan_more": _("yuan, more"),
    "stopped": _("runs in which it is stopped"),
    "rooms": _("quarantine rooms ready"),
    "tracers": _("tracers ready"),
    "tubes": _("PCR tubes a day ready"),
}
_IN_WORDS: Final = frozenset({"unit", "case", "virus", "better"})
_WORDS: Final = {
    "clearance": _("dynamic clearance"),
    "mitigation": _("mitigation"),
    "as it is": _("as it stands"),
    "a day less": _("result a day earlier"),
    "districts locked": _("whole districts locked"),
    "plenty": _("nothing runs short"),
    "together": _("all three at once"),
    "rooms alone": _("rooms alone short"),
    "tracers alone": _("tracers alone short"),
    "tubes alone": _("tubes alone short"),
    "building": pgettext_lazy("zone", "building"),
    "compound": pgettext_lazy("zone", "compound"),
    "grid": pgettext_lazy("zone", "grid cell"),
    "community": pgettext_lazy("zone", "community"),
    "district": pgettext_lazy("zone", "district"),
}


@dataclass(frozen=True)
class Column:
    """One column of an answer."""

    key: str
    label: Any
    is_number: bool


@dataclass(frozen=True)
class Table:
    """An answer as the page shows it."""

    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


def answered(kind: str, file: "ScenarioFile", how: "Sweep") -> "Answer":
    """The answer of the model."""
    from tongchou.epi.plan import changing, questions, readiness

    scenario = file.scenario
    if kind == Kind.UNIT:
        return questions.smallest_unit(scenario, constraints=file.constraints, how=how)
    if kind == Kind.OPEN:
        return questions.when_open(scenario, constraints=file.constraints, how=how)
    if kind == Kind.HOUR:
        return questions.value_of_time(scenario, how=how)
    if kind == Kind.CHANGE:
        viruses = changing.milder(scenario.course)
        found = changing.when_to_change(scenario, viruses, constraints=file.constraints, how=how)
        named = zip(found.rows, viruses, strict=True)
        rows = tuple(row | {"virus": {"zh": v.zh, "en": v.en}} for row, v in named)
        return replace(found, rows=rows)
    return readiness.ready(scenario, how=how)


def facts(answer: "Answer") -> dict[str, Any]:
    """As it is kept."""
    rows = [{key: _plain(value) for key, value in row.items()} for row in answer.rows]
    return {"zh": answer.zh, "en": answer.en, "rows": rows}


def table(result: Mapping[str, Any], language: str) -> Table:
    rows: Sequence[Mapping[str, Any]] = result["rows"]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    columns = [Column(key, _label(key, language), key not in _IN_WORDS) for key in keys]
    return Table(
        result[language],
        tuple(columns),
        tuple(tuple(_shown(key, row.get(key), language) for key in keys) for row in rows),
    )


def _label(key: str, language: str) -> Any:
    if key in _COLUMNS:
        return _COLUMNS[key]
    from tongchou.epi.plan.metrics import metric

    policy, _sep, name = key.rpartition(": ")
    own = _COLUMNS[name] if name in _COLUMNS else metric(name).words(language)
    return f"{_WORDS[policy]}: {own}" if policy else own


def _shown(key: str, value: Any, language: str) -> Any:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return value[language]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "stopped":
        return f"{value:.0%}"
    if isinstance(value, int | float):
        return words(value)
    return _WORDS.get(value, value)


def _plain(value: Any) -> Any:
    """A value that JSON holds; what is no number at all is nothing."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and value != value else value
