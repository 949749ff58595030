"""Profiles of files of counts: one small TOML file each, as `intake.profiles` has them for lists.

`profiles/*.toml` ship with the package; a city puts its own into DATA/profiles/counts.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tongchou.intake.words import plain
from tongchou.surveillance import layout
from tongchou.surveillance.errors import SurveillanceError


class BadCountProfile(SurveillanceError):
    """A profile that cannot be used; the message names the file, the key and the mend."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Words(_Strict):
    zh: str
    en: str


class _Source(_Strict):
    slug: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str
    name_en: str = ""


class _When(_Strict):
    day: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    week: tuple[str, ...] = ()
    weeks: str = Field("mmwr", pattern="^(mmwr|iso)$")
    order: str = Field("ymd", pattern="^(ymd|mdy|dmy)$")

    @model_validator(mode="after")
    def one_of_both(self) -> "_When":
        if bool(self.day) == bool(self.year and self.week):
            raise ValueError("name either the column of the day, or those of year and week")
        return self


class _Areas(_Strict):
    code: tuple[str, ...]
    name: tuple[str, ...]
    above_code: tuple[str, ...] = ()
    above_name: tuple[str, ...] = ()


class _Sites(_Strict):
    code: tuple[str, ...]
    name: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    register_: bool = Field(False, alias="register")


class _Ground(_Strict):
    code: str
    name: str
    name_en: str = ""


class _Count(_Strict):
    channel: str
    value: tuple[str, ...]
    denominator: tuple[str, ...] = ()


class _Long(_Strict):
    channel: tuple[str, ...]
    value: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    words: dict[str, str] = {}


class _File(_Strict):
    title: _Words
    source: _Source
    when: _When
    area: _Areas | None = None
    site: _Sites | None = None
    ground: _Ground | None = None
    count: tuple[_Count, ...] = ()
    long: _Long | None = None
    missing: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = (1,)
    worksheets: tuple[str, ...] = ()
    comment: str = ""

    @model_validator(mode="after")
    def whole(self) -> "_File":
        if (self.area is None) == (self.site is None):
            raise ValueError("name the columns of either [area] or [site]")
        if bool(self.count) == bool(self.long):
            raise ValueError("name the counts in either [[count]] or [long]")
        return self


def load(name: str) -> layout.CountProfile:
    """A profile by its name.

    Raises
    ------
    BadCountProfile
        Where there is none of this name, or it cannot be used.
    """
    known = available()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise BadCountProfile(f"there is no profile {name!r}.{hint} Known: {', '.join(known)}.")
    return _parsed(str(known[name]), known[name].read_text("utf-8"))


def available() -> dict[str, Path]:
    """Names and files of all profiles; one of the city's own takes the place of a shipped one."""
    shipped = Path(str(files("tongchou.surveillance"))) / "profiles"
    own = Path(settings.TONGCHOU_DATA) / "profiles" / "counts"
    found = {path.stem: path for path in sorted(shipped.glob("*.toml"))}
    return found | {path.stem: path for path in sorted(own.glob("*.toml"))}


@cache
def _parsed(path: str, text: str) -> layout.CountProfile:
    return parse(text, name=Path(path).stem)


def parse(text: str, *, name: str) -> layout.CountProfile:
    """A profile from its text; all faults at once, one a line."""
    try:
        told = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadCountProfile(f"{name}.toml: not readable as TOML: {error}") from error
    except ValidationError as error:
        faults = (_said(name, fault) for fault in error.errors())
        raise BadCountProfile("\n".join(faults)) from error
    return layout.CountProfile(
        id=name,
        title={"zh": told.title.zh, "en": told.title.en},
        source=told.source.slug,
        source_name=told.source.name,
        source_name_en=told.source.name_en,
        when=layout.When(**told.when.model_dump()),
        areas=layout.AreaColumns(**told.area.model_dump()) if told.area else None,
        sites=_sites(told.site),
        ground=layout.Ground(**told.ground.model_dump()) if told.ground else None,
        counts=tuple(layout.Counted(**one.model_dump()) for one in told.count),
        long=_long(told.long),
        missing=frozenset({"", *map(plain, told.missing)}),
        ignored=frozenset(map(plain, told.ignored)),
        header_rows=told.header_rows,
        worksheets=told.worksheets,
        comment=told.comment,
    )


def _sites(told: _Sites | None) -> layout.SiteColumns | None:
    if told is None:
        return None
    return layout.SiteColumns(told.code, told.name, told.area, told.register_)


def _long(told: _Long | None) -> layout.Long | None:
    if told is None:
        return None
    words = {plain(theirs): ours for theirs, ours in told.words.items()}
    return layout.Long(told.channel, told.value, told.denominator, words)


def _said(name: str, fault: Mapping[str, Any]) -> str:
    key = ".".join(map(str, fault["loc"]))
    return f"{name}.toml: {key or 'the file'}: {fault['msg']}"
