"""Names of places: what stands between the words that end a name, if its shape or its spot
says that it is one.

No list of towns or shops is needed for that, but the divisions of the country help.
"""

import re
from dataclasses import replace

from tongchou.epi.trace.itinerary import divisions, words
from tongchou.epi.trace.itinerary.facts import Place, Span
from tongchou.epi.trace.itinerary.lexer import Token

_INSIDE = frozenset(
    {words.NAME, words.AREA, words.VENUE, words.DIVISION, words.NUMBER, words.OTHER}
)
#: Venues that need no name of their own.
_ALONE = frozenset(words.listed("alone"))
_WARDS = frozenset(words.listed("wards"))
_AMOUNT = re.compile(r"[一二三四五六七八九十两几半\d]+(?:多|余)?(?:年|天|个|次|名|周|月|家|例)")
_HOMES = frozenset(["家", "家中", "家里", "老家", "娘家", "住处", "住所", "家中住处"])
_NO_PLACE = frozenset(words.listed("no_place"))
_KINDS_OF_AREA = {"镇": "division", "乡": "division", "街道": "division"}


def find(text: str, plain: str, tokens: list[Token]) -> list[Place]:
    """Every place named, in order; roles are not yet known.

    Parameters
    ----------
    text, plain
        The text, and the same as `writing.plain` writes it.
    tokens
        What `lexer.cut` makes of it.
    """
    found: list[Place] = []
    i = 0
    while i < len(tokens):
        if tokens[i].token not in _INSIDE:
            i += 1
            continue
        j = i
        while j < len(tokens) and tokens[j].token in _INSIDE:
            j += 1
        before = tokens[i - 1] if i else None
        after = tokens[j] if j < len(tokens) else None
        place = _name(text, plain, tokens[i:j], before, after)
        if place:
            found.append(place)
        i = j
    return _with_brackets(text, plain, found)


def _name(
    text: str, plain: str, run: list[Token], before: Token | None, after: Token | None
) -> Place | None:
    awaited = before is not None and before.token in (words.TO, words.FROM, words.AT, words.LIVES)
    last, kind = _last(plain, run, awaited)
    if last is None:
        return _bare(text, plain, run, before, after)
    first = _first(run, last, awaited, plain)
    if awaited or run[last].token in (words.DIVISION, words.AREA):
        last = _beyond(plain, run, last, before, after)
    word = plain[run[last].start : run[last].end]
    if word in ("家中", "家里", "家") and last > first and _named(run[:last], plain):
        last, kind = _last(plain, run[:last], awaited)[0] or last - 1, "area"
        kind = _last(plain, run[: last + 1], awaited)[1] or kind
    ward = None
    if (
        kind == "hospital"
        and last > first
        and word in _WARDS
        and run[last - 1].token == words.VENUE
    ):
        ward = Span(run[last].start, run[last].end, text[run[last].start : run[last].end])
        last -= 1
    start, end = run[first].start, run[last].end
    if (
        (run[first].kind != "brief" and end - start < 2)
        or plain[start:end] in _NO_PLACE
        or (run[first].token != words.DIVISION and plain[start] in "全各本该两此原每")
    ):
        return None
    whole = run[first : last + 1]
    nameless = len(whole) > 1 and all(t.token == words.AREA for t in whole)
    if _is_number(whole) or (nameless and (not awaited or end - start < 4)):
        return None
    sure = 0.9 if awaited else 0.8
    place = _place(text, plain, start, end, kind, run[first : last + 1], sure)
    return replace(place, ward=ward) if ward else place


def _beyond(
    plain: str, run: list[Token], last: int, before: Token | None, after: Token | None
) -> int:
    """A name may go on behind its division or street: 中山坦洲, 渝中区解放碑."""
    rest = run[last + 1 :]
    if not rest or run[last].token == words.VENUE:
        return last
    word = plain[rest[0].start : rest[-1].end]
    if any(word.startswith(w) for w in ("人", "籍", "户籍", "务", "某")) or len(word) > 8:
        return last
    lives = before is not None and before.token == words.LIVES
    if word.isdigit() and run[last].token != words.AREA:
        return last
    if len(word) < 2 and not word.isdigit() and word not in "东西南北" and not lives:
        return last
    if word.endswith(("人", "籍", "者")) or _AMOUNT.match(word):
        return last
    going = before is not None and before.token in (words.TO, words.FROM, words.LIVES, words.AT)
    if not going or not _ends(after):
        return last
    return len(run) - 1


def _ends(after: Token | None) -> bool:
    return after is None or after.token in (
        words.PUNCTUATION, words.TO, words.EVENT, words.STOP, words.VEHICLE, words.MOMENT,
        words.FROM, words.WHO,
    )  # fmt: skip


def _is_number(run: list[Token]) -> bool:
    return all(t.token == words.NUMBER for t in run)


