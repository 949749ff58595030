"""What each place and time is to the person: origin, destination, care; onset, visit, arrival.

Read from the words around it, then from the journey as a whole: the first place left is the
origin, the last one reached the destination, all between is transit.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from tongchou.epi.trace.itinerary import words
from tongchou.epi.trace.itinerary.facts import Moment, Place
from tongchou.epi.trace.itinerary.lexer import Token

_CARE = {"hospital"}
_INSTITUTIONS = {"clinic", "agency", "quarantine"}
_HISTORY = words.listed("history")
_DENIED = frozenset(["无", "未", "否认", "没有", "非"])
_RELATIVES = frozenset(words.listed("relatives"))
_WORKED = frozenset(words.listed("worked"))
_BACK = ("返回", "返", "回", "回到", "返回到", "返抵", "回至", "返至")
_TOURED = re.compile(r"(?:游玩|旅游|出差|购物|聚餐|游览|参观|玩|办事|开会|散步|就餐|吃饭)")
_REACHED = ("返回", "回", "返", "抵", "来", "到", "至")
_WENT_ONLY = ("前往", "去", "赴", "经", "途")


#: Words behind a place that are looked at, at most; a text without full stops has no end.
_CLAUSE = 24
#: After so many commas a word no longer tells what happened at a time.
_REACH = {"visit": 2, "arrived": 2, "transferred": 2, "onset": 2}


@dataclass(slots=True)
class _View:
    """A text as tokens, with quick look-up by position."""

    plain: str
    tokens: list[Token]
    starts: list[int]

    @classmethod
    def of(cls, plain: str, tokens: list[Token]) -> "_View":
        return cls(plain, tokens, [t.start for t in tokens])

    def index(self, position: int) -> int:
        return bisect_left(self.starts, position)

    def word(self, token: Token) -> str:
        return self.plain[token.start : token.end]

    def before(self, position: int) -> Token | None:
        i = self.index(position) - 1
        return self.tokens[i] if i >= 0 else None

    def because(self, i: int) -> bool:
        """Whether a token stands as a reason: 因发热, 以"发热3天"."""
        for token in reversed(self.tokens[max(0, i - 5) : i]):
            if token.token == words.PUNCTUATION and self.word(token) in ",。;\n":
                return False
            if self.word(token) in ("因", "由于", "以", "因为"):
                return True
        return False

    def of_a_relative(self, i: int) -> bool:
        """Whether what a token says happened to somebody else: 其母亲确诊."""
        for token in reversed(self.tokens[max(0, i - 4) : i]):
            if token.token == words.PUNCTUATION:
                return False
            if self.word(token) in _RELATIVES:
                return True
        return False

    def clause_after(self, position: int, stop: str = ",。;、\n") -> list[Token]:
        found: list[Token] = []
        i = self.index(position)
        while i < len(self.tokens) and len(found) < _CLAUSE:
            token = self.tokens[i]
            if token.token == words.PUNCTUATION and self.word(token) in stop:
                break
            found.append(token)
            i += 1
        return found


def of_places(plain: str, tokens: list[Token], places: list[Place]) -> list[Place]:
    """The places with the role that the words around each one give it."""
    view = _View.of(plain, tokens)
    roles: list[str] = []
    for place in places:
        role = _role(view, place)
        if role == "other" and roles:  # 、 goes on with what was begun: 武汉、孝感
            last = places[len(roles) - 1]
            if plain[last.end : place.start] in ("、", "和", "及"):
                role = roles[-1]
        roles.append(role)
    return [replace(p, role=r) for p, r in zip(places, roles, strict=True)]


def _role(view: _View, place: Place) -> str:
    before = view.before(place.start)
    after = view.clause_after(place.ward.end if place.ward else place.end)
    follows = "".join(view.word(t) for t in after)
    denied = any(
        view.word(t) in _DENIED
        for t in view.tokens[max(0, view.index(place.start) - 3) : view.index(place.start)]
    )
    verb = view.word(before) if before else ""
    token = before.token if before else ""
    if denied and token != words.LIVES:
        return "history"
    if place.kind in _CARE:
        return "care"
    if place.kind in _INSTITUTIONS:
        return "institution"
    if follows.startswith(("人员", "返", "归", "来", "回")) and "人员" in follows[:12]:
        return "history"
    if verb in ("老家", "住处", "住所", "暂住地", "居住地"):
        gone = view.before(before.start) if before else None
        if gone is not None and gone.token == words.TO:
            return "destination"
    if token == words.LIVES or (after and after[0].token == words.WHO):
        return "residence"
    if follows.startswith("患者") and len(after) > 1 and after[1].token == words.WHO:
        return "residence"
    if follows[:1] in ("人", "籍") and not follows.startswith("人员"):
        return "residence"
    if token in (words.AT, words.STOP, words.FROM) or verb in ("在", "于"):
        doing = [view.word(t) for t in after[:5]]
        if verb not in words_from() and any(w in _WORKED for w in doing):
            return "worked"
    if token == words.FROM:
        return "origin"
    if token == words.TO:
        back = view.plain[max(0, place.start - 14) : place.start]
        if any(h in follows[:10] for h in ("人员", "归来")) and "与" in back + follows:
            return "history"
        return "via" if verb.startswith(("经", "途", "路过")) else "destination"
    if any(follows.startswith(h) or follows[:8].endswith(h) for h in _HISTORY if h != "籍"):
        return "history"
    if after and after[0].token == words.TO and place.kind in ("division", "area", "station"):
        moved = view.word(after[0])
        if moved.startswith(_REACHED) or moved.startswith(_WENT_ONLY):
            return "origin"
    if follows.startswith(("医疗机构报告", "报告")):
        return "reporting"
    return "other"


@cache
def words_from() -> frozenset[str]:
    """The words after which somebody came from somewhere."""
    return frozenset(w for w, (token, _) in words.table().items() if token == words.FROM)


def journey(plain: str, places: list[Place], starts: list[int]) -> list[Place]:
    """Origins and destinations of each person's journey: first, last, and what lies between.

    Who lives where the journey began has arrived at its first stop and then toured; anybody else
    has arrived where they last returned to. `starts`: where each person's text begins, in order.
    """
    made = list(places)
    bounds = [0, *[s for s in starts if s > 0], len(plain) + 1]
    for a, b in pairwise(bounds):
        own = [i for i, p in enumerate(made) if a <= p.start < b]
        legs = []
        for i in own:
            if made[i].role not in ("origin", "destination", "via") or _aside(plain, made[i].start):
                continue
            if _is_leg(plain, made[i]):
                legs.append(i)
            else:
                made[i] = replace(made[i], role="visited")
        if not legs:
            continue
        homes = {n for i in own if made[i].role == "residence" for n in _names(made[i])}
        final = _final(plain, made, legs, homes)
        first = next((i for i in legs if made[i].role == "origin"), None)
        for i in legs:
            if i != final and not (i == first and (final is None or i < final)):
                made[i] = replace(made[i], role="transit")
    return made


def _is_leg(plain: str, place: Place) -> bool:
    """Whether a place is a stage of a journey, rather than a shop that was dropped in on."""
    if place.kind in ("division", "station"):
        return True
    back = plain[max(0, place.start - 2) : place.start]
    return place.kind in ("area", "home") and back.endswith(("返回", "回", "回到", "返", "抵达"))


def _names(place: Place) -> set[str]:
    return {*place.parts, place.text}


def _final(plain: str, made: list[Place], legs: list[int], homes: set[str]) -> int | None:
    """The stage at which the journey ends."""
    targets = [i for i in legs if made[i].role == "destination" and made[i].kind != "home"]
    if not targets:
        return None
    origin = next((i for i in legs if made[i].role == "origin"), None)
    returned = [
        i for i in targets if plain[max(0, made[i].start - 4) : made[i].start].endswith(_BACK)
    ]
    if origin is not None and _names(made[origin]) & homes and not returned:
        after = [i for i in targets if i > origin]
        return after[0] if after else targets[-1]
    if returned:
        return returned[-1]
    stayed = [i for i in targets if not _TOURED.match(plain, made[i].end)]
    return (stayed or targets)[-1]


def _aside(plain: str, position: int) -> bool:
    """Whether a position stands in brackets."""
    start = max(plain.rfind("(", 0, position), 0)
    return plain[start] == "(" and plain.find(")", start, position) < 0


def of_moments(
    plain: str, tokens: list[Token], moments: list[Moment], places: list[Place]
) -> list[Moment]:
    """The times with what happened then, by the first word that tells."""
    view = _View.of(plain, tokens)
    by_start = {p.start: p for p in places}
    roles: list[str] = []
    for k, moment in enumerate(moments):
        if moment.role == "now":
            roles.append("now")
            continue
        limit = moments[k + 1].start if k + 1 < len(moments) else len(plain)
        roles.append(_moment_role(view, moment, limit, by_start))
    for k in range(len(moments) - 2, -1, -1):  # 20日、21日出现: all of them
        between = plain[moments[k].end : moments[k + 1].start].strip(" 、,和及与")
        if not between and roles[k + 1] != "other" and roles[k] == "other":
            roles[k] = roles[k + 1]
    return [replace(m, role=r) for m, r in zip(moments, roles, strict=True)]


def _moment_role(view: _View, moment: Moment, limit: int, places: dict[int, Place]) -> str:
    if (
        view.plain[max(0, moment.start - 3) : moment.start]
        .rstrip(":")
        .endswith(("截至", "截止", "截止到"))
    ):
        return "other"
    cue, clauses = "", 0
    for i in range(view.index(moment.end), len(view.tokens)):
        token = view.tokens[i]
        word = view.word(token)
        if token.start >= limit or (token.token == words.PUNCTUATION and word in "。;\n"):
            break
        clauses += token.token == words.PUNCTUATION and word == ","
        here = _cue(view, i, places)
        if here == "onset" and view.because(i):
            continue  # 因发热到医院就诊 tells of the visit
        if here in ("confirmed", "onset") and view.of_a_relative(i):
            continue
        if not here or here == "tested" or clauses > _REACH.get(here, 9):
            continue
        if not cue:
            cue = here
            if cue not in ("arrived", "visit"):
                break
        elif cue == "visit" and here == "isolated" and clauses < 2:
            return here if "就诊" not in view.plain[moment.end : token.start] else cue
        elif here in ("visit", "confirmed"):
            break
    if cue:
        return cue
    back = view.plain[max(0, moment.start - 6) : moment.start].rstrip(":为于")
    if back.endswith(("发病时间", "发病日期", "发病")):
        return "onset"
    if back.endswith(("确诊时间", "确诊日期", "确诊")):
        return "confirmed"
    return "other"


def _cue(view: _View, i: int, places: dict[int, Place]) -> str:
    """What a token says happened, if anything."""
    token = view.tokens[i]
    if token.token == words.EVENT:
        return token.kind
    if view.word(token) in ("返乡", "回乡"):
        return "arrived"
    if token.token not in (words.TO, words.AT) or i + 1 == len(view.tokens):
        return ""
    place = places.get(view.tokens[i + 1].start)
    if place is None:
        return ""
    if place.kind in ("hospital", "clinic") and token.token == words.TO:
        return "transferred" if view.word(token).startswith("转") else "visit"
    return "arrived" if place.role == "destination" else ""
