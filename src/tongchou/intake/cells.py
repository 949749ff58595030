"""How the text of a cell is read, type by type: a value, or what is wrong with it, or both.

A reader gives `(value, None)`, `(None, problem)` where the row cannot be stored with it, or
`(value, remark)` where it can but somebody should look.
"""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from tongchou.intake.days import read_day
from tongchou.intake.fields import FIELDS, Field, Type
from tongchou.intake.layout import Sheet
from tongchou.intake.problems import Problem
from tongchou.intake.words import plain

Reading = tuple[Any, Problem | None]
Reader = Callable[[str, str], Reading]

#: What programs write into a cell that holds nothing.
EMPTY = frozenset({"", "na", "n/a", "#n/a", "nan", "null"})
YES = frozenset({"yes", "y", "true", "1", "是", "有"})
NO = frozenset({"no", "n", "false", "0", "否", "无", "没有"})


def reader(field: Field, sheet: Sheet, today: date) -> Reader:
    """The reader of one field as this sheet writes it."""
    match field.type:
        case Type.DATE:
            return lambda text, column: read_day(
                text, column, field.name, order=sheet.order, year=sheet.year, today=today
            )
        case Type.CHOICE:
            return _chooser(field, sheet.values.get(field.name, {}))
        case Type.WHOLE | Type.NUMBER:
            return lambda text, column: _number(field, text, column)
        case Type.YES_NO:
            return lambda text, column: _yes_or_no(field, text, column)
        case Type.TEXT if field.name in sheet.values:
            words = sheet.values[field.name]
            return lambda text, column: _text(field, words.get(plain(text), text), column)
        case Type.TEXT:
            return lambda text, column: _text(field, text, column)
        case _:
            return lambda text, column: (text, None)


def readers(sheet: Sheet, today: date) -> list[Reader]:
    """The readers of a sheet's columns, in the order of its profile."""
    fields = FIELDS[sheet.kind]
    return [reader(fields[name], sheet, today) for name in sheet.columns]


def _chooser(field: Field, words: Mapping[str, str]) -> Reader:
    ours = {plain(choice): choice for choice in field.choices if choice}
    known = {**words, **{word: choice for word, choice in ours.items() if word not in words}}
    other = known.pop("*", None)
    memory: dict[tuple[str, str], Reading] = {}

    def choose(text: str, column: str) -> Reading:
        word = plain(text)
        if word in known:
            return known[word], None
        if (text, column) not in memory:
            memory[text, column] = _unknown(field, text, column, known, other)
        return memory[text, column]

    return choose


def _unknown(
    field: Field, text: str, column: str, known: Mapping[str, str], other: str | None
) -> Reading:
    if other is not None:
        said = {"value": text, "taken": str(field.choices[other])}
        return other, Problem("other_word", column, field.name, said)
    shown = ", ".join(_first_words(known))
    near = get_close_matches(plain(text), known, n=1)
    if near:
        said = {"value": text, "near": near[0], "known": shown}
        return None, Problem("unknown_word_near", column, field.name, said)
    return None, Problem("unknown_word", column, field.name, {"value": text, "known": shown})


def _first_words(known: Mapping[str, str]) -> list[str]:
    """One word for each of our codes: the list's own before ours."""
    first: dict[str, str] = {}
    for theirs, ours in known.items():
        first.setdefault(ours, theirs)
    return list(first.values())[:12]


def _number(field: Field, text: str, column: str) -> Reading:
    try:
        value = float(text.replace(" ", ""))
    except ValueError:
        return None, Problem("no_number", column, field.name, {"value": text})
    if field.between and not field.between[0] <= value <= field.between[1]:
        low, high = field.between
        said = {"value": text, "low": f"{low:g}", "high": f"{high:g}"}
        return None, Problem("out_of_range", column, field.name, said)
    if field.type is Type.NUMBER:
        return value, None
    if value != int(value) and field.name != "age":
        return None, Problem("no_number", column, field.name, {"value": text})
    return int(value), None


def _yes_or_no(field: Field, text: str, column: str) -> Reading:
    word = plain(text)
    if word in YES or word in NO:
        return word in YES, None
    return None, Problem("no_yes_or_no", column, field.name, {"value": text})


def _text(field: Field, text: str, column: str) -> Reading:
    if field.longest and len(text) > field.longest:
        said = {"n": len(text), "longest": field.longest}
        return None, Problem("too_long", column, field.name, said)
    return text, None
