"""A text cut into words of known classes; what no list knows stays as single characters.

Times, vehicles and marks of people are found before, by their patterns, and are handed in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tongchou.epi.trace.itinerary import divisions, words

_PUNCTUATION = frozenset(",。;、:!?\"'“”‘’()[]【】<>《》|/\\ \n→.…+=*#-")
#: Numbers of an address: 3号楼, 2单元, 36号院, 1-2-302; bare numbers belong to what follows.
_NUMBER = re.compile(
    r"[A-Za-z]?\d+(?:-\d+)*[A-Za-z]?(?:号楼|号院|号线|号店|号门|号铺|号地块?|号馆|号摊|号|栋|幢|单元|组|社|队|室|楼|层|期|弄|巷|座|区|厅|排|村|院|中|路|街)?"
    r"(?:[东西南北]?[内外]?)?|[A-Za-z]+(?:\d+)?(?:座|区|栋|幢|馆|口)?"
)
_ORDINAL = re.compile(
    r"第[一二三四五六七八九十]{1,3}(?![例名位次个代批号日天时者]|人(?!民)|确诊)|第\d{1,2}(?=[中小]学|医院|人民)"
)
#: One character for a city, where only that can be meant: 返温, 来深人员.
BRIEF = re.compile(
    r"(?:(?<=[返抵赴])|(?<=[^往返]回)|(?<=[^往前回起本年]来))[\u4e00-\u9fff](?=人员|[,。;]|后|探亲|旅游|过年|过春节|途中|务工|时)"
)
_NUMBERED = re.compile(r"[一二三四五六七八九十]+(?:号楼|号院|单元|组|社|队|期|楼|栋|幢)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: [start, end), its class (see `words`) and its kind within the class."""

    start: int
    end: int
    token: str
    kind: str = ""


@cache
def _lexicon() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[int, ...]]]:
    """Every word, and the lengths of the words that begin with a character, long ones first."""
    table = dict(words.table())
    for name, meant in divisions.known().items():
        if table.get(name, ("", ""))[0] not in (words.TO, words.FROM, words.AT, words.EVENT):
            table[name] = (words.DIVISION, meant[0].level)
    lengths: dict[str, set[int]] = {}
    for word in table:
        lengths.setdefault(word[0], set()).add(len(word))
    return table, {c: tuple(sorted(n, reverse=True)) for c, n in lengths.items()}


#: Little words that short names begin with as well (来安, 从江, 和平).
_LITTLE = frozenset("从于来到至回返经在由自去往赴和与")


def _division_at(
    plain: str,
    place: int,
    table: dict[str, tuple[str, str]],
    lengths: dict[str, tuple[int, ...]],
) -> bool:
    """Whether a division of two characters or more begins here."""
    return any(
        length > 1 and table.get(plain[place : place + length], ("",))[0] == words.DIVISION
        for length in lengths.get(plain[place : place + 1], ())
    )


