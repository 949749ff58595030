"""From a filled-in form and the state of the city to the text of a scenario."""

from collections.abc import Mapping
from typing import Any

from tongchou.planning.building import Answers, text_of
from tongchou.planning.known import Known

#: The answer "the residents of this area" to who lives there.
OWN = "own"
CAPACITIES = ("tracers", "tubes", "rooms", "beds", "severe_beds", "icu_beds")


def composed(given: Mapping[str, Any], known: Known) -> str:
    """The SCENARIO.toml of these answers; delays that were measured are written into it."""
    own = given["city"] == OWN
    return text_of(
        Answers(
            title=given["title"],
            playbook=given["playbook"],
            disease=given["disease"],
            days=given["days"],
            infections=given["infections"],
            start_on=given["start_on"].isoformat(),
            area=known.area.pk if own else "",
            people=given["people"] or 0,
            preset="china-city" if own else given["city"],
            behaviour=given["behaviour"],
            capacities={name: given[name] for name in CAPACITIES},
            delays=known.orders() if given["measured"] else (),
            search=given["search"],
            severe_beds_at_most=given["severe_at_most"],
        )
    )


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are kept, to fill in the next form with."""
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in given.items()
    }
