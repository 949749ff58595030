"""What pydantic found wrong, as faults that a public-health officer can act on."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tongchou.playbook.book import Playbook
from tongchou.playbook.faults import WORDS
from tongchou.playbook.lines import Path
from tongchou.playbook.rules import Text, Truth

Found = tuple[Path, str, dict[str, object]]

# error type: what belongs there instead, zh and en
WANTED = {
    "string_type": ("一段文字（加引号）", "text in quotes"),
    "int_type": ("整数", "a whole number"),
    "int_from_float": ("整数", "a whole number"),
    "float_type": ("数字", "a number"),
    "finite_number": ("有限的数字", "a finite number"),
    "bool_type": (" true 或 false", "true or false"),
    "date_type": ("日期，如 2022-06-28（不加引号）", "a date such as 2022-06-28, without quotes"),
    "tuple_type": ("列表，如 [1, 4, 7]", "a list such as [1, 4, 7]"),
}
TABLES = {"model_type", "dict_type", "mapping_type", "model_attributes_type"}


def translated(bad: ValidationError) -> Iterator[Found]:
    """Each error as path, kind of fault and what its words need."""
    errors = [
        (tuple(str(step) for step in error["loc"] if step != "[key]"), error)
        for error in bad.errors(include_url=False)
    ]
    # A bare value where a rule has several numbers: one word about it, not one for each.
    bare = {p[:-1] for p, error in errors if p[-1:] == ("value",) and _is_unknown(error)}
    for path in bare:
        yield path, "bare_value", {"keys": _example(path)}
    for path, error in errors:
        if path[:-1] not in bare or path[-1] in ("source", "truth"):
            # The reader gave a bare value its table; the person never wrote "value".
            shown = path[:-1] if path[-1:] == ("value",) else path
            yield shown, *_kind(error, path)


def _is_unknown(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden"


def _kind(error: ErrorDetails, path: Path) -> tuple[str, dict[str, object]]:
    kind, about = error["type"], error.get("ctx", {})
    written = repr(error["input"])
    match kind:
        case "missing" if path[-1] == "source":
            return "no_source", {}
        case "missing" if path[-1] == "truth":
            return "no_truth", {"choices": ", ".join(get_args(Truth))}
        case "extra_forbidden":
            return "unknown", hints(path[-1], list(_known(path[:-1])))
        case "literal_error":
            choices = str(about["expected"]).replace("'", "").replace(" or ", ", ")
            return "choice", {"written": written, "choices": choices}
        case "string_pattern_mismatch" if about["pattern"] == r"\S":
            return "empty", {}
        case "string_pattern_mismatch":
            return "bad_name", {"written": written}
        case "string_too_short" | "too_short":
            return "empty", {}
        case "model_type" if _known_type(path) is Text:
            return "bare_value", {"keys": _example(path)}
        case _ if kind in TABLES:
            return "not_a_table", {}
        case _ if kind in WANTED:
            zh, en = WANTED[kind]
            return "wrong_type", {"written": written, "wanted_zh": zh, "wanted_en": en}
        case _ if bound := _bound(kind, about):
            zh, en = bound
            return "out_of_range", {"written": written, "wanted_zh": zh, "wanted_en": en}
        case _ if kind in WORDS:
            return kind, dict(about)
    return "other", {"reason": error["msg"]}


def _bound(kind: str, about: Mapping[str, Any]) -> tuple[str, str] | None:
    match kind:
        case "greater_than":
            return f"大于 {about['gt']}", f"more than {about['gt']}"
        case "greater_than_equal":
            return f"不小于 {about['ge']}", f"at least {about['ge']}"
        case "less_than_equal":
            return f"不大于 {about['le']}", f"at most {about['le']}"
        case "string_too_long":
            length = about["max_length"]
            return f"不超过 {length} 个字", f"at most {length} characters long"
    return None


def hints(word: str, known: list[str]) -> dict[str, object]:
    """How to mend an unknown name: the nearest known one, or the list of them."""
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return {"hint_zh": f"是否指 {near[0]}？", "hint_en": f"Did you mean {near[0]}?"}
    if not known:
        return {"hint_zh": "请删去它。", "hint_en": "Remove it."}
    names = ", ".join(known)
    return {"hint_zh": f"可用的有：{names}。", "hint_en": f"Here it can be: {names}."}


def _known(path: Path) -> Iterator[str]:
    """The keys that the format knows at `path`."""
    part = _known_type(path)
    if isinstance(part, type) and issubclass(part, BaseModel):
        yield from (field.alias or name for name, field in part.model_fields.items())
    if part is Playbook:
        yield from ("without", "complete")


def _example(path: Path) -> str:
    """The keys of a rule as they would be written: { peace = …, war = … }."""
    keys = [key for key in _known(path) if key not in ("source", "truth", "clause")]
    return f"{{ {', '.join(f'{key} = …' for key in keys)} }}"


def _known_type(path: Path) -> Any:
    part: Any = Playbook
    for step in path:
        part = _inside(part, step)
    return part


def _inside(part: Any, step: str) -> Any:
    """The type that lies below `part` under the key `step`."""
    if isinstance(part, type) and issubclass(part, BaseModel):
        fields = part.model_fields.items()
        part = next((f.annotation for name, f in fields if step == (f.alias or name)), None)
    else:
        part = get_args(part)[-1]
    return _bare(part)


def _bare(part: Any) -> Any:
    """The type without Optional, without Annotated, and the item of a tuple."""
    while (
        hasattr(part, "__metadata__") or type(None) in get_args(part) or get_origin(part) is tuple
    ):
        part = next(each for each in get_args(part) if each is not type(None))
    return part