def cut(plain: str, taken: Iterable[tuple[int, int, str, str]]) -> list[Token]:
    """The tokens of a text, in order and without gaps.

    Parameters
    ----------
    plain
        The text as `writing.plain` writes it.
    taken
        (start, end, class, kind) of what is known already; where two overlap the first wins.
    """
    table, lengths = _lexicon()
    fixed: dict[int, Token] = {}
    upto = 0
    for start, end, label, kind in sorted(taken, key=lambda t: (t[0], -t[1])):
        if start >= upto:
            fixed[start] = Token(start, end, label, kind)
            upto = end
    stops = sorted(fixed)
    tokens: list[Token] = []
    place, next_stop, n = 0, 0, len(plain)
    while place < n:
        while next_stop < len(stops) and stops[next_stop] < place:
            next_stop += 1
        limit = stops[next_stop] if next_stop < len(stops) else n
        if limit == place:
            tokens.append(fixed[place])
            place = fixed[place].end
            continue
        c = plain[place]
        if c in _PUNCTUATION:
            tokens.append(Token(place, place + 1, words.PUNCTUATION, c))
            place += 1
            continue
        token: Token | None = None
        if c == "第" and (ordinal := _ORDINAL.match(plain, place, limit)):
            tokens.append(Token(place, ordinal.end(), words.NAME))
            place = ordinal.end()
            continue
        for length in lengths.get(c, ()):
            if place + length <= limit and (found := table.get(plain[place : place + length])):
                if length == 2 and c in _LITTLE and _division_at(plain, place + 1, table, lengths):
                    continue  # 来安庆 is 来 + 安庆, not 来安 + 庆
                token = Token(place, place + length, *found)
                break
        if token is None:
            number = _NUMBER.match(plain, place, limit) or _NUMBERED.match(plain, place, limit)
            if number and number.end() > place:
                token = Token(place, number.end(), words.NUMBER)
        elif token.end - token.start < 3 and (number := _NUMBERED.match(plain, place, limit)):
            token = Token(place, number.end(), words.NUMBER)
        token = token or Token(place, place + 1, words.OTHER)
        tokens.append(token)
        place = token.end
    return _softened(plain, tokens)


#: Little words that names have inside as often as sentences do.
_SOFT = frozenset(
    "都上下中里内外前后地得过给名位个多余约期时即均才将所比打洗吃喝玩看拿取交付寄签办参加作做走处只用金要的人也又再先同正无和"
)


_BEFORE_SOFT = frozenset(
    {words.OTHER, words.NAME, words.NUMBER, words.TO, words.AT, words.AREA, words.DIVISION}
)


def _amid(tokens: list[Token], i: int) -> bool:
    """Whether a token stands between two characters that no list knows."""
    return (
        i + 1 < len(tokens)
        and tokens[i - 1].token == words.OTHER
        and tokens[i + 1].token == words.OTHER
    )


_TOWNS = frozenset(["镇", "乡", "村", "街道"])
_VILLAGES = frozenset(["村", "镇", "乡", "庄", "街", "路", "社区", "小区", "街道", "新村", "大街"])


def _softened(plain: str, tokens: list[Token]) -> list[Token]:
    """Little words become characters of a name where the ending of one follows close by."""
    inside = (words.OTHER, words.NAME, words.NUMBER)
    for i, token in enumerate(tokens):
        if token.end - token.start > 1 or token.token not in (words.STOP, words.TO) or not i:
            continue
        if token.token == words.TO:
            if plain[token.start] in "回来经" and tokens[i - 1].token == words.OTHER:
                after = tokens[i + 1] if i + 1 < len(tokens) else token
                shop = after.token == words.VENUE and after.kind not in ("hospital", "clinic")
                if plain[after.start : after.end] in _TOWNS or (
                    shop and plain[token.start] == "来"  # 好客来旅馆
                ):
                    tokens[i] = Token(token.start, token.end, words.OTHER)
            continue
        if plain[token.start] not in _SOFT:
            continue
        if tokens[i - 1].token not in _BEFORE_SOFT:
            continue
        if plain[token.start] == "和" and not _amid(tokens, i):
            continue  # 风和日丽小区, but not 甲小区和乙小区
        for k in range(i + 1, min(i + 4, len(tokens))):
            other = tokens[k]
            long = other.end - other.start > 1
            near = plain[other.start : other.end] in _VILLAGES
            near = near and (tokens[i - 1].token != words.TO or plain[token.start] in "上下中")
            if (other.token == words.VENUE and long) or (other.token == words.AREA and near):
                tokens[i] = Token(token.start, token.end, words.OTHER)
                break
            soft = other.token == words.STOP and plain[other.start : other.end] in _SOFT
            short_area = other.token == words.AREA and not long
            county = other.token == words.DIVISION and other.kind == "county"
            if other.token not in inside and not soft and not short_area and not county:
                break
    return tokens
