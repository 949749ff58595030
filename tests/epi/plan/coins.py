"""A scenario small enough to reason about: a real `Result` from a formula, no model behind it."""

import time
from dataclasses import dataclass

import numpy as np

from tests.epi.spread.results import result


@dataclass(frozen=True)
class Coins:
    """Cases fall with the effort made, the price rises with it; the seed is the day's luck."""

    effort: float = 1.0
    spread: float = 10.0
    beds: float = 1.0
    seconds: float = 0.0

    @property
    def digest(self) -> str:
        return repr(self)

    def run(self, seed, *, stop=None):
        time.sleep(self.seconds)
        luck = np.random.default_rng(seed).normal()
        cases = max(0, round(1000 / (1 + self.effort) + self.spread * luck))
        found = result(infections=[[cases, 0]], in_severe=[[round(cases * self.beds), 0]], days=1)
        return found, {"total": 100 * self.effort**2 + self.spread * luck}
