"""What each place and time is to the person: origin, destination, care; onset, visit, arrival.

Read from the words around it, then from the journey as a whole: the first place left is the
origin, the last one reached the destination, all between is transit.
"""

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
_WORKED = frozenset(words.listed("worked"))
_REACHED = ("返回", "回", "返", "抵", "来", "到", "至")
_WENT_ONLY = ("前往", "去", "赴", "经", "途")


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

    def clause_after(self, position: int, stop: str = ",。;、\n") -> list[Token]:
        i, found = self.index(position), []
        while i < len(self.tokens):
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
    if token == words.LIVES:
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

    `starts`: where what is said of each person begins, in order.
    """
    made = list(places)
    bounds = [0, *[s for s in starts if s > 0], len(plain) + 1]
    for a, b in pairwise(bounds):
        legs = [
            i
            for i, p in enumerate(made)
            if a <= p.start < b
            and p.role in ("origin", "destination", "via")
            and p.kind in ("division", "area", "station", "home", "lodging")
            and not _aside(plain, p.start)
        ]
        targets = [i for i in legs if made[i].role == "destination" and made[i].kind != "lodging"]
        # what is reached by 去 or 前往 is a place visited, if the person came back later
        final = next((i for i in reversed(targets) if _came(plain, made[i])), None)
        if final is None and targets:
            final = targets[-1]
        origins = [i for i in legs if made[i].role == "origin"]
        first = origins[0] if origins else None
        for i in legs:
            if i == final:
                continue
            if i == first and (final is None or i < final):
                continue
            made[i] = replace(made[i], role="transit")
    return made


def _came(plain: str, place: Place) -> bool:
    back = plain[max(0, place.start - 3) : place.start]
    return back.endswith(
        ("返回", "返", "回", "回到", "来", "抵", "抵达", "到达", "来到", "到", "至", "返乡")
    )


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
    i = view.index(moment.end)
    cue = ""
    clauses = 0
    arrived = False
    while i < len(view.tokens) and view.tokens[i].start < limit:
        token = view.tokens[i]
        word = view.word(token)
        if token.token == words.PUNCTUATION and word in "。;\n":
            break
        if token.token == words.PUNCTUATION and word == ",":
            clauses += 1
        here = ""
        if token.token == words.EVENT:
            here = token.kind
        elif token.token in (words.TO, words.AT) and i + 1 < len(view.tokens):
            place = places.get(view.tokens[i + 1].start)
            if place and place.kind in ("hospital", "clinic") and token.token == words.TO:
                here = "visit"
            elif place and place.role == "destination" and not arrived:
                here = "arrived"
        if here == "tested":
            here = ""
        if here:
            if not cue:
                cue = here
                if cue not in ("arrived", "visit"):
                    if cue == "onset" and clauses > 2:
                        cue = ""
                    break
            elif cue == "arrived" and clauses < 2 and here == "visit":
                break
            elif cue == "visit" and here == "isolated" and clauses < 2:
                cue = "isolated" if "就诊" not in view.plain[moment.end : token.start] else "visit"
                break
            elif cue == "visit" and here == "confirmed":
                break
        i += 1
    if cue:
        return cue
    back = view.plain[max(0, moment.start - 5) : moment.start]
    if back.endswith(("发病时间", "发病日期", "发病时间:", "发病日期:", "发病于")):
        return "onset"
    if back.endswith(("确诊时间", "确诊日期", "确诊时间:", "确诊日期:", "确诊于")):
        return "confirmed"
    return "other"
