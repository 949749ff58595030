"""What a checklist file says: items with weight, red line, the evidence asked for, and the source.

The text is TOML, so that a county can write its own and everybody can see what changed. A key
names the same question in every version: by it a finding is known to repeat an earlier one.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.playbook import source_name, truth_name
from tongchou.supervision.errors import BadChecklist

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
WEIGHTS = range(1, 6)
#: From this weight on a finding is ordinary, below it minor.
ORDINARY_FROM = 2
TRUTHS = ("verified", "seen_in_weak_source", "computed", "memory")
MOST_ITEMS = 200
_HEAD = {"slug", "title", "title_en", "place_kind", "source", "truth", "groups", "items"}
_ITEM = {
    "key", "group", "zh", "en", "weight", "red_line", "photo", "hint", "hint_en", "source", "truth",
}  # fmt: skip


def in_language(zh: str, en: str) -> str:
    """What the reader reads: English only where there is any."""
    return zh if _language().startswith("zh") or not en else en


def _language() -> str:
    return get_language() or "en"


@dataclass(frozen=True)
class Item:
    """One question. It is asked so that yes is good."""

    key: str
    zh: str
    en: str
    group: str
    group_en: str
    weight: int
    red_line: bool
    photo: bool
    hint: str
    hint_en: str
    source: str
    truth: str

    def __str__(self) -> str:
        return in_language(self.zh, self.en)

    @property
    def heading(self) -> str:
        return in_language(self.group, self.group_en)

    @property
    def help(self) -> str:
        return in_language(self.hint, self.hint_en)

    @property
    def source_words(self) -> str:
        """Where it comes from and how sure that is."""
        language = _language()
        words = source_name(self.source, language), truth_name(self.truth, language)
        return " · ".join(word for word in words if word)

    @property
    def severity(self) -> str:
        if self.red_line:
            return "urgent"
        return "ordinary" if self.weight >= ORDINARY_FROM else "minor"


@dataclass(frozen=True)
class Sheet:
    """A whole checklist as its file says it."""

    slug: str
    title: str
    title_en: str
    place_kind: str
    items: tuple[Item, ...]

    def of(self, key: str) -> Item | None:
        return next((item for item in self.items if item.key == key), None)


@lru_cache(maxsize=64)
def parse(text: str) -> Sheet:
    """The checklist that a TOML text says.

    Raises
    ------
    BadChecklist
        With every fault at once, each with its item.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadChecklist([_("This is not TOML: %(error)s.") % {"error": error}]) from None
    faults = list(_head_faults(said))
    rows = said.get("items")
    if not isinstance(rows, list) or not rows:
        raise BadChecklist([*faults, _("A checklist needs items: [[items]].")])
    if len(rows) > MOST_ITEMS:
        faults.append(_("%(n)d items are too many; %(most)d at most.")
                      % {"n": len(rows), "most": MOST_ITEMS})  # fmt: skip
    seen: set[str] = set()
    for place, row in enumerate(rows, start=1):
        faults += _item_faults(place, row, seen)
    if faults:
        raise BadChecklist(faults)
    items = tuple(_item(row, said) for row in rows)
    return Sheet(
        said["slug"], said["title"], said.get("title_en", ""), said.get("place_kind", ""), items
    )


def _head_faults(said: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(set(said) - _HEAD):
        yield _("“%(name)s” is not known at the top; known: %(known)s.") % {
            "name": name, "known": ", ".join(sorted(_HEAD)),
        }  # fmt: skip
    if not isinstance(said.get("slug"), str) or not KEY.fullmatch(said["slug"]):
        yield _("`slug` is needed: small letters, digits and hyphens.")
    if not isinstance(said.get("title"), str) or not said["title"].strip():
        yield _("`title` is needed.")
    groups = said.get("groups", {})
    if not isinstance(groups, dict) or not all(isinstance(en, str) for en in groups.values()):
        yield _("`groups` gives each heading in English: [groups].")


def _item_faults(place: int, row: Any, seen: set[str]) -> Iterator[str]:
    if not isinstance(row, dict):
        yield _("Item %(n)d is not a table.") % {"n": place}
        return
    at = {"n": place, "key": row.get("key", "?")}
    key = row.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key) or len(key) > 40:
        yield _("Item %(n)d: `key` is needed: small letters, digits and hyphens.") % at
    elif key in seen:
        yield _("Item %(n)d: the key “%(key)s” stands twice.") % at
    else:
        seen.add(key)
    for name in sorted(set(row) - _ITEM):
        yield _("Item %(n)d (%(key)s): “%(name)s” is not known.") % (at | {"name": name})
    if not isinstance(row.get("zh"), str) or not 2 <= len(row["zh"].strip()) <= 200:
        yield _("Item %(n)d (%(key)s): `zh`, the question, is needed: 2 to 200 characters.") % at
    if row.get("weight", 1) not in WEIGHTS or isinstance(row.get("weight", 1), bool):
        yield _("Item %(n)d (%(key)s): `weight` is 1 to 5.") % at
    for name in ("red_line", "photo"):
        if not isinstance(row.get(name, False), bool):
            yield _("Item %(n)d (%(key)s): `%(name)s` is true or false.") % (at | {"name": name})
    if row.get("truth", "memory") not in TRUTHS:
        yield _("Item %(n)d (%(key)s): `truth` is one of %(known)s.") % (
            at | {"known": ", ".join(TRUTHS)}
        )
    if row.get("truth", "memory") != "memory" and not row.get("source"):
        yield _("Item %(n)d (%(key)s): what is not from memory needs a `source`.") % at


def _item(row: Mapping[str, Any], said: Mapping[str, Any]) -> Item:
    return Item(
        key=row["key"],
        zh=row["zh"].strip(),
        en=str(row.get("en", "")).strip()[:200],
        group=str(row.get("group", "")),
        group_en=said.get("groups", {}).get(row.get("group", ""), "").strip(),
        weight=row.get("weight", 1),
        red_line=row.get("red_line", False),
        photo=row.get("photo", False),
        hint=str(row.get("hint", "")),
        hint_en=str(row.get("hint_en", "")),
        source=str(row.get("source", said.get("source", ""))),
        truth=str(row.get("truth", said.get("truth", "memory"))),
    )
