"""Dotted paths into frozen values: read one, or make a copy in which one is another.

`policy.war.rounds.interval_days` names one number of a scenario. `both` stands for peace and war at
once. A part of a tuple is named by its place or, in tracing, by its layer of contact.
"""

import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from typing import Any

from tongchou.epi.spread.course import LAYERS
from tongchou.epi.spread.policy import Policy

__all__ = ["WrongPath", "WrongValue", "paths", "read", "replaced"]

BOTH = "both"
_TEMPOS = ("peace", "war")


class WrongPath(ValueError):
    """Nothing has this name. The message says what is near."""


class WrongValue(ValueError):
    """The value does not fit where it should go. The message says what would."""


def read(root: object, path: str) -> Any:
    """The value at a path; of `both`, that of war."""
    value, done = root, ""
    for step in path.split("."):
        value = _step(value, step, path, done)
        done = f"{done}.{step}" if done else step
    return value


def _step(value: object, step: str, path: str, done: str) -> Any:
    if isinstance(value, Policy) and step == BOTH:
        return value.war
    if isinstance(value, tuple):
        return value[_place(value, step, path)]
    if not is_dataclass(value) or step not in _names(value):
        raise _unknown(path, done, step, value)
    return getattr(value, step)


def replaced(root: Any, path: str, value: object) -> Any:
    """A copy of `root` with another value at `path`; its own checks run again.

    Raises
    ------
    WrongPath
        Where the path leads nowhere.
    WrongValue
        Where the value is of the wrong type, or the part refuses it.
    """
    return _replaced(root, path.split("."), value, path)


def _replaced(part: Any, steps: list[str], value: object, path: str) -> Any:
    step, rest = steps[0], steps[1:]
    done = path.removesuffix(".".join(steps)).rstrip(".")
    if isinstance(part, Policy) and step == BOTH:
        for tempo in _TEMPOS:
            part = _replaced(part, [tempo, *rest], value, path)
        return part
    if not is_dataclass(part) or step not in _names(part):
        raise _unknown(path, done, step, part)
    old = getattr(part, step)
    if not rest:
        new = fitted(path, value, hints(type(part))[step], old)
    elif isinstance(old, tuple) and len(rest) == 1:
        place = _place(old, rest[0], path)
        new = (*old[:place], _one(path, value, type(old[place])), *old[place + 1 :])
    else:
        new = _replaced(old, rest, value, path)
    try:
        return replace(part, **{step: new})  # type: ignore[type-var]
    except (WrongPath, WrongValue):
        raise
    except ValueError as error:
        raise WrongValue(f"{path}: {error}") from error


def fitted(path: str, value: object, hint: Any, old: object = None) -> Any:
    """The value as the type asks for it: a list as a tuple, a whole number as a share."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        if value is None and len(kinds) < len(typing.get_args(hint)):
            return None
        hint = kinds[0]
    if typing.get_origin(hint) is not tuple:
        return _one(path, value, hint)
    inside = typing.get_args(hint)
    if isinstance(value, list | tuple):
        kinds = [inside[0]] * len(value) if inside[-1] is Ellipsis else list(inside)
        if len(kinds) != len(value):
            raise WrongValue(f"{path} needs {len(kinds)} values, not {len(value)}")
        return tuple(fitted(path, each, kind) for each, kind in zip(value, kinds, strict=True))
    if isinstance(old, tuple) and len(old) == len(LAYERS):  # one for all layers alike
        return (_one(path, value, inside[0]),) * len(old)
    raise WrongValue(f"{path} is a list, such as [1, 2]; not {value!r}")


def _one(path: str, value: object, kind: Any) -> Any:
    if (
        isinstance(kind, type)
        and isinstance(value, kind)
        and (kind is bool) == isinstance(value, bool)
    ):
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is int and isinstance(value, float) and value.is_integer():
        return int(value)
    words = {int: "a whole number", float: "a number", str: "a word", bool: "true or false"}
    wanted = words.get(kind, getattr(kind, "__name__", str(kind)))
    raise WrongValue(f"{path} is {wanted}, not {value!r}")


def paths(root: object, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every value below a frozen value, with its path; tuples count as one value."""
    if not is_dataclass(root):
        yield above, root
        return
    for field in fields(root):
        here = f"{above}.{field.name}" if above else field.name
        yield from paths(getattr(root, field.name), here)


def _names(value: object) -> tuple[str, ...]:
    return tuple(field.name for field in fields(value))  # type: ignore[arg-type]


def hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _place(value: tuple[Any, ...], step: str, path: str) -> int:
    if len(value) == len(LAYERS) and step in LAYERS:
        return LAYERS.index(step)
    if step.isdecimal() and int(step) < len(value):
        return int(step)
    known = f"one of {', '.join(LAYERS)}" if len(value) == len(LAYERS) else f"below {len(value)}"
    raise WrongPath(f"{path}: {step!r} names no part of the list; it is {known}")


def _unknown(path: str, done: str, step: str, value: object) -> WrongPath:
    if not is_dataclass(value):
        return WrongPath(f"{path}: {done} is a single value, nothing stands below it")
    known = [*_names(value), *([BOTH] if isinstance(value, Policy) else [])]
    near = get_close_matches(step, known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    where = done or "a scenario"
    return WrongPath(f"{path}: {where} has no {step!r}.{hint} It has: {', '.join(known)}.")
