"""Question 3: co-presence (时空伴随), who was in the same grid cell at the same time as a case.

A cell of 800 m is no room: one case meets tens of thousands there, a hundred meet everybody. The
published rule asks for more than 10 minutes at a time; ask for repeated or longer meetings too.
"""

from dataclasses import dataclass

from tongchou.epi.trace import kinds
from tongchou.epi.trace.contacts import Cases, Pairs, gathered, spread
from tongchou.epi.trace.day import City
from tongchou.epi.trace.tables import Rows, Tables


@dataclass(frozen=True, slots=True)
class Companions:
    """What makes a companion (时空伴随者).

    Parameters
    ----------
    min_overlap
        A meeting counts from so many minutes at a stretch, within one day and one stay of each.
    min_meetings, min_minutes
        Of such meetings, so many and so long in all.

    References
    ----------
    成都 2021-11: same 800 m x 800 m cell for more than 10 minutes (henanlong.com interview)
    """

    min_overlap: int = 10
    min_meetings: int = 1
    min_minutes: int = 10

    def __post_init__(self) -> None:
        if min(self.min_overlap, self.min_meetings, self.min_minutes) < 1:
            raise ValueError("a companion was near at least once, for at least one minute")


def of_cases(
    city: City | Tables,
    cases: Cases,
    rule: Companions = Companions(),
    *,
    mask: int = kinds.ALL,
    threads: int = 1,
) -> Pairs:
    """Everybody who was in the same cell as a case, by the rule.

    Minutes of two stays of a case in one cell are added up. Kinds and shared rooms of the pairs
    are those of the places of the case; where the other was inside the cell is not looked at.

    Parameters
    ----------
    mask
        The kinds of the case's own places that count: without home and work, the streets remain.

    Raises
    ------
    ValueError
        For a city whose days have no cell order.
    """
    tables = Tables.of(city)
    if any(day.by_cell is None for day in tables.city.days):
        raise ValueError("the days of this city have no cell order; build them with cells")

    def gather(some: Cases) -> Rows:
        return gathered(
            tables,
            some,
            tables.by_cell,
            mask=mask,
            min_minutes=rule.min_minutes,
            min_meetings=rule.min_meetings,
            least=rule.min_overlap,
            key_of=tables.cell,
        )

    return Pairs(spread(gather, cases, threads))
