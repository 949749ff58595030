"""Itineraries in Chinese prose → dated stays and places, by rules: no model, no network.

    from tongchou.epi.trace import itinerary
    reading = itinerary.read(text, on=date(2022, 1, 5))

`read` finds people, stays, places, times and vehicles, each with its span in the text;
`gazetteer.Gazetteer` matches places to a city's list, and offers what it is not sure of;
`notices.read` reads the daily notice of a province into counts.
"""

from tongchou.epi.trace.itinerary.facts import (
    Doubt,
    Event,
    Found,
    Moment,
    Person,
    Place,
    Reading,
    Span,
    Stay,
    Vehicle,
    names_of,
)
from tongchou.epi.trace.itinerary.reading import read

__all__ = [
    "Doubt",
    "Event",
    "Found",
    "Moment",
    "Person",
    "Place",
    "Reading",
    "Span",
    "Stay",
    "Vehicle",
    "names_of",
    "read",
]
