"""Scenario texts read with what this city knows: its residents by community, its playbooks.

The simulator is loaded on the first call and not before: a page that lists studies must not wait
for a compiler.
"""

import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from tongchou import playbook as playbooks
from tongchou.areas.models import Area
from tongchou.ledger import policy
from tongchou.ledger.models import Adoption
from tongchou.planning import queries
from tongchou.planning.errors import StaleScenario
from tongchou.playbook import Playbook

if TYPE_CHECKING:
    from tongchou.epi.spread.population import Spec
    from tongchou.planning.scenarios import ScenarioFile

#: Longer texts are no scenario that anybody wrote.
LONGEST: Final = 40_000
_HERE: Final = "§"


def read(text: str) -> "ScenarioFile":
    """The scenario in a text.

    Raises
    ------
    StaleScenario
        Where the text does not hold (any more), with every line and key.
    """
    from tongchou.epi.plan.dotted import WrongValue
    from tongchou.planning.scenario_file import ScenarioError, read_text

    _no_files(text)
    try:
        return read_text(text, file=_HERE, find=playbook_of, areas=residents)
    except ScenarioError as error:
        raise StaleScenario(*map(_in_words, error.faults)) from error
    except WrongValue as error:
        raise StaleScenario(str(error)) from error


def playbook_of(name: str, folder: Path = Path()) -> Playbook:
    """A shipped playbook by its id; `p3`, the third that was put forward in this city.

    Files are not read: the text of a page must not open what lies on the server.
    """
    if name.startswith("p") and name[1:].isdecimal() and len(name) < 20:  # longer than any key
        adoption = Adoption.objects.filter(pk=int(name[1:])).first()
        if adoption is not None:
            return policy.of(adoption)
    if name not in playbooks.shipped():
        known = ", ".join(playbooks.shipped())
        raise LookupError(f"there is no playbook {name!r}; there are {known}, and p1, p2 …")
    return playbooks.load(name)


def residents(code: str, base: "Spec") -> "Spec":
    """A city of the people who live in an area, community by community."""
    from tongchou.epi.spread.population import Community, from_areas

    area = Area.objects.filter(pk=code).first()
    if area is None:
        raise LookupError(f"there is no area {code!r}; write the code of one, such as its city's")
    rows = [Community(*row) for row in queries.communities(area)]
    if not rows:
        raise LookupError(
            f"nobody knows how many people live in {area.name}; import populations, or write "
            "people = 500_000 in its place"
        )
    return from_areas(rows, name=area.name, base=base)


def _no_files(text: str) -> None:
    """A text that came over the web opens no file of the server."""
    if len(text) > LONGEST:
        raise StaleScenario(_("The text is longer than any scenario."))
    with suppress(tomllib.TOMLDecodeError):  # told with its line by the reader
        city = tomllib.loads(text).get("city", {})
        if isinstance(city, dict) and "file" in city:
            raise StaleScenario(
                _("city.file: a scenario of this desk reads no file; write area or preset.")
            )


def _in_words(fault: str) -> str:
    """`§:12: reason` as "Line 12: reason"; the line of a TOML fault stands in its words."""
    at = re.match(rf"{_HERE}:(\d+): ", fault)
    if at:
        return _("Line %(line)s: %(reason)s") % {"line": at[1], "reason": fault[at.end() :]}
    return fault.removeprefix(f"{_HERE}: ")
