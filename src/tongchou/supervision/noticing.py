"""The text of a notice: sentences with places for numbers, which nobody can type.

A place reads `{found}` and is filled from the facts, with a link to the rows behind it; a list of
units reads `{units:overdue}`. What a person writes around them is theirs; a number they want to
change they change in the records. Drafted in Chinese, because that is what the offices send.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongchou.supervision.errors import BadNotice

_PLACE = re.compile(r"\{(units:)?([a-z_]+)\}")
_BRACES = re.compile(r"[{}]")

_COUNTED = "(?:[个次家处名例件份户场宗%％]|项(?!目)|人(?!以上|以下|以内)|天(?!内|以内|之内))"
_NUMERAL = "〇零一二三四五六七八九十百千两"
# Not after 第 (an ordinal), and not the minutes of a time. Of single Chinese numerals only what
# plainly counts: 两次 may be a demand, and 三个不放过 a saying.
_TYPED = re.compile(
    rf"""(?<!第)(?<!第\s)(?<!\d[:：])(?<!\d[.,])(?<!\d)
        \d+(?:[.,]\d+)*\s*(?:[余多几十百千万亿来]+\s*)?{_COUNTED}
    | (?<![\d第:：.,/\-])\d+\s*起
    | [零〇]\s*(?:{_COUNTED}|起)
    | (?<![第{_NUMERAL}])[{_NUMERAL}]{{2,}}\s*(?:{_COUNTED}|起)
    | (?<![第{_NUMERAL}])[二三四五六七八九十百两]\s*[个家处项起]
        (?=问题|单位|隐患|红线|[，。；、,;.)）\s]|$)""",
    re.VERBOSE,
)
#: What a filled place would run together with; and what is not seen, but would part them.
_TOUCHING = re.compile("\\d\0|\0[.,]?\\d")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
#: Words before a number, and the place that is meant by them; the nearest word counts.
_MEANT = {
    "督查": "inspected", "检查": "inspected", "自查": "self_checks", "发现": "found",
    "问题": "found", "红线问题": "urgent", "红线": "urgent",
    "自查发现": "self_found", "重复": "repeated", "按期": "in_time",
    "逾期完成": "mended_late", "逾期": "overdue", "逾期未": "overdue", "正在": "under_way",
    "单位": "units",
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A run of text, or a filled place: then `key` names the rows behind it."""

    text: str
    key: str = ""


def draft(facts: Mapping[str, Any], *, tone: str) -> str:
    """The first text: a sentence only where there is something to say."""
    said = {key: fact["value"] for key, fact in facts["numbers"].items()}
    units = facts["units"]
    lines = [
        "本期共开展督查检查 {inspected} 次，其中单位自查 {self_checks} 次，涉及单位 {units_n} 家。"
        if said["inspected"]
        else "本期没有完成的督查检查。"
    ]
    if said["found"]:
        lines.append(
            "共发现问题 {found} 个，其中红线问题 {urgent} 个，单位自查发现 {self_found} 个，"
            "重复出现 {repeated} 个。"
        )
        lines.append(
            "按期整改 {in_time} 个，逾期完成整改 {mended_late} 个，逾期未整改 {overdue} 个，"
            "正在整改 {under_way} 个。"
        )
    elif said["inspected"]:
        lines.append("没有发现问题。")
    if tone != "criticism":
        if units["good"]:
            lines.append("{units:good}落实到位，予以表扬。")
        if units["self_found"]:
            lines.append("{units:self_found}主动自查、自报问题，予以肯定。")
    if tone != "praise":
        if units["overdue"]:
            lines.append("{units:overdue}整改逾期，请立即整改并书面说明原因。")
        if units["left"]:
            lines.append("{units:left}此前查出的问题逾期至今未整改，请限期办结。")
        if units["repeated"]:
            lines.append("{units:repeated}同类问题重复出现，请举一反三，从制度上解决。")
    return "\n\n".join(lines).replace("{units_n}", "{units}")


