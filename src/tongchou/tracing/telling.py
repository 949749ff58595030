"""Whom a text tells of, and the text with its findings marked. Shown once, and stored nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from tongchou.cases.models import Case
from tongchou.epi.trace import itinerary
from tongchou.people.models import Sex


@dataclass(frozen=True)
class Piece:
    """A piece of the text: plain, or marked as a time, place, vehicle or doubt."""

    text: str
    kind: str = ""
    label: Any = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Who:
    """Somebody the text tells of; `index` is their place in it."""

    index: int
    label: str
    chosen: bool


MARKS: dict[str, Any] = {
    "time": gettext_lazy("time"),
    "place": gettext_lazy("place"),
    "vehicle": gettext_lazy("vehicle"),
    "doubt": gettext_lazy("doubt"),
}


def likeliest(told: itinerary.Reading, case: Case) -> int | None:
    """Whom of the text the case is, by age and sex; nobody where several fit as well."""
    if len(told.people) < 2:
        return 0 if told.people else None
    scores = [_fits(person, case) for person in told.people]
    best = max(scores)
    return scores.index(best) if best > 0 and scores.count(best) == 1 else None


def _fits(person: itinerary.Person, case: Case) -> int:
    score = 0
    if person.age is not None and case.age is not None:
        score += 2 if person.age.value == case.age else -2
    if person.sex is not None and case.person.sex in (Sex.MALE, Sex.FEMALE):
        score += 1 if person.sex.value == case.person.sex else -2
    return score


def called(person: itinerary.Person) -> str:
    """Somebody of the text in a few letters: who they are said to be, never a name."""
    parts = [person.label or "", person.sex.text if person.sex else ""]
    parts.append(person.age.text if person.age else "")
    return " ".join(part for part in parts if part) or person.text[:12]


def people(told: itinerary.Reading, chosen: int | None) -> list[Who]:
    if len(told.people) < 2:
        return []
    return [Who(n, called(p), n == chosen) for n, p in enumerate(told.people)]


def pieces(told: itinerary.Reading, stays: Sequence[tuple[int, itinerary.Stay]]) -> Iterator[Piece]:
    """The whole text, cut at its marks; where two marks meet, the first and longer one stays."""
    marks: dict[tuple[int, int], tuple[str, list[int]]] = {}
    for number, stay in stays:
        for kind, span in (("time", stay.moment), ("place", stay.place), ("vehicle", stay.vehicle)):
            if span is not None and stay.start - 200 <= span.start:
                marks.setdefault((span.start, span.end), (kind, []))[1].append(number)
    for doubt in told.doubts:
        marks.setdefault((doubt.start, doubt.end), ("doubt", []))
    at = 0
    for (start, end), (kind, numbers) in sorted(marks.items(), key=lambda m: (m[0][0], -m[0][1])):
        if start < at:
            continue
        if start > at:
            yield Piece(told.text[at:start])
        yield Piece(told.text[start:end], kind, MARKS[kind], tuple(numbers))
        at = end
    if at < len(told.text):
        yield Piece(told.text[at:])