def _last(plain: str, run: list[Token], awaited: bool) -> tuple[int | None, str]:
    """Where the name ends, and the kind of what it ends in."""
    weak = words.weak()
    for k in range(len(run) - 1, -1, -1):
        token = run[k]
        word = plain[token.start : token.end]
        length = token.start - run[0].start
        if token.token == words.DIVISION:
            return k, "division"
        if token.token == words.NUMBER:
            if k and not word.isdigit() and not word.isascii() and _named(run[:k], plain):
                return k, "area"
            continue
        if token.token == words.VENUE:
            if length == 0:
                if (word in _ALONE and (awaited or word != "医院")) or word in words.brands():
                    return k, token.kind
                continue
            if word in weak and not awaited and length < 2:
                continue
            return k, token.kind
        if token.token == words.AREA:
            if length == 0:
                if awaited and word in _HOMES:
                    return k, "home"
                continue
            if word in weak and not awaited and length < 2:
                continue
            if len(word) == 1 and length < 1:
                continue
            return k, "home" if word in _HOMES else _KINDS_OF_AREA.get(word, "area")
    return None, ""


def _named(run: list[Token], plain: str) -> bool:
    return any(t.token in (words.AREA, words.VENUE, words.DIVISION) for t in run)


def _first(run: list[Token], last: int, awaited: bool, plain: str) -> int:
    """Where the name begins: at its division, unless a verb awaits the whole of it."""
    if awaited:
        return 0
    for k in range(last + 1):
        if run[k].token == words.DIVISION and run[k].kind in ("province", "prefecture"):
            return k
        if run[k].token in (words.AREA, words.VENUE, words.DIVISION):
            return 0
    return 0


def _bare(
    text: str, plain: str, run: list[Token], before: Token | None, after: Token | None
) -> Place | None:
    """A name without an ending, where only a place can stand: 从X到Y."""
    if before is None or before.token not in (words.TO, words.FROM, words.LIVES):
        return None
    if any(t.token == words.NUMBER for t in run):
        return None
    start, end = run[0].start, run[-1].end
    word = plain[start:end]
    ends = _ends(after)
    if len(word) == 1:
        verb = plain[before.start : before.end]
        if word in divisions.SHORT and ends and verb[-1] in "返回来抵至到赴离由从自":
            return _place(text, plain, start, end, "division", run, 0.7)
        return None
    if len(word) > 5 or not ends:
        return None
    if word.endswith(("人", "者", "时", "后", "员", "车")):
        word = word[:-1]
        end -= 1
        if len(word) < 2:
            return None
    return _place(text, plain, start, end, "area", run, 0.5)


def _place(
    text: str, plain: str, start: int, end: int, kind: str, run: list[Token], sure: float
) -> Place:
    parts: list[str] = []
    rest = said_from = start  # where the name of the last division ends, and begins
    for k, token in enumerate(run):
        if token.token != words.DIVISION:
            continue
        meant, after = _meant(plain, token, run[k + 1] if k + 1 < len(run) else None)
        if not meant:
            continue
        fitting = [d for d in meant if not parts or parts[-1] in d.above or not d.above]
        pick = fitting[0] if fitting else meant[0]
        alone = sum(d.level == meant[0].level for d in meant) == 1
        if (not parts and alone) or (parts and parts[-1] in pick.above):
            parts.extend(a for a in pick.above if a not in parts)
        if pick.name not in parts:
            parts.append(pick.name)
        rest, said_from = min(after, end), token.start
    tail = plain[rest:end]
    if parts and tail and run[-1].token == words.VENUE and plain[said_from:rest] != parts[-1]:
        tail = plain[said_from:end]  # 安阳东站 is no 安阳市东站
        name = "".join(parts[:-1]) + tail
    else:
        name = "".join(parts) + tail
    return Place(start, end, text[start:end], sure, kind, name, tuple(parts))


def _meant(
    plain: str, token: Token, after: Token | None
) -> tuple[tuple[divisions.Division, ...], int]:
    """The divisions that a word may mean with the ending behind it, and where that ends.

    青龙县 is 青龙满族自治县; 永宁镇 is no 永宁县.
    """
    word = plain[token.start : token.end]
    meant = divisions.known().get(word, ())
    if after is None or after.token != words.AREA or any(d.name == word for d in meant):
        return meant, token.end
    ending = plain[after.start : after.end]
    if ending not in ("省", "市", "县", "区", "州", "旗"):
        return (() if len(ending) < 3 else meant), token.end
    return tuple(d for d in meant if d.name.endswith(ending)), after.end


def _with_brackets(text: str, plain: str, places: list[Place]) -> list[Place]:
    """A branch in brackets belongs to the name; another hospital in brackets is an alias."""
    joined: list[Place] = []
    for place in places:
        last = joined[-1] if joined else None
        if (
            last is not None
            and place.start == last.end + 1
            and plain[last.end] == "("
            and plain[place.end : place.end + 1] == ")"
        ):
            inner = place.text
            if inner.endswith(("院区", "店", "校区", "分院", "院")) and not inner.endswith("医院"):
                end = place.end + 1
                joined[-1] = replace(
                    last, end=end, text=text[last.start : end], name=f"{last.name}({inner})"
                )
                continue
            if last.kind == "hospital" and place.kind == "hospital":
                alias = Span(place.start, place.end, place.text)
                end = place.end + 1
                joined[-1] = replace(last, end=end, text=text[last.start : end], alias=alias)
                continue
        joined.append(place)
    return joined