def faults(text: str, facts: Mapping[str, Any]) -> list[str]:
    """What is wrong with an edited text: places that have nothing to fill them, stray braces."""
    wrong = [
        _("“%(place)s” is no number of this notice. Known: %(known)s.")
        % {"place": match[0], "known": ", ".join(known(facts))}
        for match in _PLACE.finditer(text)
        if not _holds(facts, match)
    ]
    wrong += typed(text, facts)
    if _BRACES.search(_PLACE.sub("", text)):
        wrong.append(_("A brace stands alone: a number is written {found}, units {units:overdue}."))
    if not text.strip():
        wrong.append(_("The text is empty."))
    return wrong


def typed(text: str, facts: Mapping[str, Any]) -> list[str]:
    """Numbers that somebody has typed where the records count. Dates and ordinals are none."""
    bare = _PLACE.sub("\0", _UNSEEN.sub("", text))
    wrong = [
        _("“%(typed)s” is typed, but numbers come from the records: write %(place)s.")
        % {"typed": match[0], "place": _meant(bare[: match.start()], match[0], facts)}
        for match in _TYPED.finditer(bare)
    ]
    if _TOUCHING.search(bare):
        wrong.append(_("A digit touches a place for a number, and would read as one with it."))
    return wrong


def _meant(before: str, number: str, facts: Mapping[str, Any]) -> str:
    """The place to use; all of them where the words do not tell."""
    near = before[-12:]
    ends = [(near.rfind(word) + len(word), len(word), key)
            for word, key in _MEANT.items() if word in near]  # fmt: skip
    key = "units" if number.endswith("家") else max(ends, default=(0, 0, ""))[2]
    if key in facts["numbers"]:
        return f"{{{key}}}"
    return ", ".join(f"{{{key}}}" for key in facts["numbers"])


def known(facts: Mapping[str, Any]) -> list[str]:
    numbers = [f"{{{key}}}" for key in facts["numbers"]]
    return [*numbers, *(f"{{units:{key}}}" for key in facts["units"])]


def _holds(facts: Mapping[str, Any], match: re.Match[str]) -> bool:
    return match[2] in facts["units" if match[1] else "numbers"]


def paragraphs(text: str, facts: Mapping[str, Any]) -> list[list[Piece]]:
    """The text as it is read: paragraphs of pieces, places filled."""
    return [
        list(_pieces(part.strip(), facts)) for part in re.split(r"\n\s*\n", text) if part.strip()
    ]


def _pieces(text: str, facts: Mapping[str, Any]) -> Iterator[Piece]:
    at = 0
    for match in _PLACE.finditer(text):
        if at < match.start():
            yield Piece(text[at : match.start()])
        at = match.end()
        if not _holds(facts, match):
            yield Piece(match[0])
        elif not match[1]:
            yield Piece(f"{facts['numbers'][match[2]]['value']:g}", match[2])
        else:
            yield from _named(facts["units"][match[2]], match[2])
    if at < len(text):
        yield Piece(text[at:])


def _named(units: list[dict[str, Any]], key: str) -> Iterator[Piece]:
    from tongchou.supervision.queries.notices import MOST_NAMES

    for place, one in enumerate(units[:MOST_NAMES]):
        if place:
            yield Piece("、")
        yield Piece(f"{one['name']}（{one['n']}）", f"{key}-{one['unit']}")
    if len(units) > MOST_NAMES:
        yield Piece(f"等 {len(units)} 家单位")


def plain(text: str, facts: Mapping[str, Any]) -> str:
    """The text with every place filled, as it is signed."""
    return "\n\n".join("".join(piece.text for piece in part) for part in paragraphs(text, facts))


def check(text: str, facts: Mapping[str, Any], *, title: str = "") -> None:
    """Raises BadNotice with every fault of the text; a title has no places, and so no numbers."""
    wrong = faults(text, facts)
    if match := _TYPED.search(_UNSEEN.sub("", title)):
        wrong.append(_("Leave “%(typed)s” out of the title.") % {"typed": match[0]})
    if wrong:
        raise BadNotice(" ".join(wrong))
