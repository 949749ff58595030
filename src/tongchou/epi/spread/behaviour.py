"""How much of every kind of contact is left today, as the two tables that transmission reads.

A row stands for district, zone level and status, a column for a layer. Measures multiply into the
rows; nothing else in the model knows that they do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.slots import N_STATUS
from tongchou.epi.spread.ways import N_LAYERS, ROLES

__all__ = ["LEVELS", "Behaviour"]

F32 = NDArray[np.float32]

#: Zone levels: none, precaution, control, lockdown.
LEVELS = 4


@dataclass
class Behaviour:
    """Today's tables, each f32[n_districts, 4 zone levels, 5 statuses, 7 layers].

    Attributes
    ----------
    base
        f32[7]: hazard of one contact by layer, at force and load 1, when nobody does anything.
    gives, takes
        What is left of a contact for the one who passes on, and for the one who might catch it.
    made
        f32[n_districts, 4 zone levels, 7 layers]: share of contacts that are made at all. Of the
        two ends of a contact the stricter decides; it is not the product, or a locked district
        that keeps a tenth of its contacts would keep a hundredth.
    crossing
        f32[n_districts]: what is left of contacts with other districts.
    bubble
        i32[n_districts]: the largest group at work, 0 for no limit.
    present
        f32[n_districts, 47]: share of each role (`ways.ROLES`) who are at class or at work, by
        the district of class or workplace.
    """

    base: F32
    n_districts: int

    def __post_init__(self) -> None:
        shape = (self.n_districts, LEVELS, N_STATUS, N_LAYERS)
        self.gives: F32 = np.ones(shape, np.float32)
        self.takes: F32 = np.ones(shape, np.float32)
        self.made: F32 = np.ones((self.n_districts, LEVELS, N_LAYERS), np.float32)
        self.crossing: F32 = np.ones(self.n_districts, np.float32)
        self.bubble: NDArray[np.int32] = np.zeros(self.n_districts, np.int32)
        self.present: F32 = np.ones((self.n_districts, ROLES), np.float32)
        self._grounds: tuple[object, ...] | None = None

    def outdated(self, *grounds: object) -> bool:
        """Whether anything that the tables hang on has changed since they were last made.

        `grounds`: numbers, and arrays of which the bytes count. True on the first call.
        """
        now = tuple(one.tobytes() if isinstance(one, np.ndarray) else one for one in grounds)
        if now == self._grounds:
            return False
        self._grounds = now
        return True

    def reset(self) -> None:
        """Everything as if nobody did anything."""
        self.gives.fill(1)
        self.takes.fill(1)
        self.made.fill(1)
        self.crossing.fill(1)
        self.bubble.fill(0)
        self.present.fill(1)

    def rate(self) -> F32:
        """f32[rows, 7]: the hazard of one contact, by row."""
        hazard = self.gives * self.made[:, :, None, :] * self.base
        return np.ascontiguousarray(hazard.reshape(-1, N_LAYERS))

    def left(self) -> F32:
        """f32[rows, 7]: `takes`, by row."""
        return self.takes.reshape(-1, N_LAYERS)

    def met(self) -> F32:
        """f32[n_districts * 4, 7]: `made`, by district and zone level."""
        return self.made.reshape(-1, N_LAYERS)

    @property
    def all_there(self) -> bool:
        """Whether all classes and workplaces have all their people."""
        return bool((self.present == 1).all())

    @property
    def bare(self) -> bool:
        """Whether nothing is taken away at the receiving end, of anybody."""
        alike = (self.made == self.made[0, 0]).all()
        return bool(alike and (self.takes == 1).all() and (self.crossing == 1).all())
