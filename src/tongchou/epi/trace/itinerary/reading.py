"""A text read whole: people, times, places, vehicles and the stays they make up."""

from datetime import date

from tongchou.epi.trace.itinerary import (
    dates,
    lexer,
    people,
    places,
    roles,
    stays,
    vehicles,
    words,
)
from tongchou.epi.trace.itinerary.facts import Doubt, Event, Found, Moment, Reading, Vehicle
from tongchou.epi.trace.itinerary.lexer import Token
from tongchou.epi.trace.itinerary.writing import plain as in_one_way

#: Words before a one-character place that make something else of it: 回家, 来院.
_NOT_BRIEF = frozenset("家乡国来京到去程校单原老居院回返至往抵")


def read(text: str, *, on: date) -> Reading:
    """Everything that can be read in a notice or an interview.

    Parameters
    ----------
    text
        Chinese prose, of one person or several.
    on
        The day it was written or told (or published): years that it leaves out follow from
        this, and nothing found lies after it.

    Returns
    -------
    Reading
        Each value with its span in the text, [start, end) in characters, and a confidence.
        What could not be settled stands in `doubts`; nothing is guessed to fill a gap.

    Examples
    --------
    >>> text = "病例1：男，30岁，1月1日12时许到南桥寨村好运来饭店参加婚宴。"
    >>> reading = read(text, on=date(2022, 1, 5))
    >>> [(s.begin.isoformat(), s.place.text) for s in reading.stays]
    [('2022-01-01T12:00:00', '南桥寨村好运来饭店')]
    """
    plain = in_one_way(text)
    moments, doubts = dates.find(text, plain, on)
    rides = vehicles.find(text, plain)
    marks = people.marks(text, plain)
    tokens = lexer.cut(plain, _taken(plain, moments, rides, marks))
    named = roles.of_places(plain, tokens, places.find(text, plain, tokens))
    begins = people.heads(plain, marks)
    named = roles.journey(plain, named, [head.start for head in begins])
    moments = roles.of_moments(plain, tokens, moments, named)
    told = people.find(text, plain, begins, marks, tuple(named), on.year)
    made, unsure = stays.make(text, plain, tokens, told, named, moments, rides)
    doubts.extend(unsure)
    doubts.extend(
        Doubt(p.start, p.end, p.text, p.confidence, "place", "a name without an ending that says "
              "what it is")
        for p in named
        if p.confidence < 0.6
    )  # fmt: skip
    return Reading(
        text=text,
        on=on,
        people=told,
        stays=tuple(made),
        places=tuple(named),
        moments=tuple(moments),
        vehicles=tuple(rides),
        events=_events(text, tokens, moments),
        doubts=tuple(sorted(doubts, key=lambda d: d.start)),
        mentions=marks,
    )


def _taken(
    plain: str, moments: list[Moment], rides: list[Vehicle], marks: tuple[Found, ...]
) -> list[tuple[int, int, str, str]]:
    taken = [(m.start, m.end, words.MOMENT, m.role) for m in moments]
    taken += [(v.start, v.end, words.VEHICLE, v.kind) for v in rides]
    taken += [(m.start, m.end, words.WHO, str(m.value)) for m in marks]
    taken += [
        (m.start(), m.end(), words.DIVISION, "brief")
        for m in lexer.BRIEF.finditer(plain)
        if m[0] not in _NOT_BRIEF
    ]
    return taken


def _events(text: str, tokens: list[Token], moments: list[Moment]) -> tuple[Event, ...]:
    """What happened, each with the time last named before it in the same sentence."""
    events: list[Event] = []
    last: Moment | None = None
    by_start = {m.start: m for m in moments}
    for token in tokens:
        if token.token == words.MOMENT:
            last = by_start.get(token.start, last)
        elif token.token == words.PUNCTUATION and text[token.start] in "。；;\n":
            last = None
        elif token.token == words.EVENT:
            events.append(
                Event(token.start, token.end, text[token.start : token.end], 0.8, token.kind, last)
            )
    return tuple(events)
