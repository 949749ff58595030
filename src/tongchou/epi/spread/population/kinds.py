"""The kinds of household: who lives in one, and how old each is beside another of them.

A kind starts from one adult, and every further member from one who is already there. So nobody
under 18 can ever live alone, a child has somebody of a parent's age, and a third generation is a
parent's parent.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ADULT: Final = 18
N_AGES: Final = 100

PARTNER, CHILD, GROWN, SIBLING, PARENT, GRANDCHILD, PEER = range(7)
N_ROLES: Final = 7

#: The largest household; the census says "eight and more" where it says more.
LARGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """One composition.

    Parameters
    ----------
    members
        Beside the first adult: (role, the place in the household of whom it is told from).
    ages
        The first adult is between these ages, both counted.
    generations
        How many live together; 0 for a room of a dormitory.
    prior
        How common it is thought to be among its like before anything is fitted.
    """

    name: str
    members: tuple[tuple[int, int], ...] = ()
    ages: tuple[int, int] = (ADULT, 95)
    generations: int = 1
    prior: float = 1.0

    @property
    def size(self) -> int:
        return 1 + len(self.members)


_COUPLE = ((PARTNER, 0),)
_FAMILY = ((PARTNER, 0), (CHILD, 0))
_TWO = ((PARTNER, 0), (CHILD, 0), (SIBLING, 2))
_THREE = (*_TWO, (SIBLING, 2))


def _peers(n: int) -> tuple[tuple[int, int], ...]:
    return ((PEER, 0),) * n


KINDS: Final = (
    Kind("alone"),
    Kind("couple", _COUPLE, (20, 95), prior=4),
    Kind("parent and child", ((CHILD, 0),), (20, 60), 2, 0.4),
    Kind("parent and grown child", ((GROWN, 0),), (40, 95), 2, 0.7),
    Kind("two flatmates", _peers(1), (18, 50), prior=0.3),
    Kind("grandparent and child", ((GRANDCHILD, 0),), (45, 80), 2, 0.1),
    Kind("couple and child", _FAMILY, (20, 60), 2, 4),
    Kind("couple and grown child", (*_COUPLE, (GROWN, 0)), (40, 85), 2, 2),
    Kind("parent and two children", ((CHILD, 0), (SIBLING, 1)), (22, 58), 2, 0.2),
    Kind("parent, child, elder", ((CHILD, 0), (PARENT, 0)), (20, 58), 3, 0.3),
    Kind("couple and elder", (*_COUPLE, (PARENT, 0)), (25, 70), 2, 0.6),
    Kind("grandparents and child", (*_COUPLE, (GRANDCHILD, 0)), (45, 80), 2, 0.3),
    Kind("three flatmates", _peers(2), (18, 45), prior=0.2),
    Kind("couple and two children", _TWO, (22, 58), 2, 3),
    Kind("couple, child, elder", (*_FAMILY, (PARENT, 0)), (20, 58), 3, 1),
    Kind("couple and two grown", (*_COUPLE, (GROWN, 0), (GROWN, 0)), (42, 80), 2, 0.6),
    Kind("two couples", (*_COUPLE, (PARENT, 0), (PARTNER, 2)), (22, 65), 2, 0.6),
    Kind("four flatmates", _peers(3), (18, 40), prior=0.1),
    Kind("couple, child, elders", (*_FAMILY, (PARENT, 0), (PARTNER, 3)), (20, 58), 3, 2),
    Kind("couple, two children, elder", (*_TWO, (PARENT, 0)), (22, 58), 3, 1),
    Kind("couple and three children", _THREE, (24, 58), 2, 0.4),
    Kind("couple, two grown, one wed", (*_COUPLE, (GROWN, 0), (GROWN, 0), (PARTNER, 2)),
         (45, 80), 2, 0.3),
    Kind("couple, two children, elders", (*_TWO, (PARENT, 0), (PARTNER, 4)), (22, 58), 3, 2),
    Kind("couple and four children", (*_THREE, (SIBLING, 2)), (26, 58), 2, 0.1),
    Kind("three couples", (*_COUPLE, (GROWN, 0), (PARTNER, 2), (GROWN, 0), (PARTNER, 4)),
         (45, 80), 2, 0.2),
    Kind("couple, three children, elders", (*_THREE, (PARENT, 0), (PARTNER, 5)), (24, 58), 3),
    Kind("couple, two children, elders, brother", (*_TWO, (PARENT, 0), (PARTNER, 4), (PEER, 0)),
         (22, 50), 3),
    Kind("three couples and a grown child",
         (*_COUPLE, (GROWN, 0), (PARTNER, 2), (GROWN, 0), (PARTNER, 4), (GROWN, 0)),
         (48, 80), 2, 0.1),
    Kind("two families under one roof",
         (*_TWO, (PARENT, 0), (PARTNER, 4), (PEER, 0), (PARTNER, 6)), (22, 50), 3),
    Kind("couple, three children, elders, brother",
         (*_THREE, (PARENT, 0), (PARTNER, 5), (PEER, 0)), (24, 50), 3),
    Kind("four couples",
         (*_COUPLE, (GROWN, 0), (PARTNER, 2), (GROWN, 0), (PARTNER, 4), (GROWN, 0), (PARTNER, 6)),
         (48, 80), 2, 0.1),
    Kind("room of four", _peers(3), (18, 59), 0),
    Kind("room of six", _peers(5), (18, 59), 0),
)  # fmt: skip


@cache
def ages_of_roles() -> Array:
    """f64[N_ROLES, N_AGES, N_AGES]: how old a member is, by the age of whom it is told from.

    A row of zeros says that nobody of that age can have such a member. The offsets in years are
    of the order that Chinese vital statistics give (mother at birth 28 and 5 around it, partners
    3 apart, siblings 3.5 apart): from memory, no source at hand, and no figure of the city hangs
    on them, for the ages are fitted to the pyramid afterwards.
    """
    told_from, age = np.ogrid[:N_AGES, :N_AGES]
    older = age - told_from
    alive = np.where(age > 85, 0.82 ** np.maximum(age - 85, 0), 1.0)
    birth = _bell(-older - 28, 5) * (-older >= 18) * (-older <= 45)
    table = np.empty((N_ROLES, N_AGES, N_AGES))
    table[PARTNER] = _bell(older, 3) * (age >= ADULT) * alive
    table[CHILD] = birth * (age < ADULT)
    table[GROWN] = birth * (age >= ADULT)
    table[SIBLING] = _bell(np.abs(older) - 3.5, 2) * (age < ADULT)
    table[PARENT] = _bell(older - 28, 5) * (older >= 18) * (older <= 45) * alive * (age <= 97)
    table[GRANDCHILD] = _bell(-older - 56, 7) * (-older >= 38) * (age < ADULT)
    table[PEER] = _bell(older, 6) * (age >= ADULT) * (age <= 60)
    table[:, :ADULT][[PARTNER, CHILD, GROWN, PARENT, GRANDCHILD, PEER]] = 0.0
    table[SIBLING, ADULT:] = 0.0
    table[table < 1e-4] = 0.0
    total = table.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(table, total, out=np.zeros_like(table), where=total > 0))


def _bell(off: Array, sd: float) -> Array:
    return np.exp(-0.5 * (off / sd) ** 2)


@cache
def members_by_age() -> Array:
    """f64[n_kinds, N_AGES, N_AGES]: how many of each age live in a household, by its first's age.

    Zeros where the first adult cannot be of that age.
    """
    table = np.zeros((len(KINDS), N_AGES, N_AGES))
    for kind, out in zip(KINDS, table, strict=True):
        chains: list[tuple[int, ...]] = [()]
        for role, told_from in kind.members:
            chains.append((*chains[told_from], role))
        laws = [_law(chain) for chain in chains]
        low, high = kind.ages
        # who has a member that cannot be is left out with the whole household
        whole = np.all([law.sum(axis=1) > 1 - 1e-9 for law in laws], axis=0)
        whole[:low] = whole[high + 1 :] = False
        out[whole] = np.sum(laws, axis=0)[whole]
    return table


@cache
def _law(chain: tuple[int, ...]) -> Array:
    """f64[N_AGES, N_AGES]: the age of who is told from the first adult through a chain of roles."""
    if not chain:
        return np.eye(N_AGES)
    if len(chain) == 1:
        return np.asarray(ages_of_roles()[chain[0]])
    # not `@`: the linear algebra library may sum in another order with other threads
    return np.asarray(np.einsum("ij,jk->ik", _law(chain[:-1]), ages_of_roles()[chain[-1]]))
