"""The day of docs/science/covasim.md read line by line: everybody, every edge, every day.

Slow on purpose. It shows that the page is right (it agrees with the golden figures), and tells
apart, where the engine disagrees with them, a wrong engine from a wrong page.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tests.science.hybrid_graph import HybridCity

BETA, START_TESTS, QUARANTINE_DAYS = 0.016, 10, 14
#            beta isolated quarantined traced after
LAYERS = {
    "h": (3.0, 0.3, 0.6, 1.0, 0),
    "s": (0.6, 0.1, 0.2, 0.5, 1),
    "w": (0.6, 0.1, 0.2, 0.5, 1),
    "c": (0.3, 0.1, 0.2, 0.3, 2),
}
DAYS = {  # mean and sd of whole days
    "infectious": (4.5, 1.5),
    "symptoms": (1.1, 0.9),
    "severe": (6.6, 4.9),
    "critical": (1.5, 2.0),
    "mild": (8.0, 2.0),
    "well": (18.1, 6.3),
    "death": (10.7, 4.8),
}
SUSCEPTIBILITY = np.array([0.34, 0.67, 1, 1, 1, 1, 1.24, 1.47, 1.47, 1.47])
SYMPTOMS = np.array([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.9])
SEVERE = np.array(
    [0.0005, 0.00165, 0.0072, 0.0208, 0.0343, 0.0765, 0.1328, 0.20655, 0.2457, 0.2457]
)
CRITICAL = np.array(
    [0.00003, 0.00008, 0.00036, 0.00104, 0.00216, 0.00933, 0.03639, 0.08923, 0.1742, 0.1742]
)
DEATH = np.array(
    [0.00002, 0.00002, 0.0001, 0.00032, 0.00098, 0.00265, 0.00766, 0.02439, 0.08292, 0.1619]
)
NEVER = 1 << 30


def days(name: str, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Log-normal with the mean and sd of the duration itself, rounded."""
    mean, sd = DAYS[name]
    width = np.log(1 + (sd / mean) ** 2)
    drawn = rng.lognormal(np.log(mean) - width / 2, np.sqrt(width), n)
    return np.rint(drawn).astype(np.int64)


def high_days(n_days: int) -> int:
    """Days at high load of `n_days` infectious ones, single precision's fifth day included."""
    share = np.float32(0.3) if n_days <= 13 else np.float32(4) / np.float32(n_days)
    return int((np.arange(n_days) / max(n_days, 1) < float(share)).sum())


HIGH_DAYS = np.array([high_days(n) for n in range(400)])


@dataclass
class Dense:
    """One city and its run; `on`: tests, tracing and quarantine."""

    city: HybridCity
    rng: np.random.Generator
    on: bool
    daily: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        n = self.n = self.city.age.size
        self.band = np.minimum(self.city.age // 10, 9).astype(int)
        self.rel_sus = SUSCEPTIBILITY[self.band]
        self.rel_trans = 0.01 * self.rng.negative_binomial(0.45, 0.45 / (100 + 0.45), n)
        names = "infected infectious symptoms severe critical recovered dead diagnosis"
        self.on_day = {name: np.full(n, NEVER) for name in names.split()}
        self.quarantine_end = np.full(n, -1)  # in quarantine where it is not -1
        self.pending: dict[int, list[tuple[NDArray[np.int64], int]]] = defaultdict(list)

    def run(self, last_day: int, n_seeds: int) -> dict[str, int]:
        self.infect(self.rng.choice(self.n, n_seeds, replace=False), 0)
        for t in range(last_day + 1):
            self.step(t)
        totals = {name: sum(values) for name, values in self.daily.items()}
        for name, state in (("deaths", "dead"), ("severe", "severe"), ("critical", "critical")):
            totals[name] = int((self.on_day[state] <= last_day).sum())
        totals["infections"] += n_seeds
        smooth = np.convolve(self.daily["infections"], np.ones(7), "same")
        return totals | {"peak_day": int(smooth.argmax())}

    def step(self, t: int) -> None:
        on = self.on_day
        ended = (on["recovered"] <= t) | (on["dead"] <= t)
        infectious = (on["infectious"] <= t) & ~ended
        self.quarantine_end[on["dead"] <= t] = -1
        if self.on:
            n_positive = self.test(t, infectious, (on["symptoms"] <= t) & ~ended)
            self.trace(t)
            self.daily["diagnoses"].append(n_positive)
            self.daily["quarantined"].append(self.change_quarantine(t))
        self.daily["infections"].append(self.transmit(t, infectious))

    def test(self, t: int, infectious: NDArray[np.bool_], symptoms: NDArray[np.bool_]) -> int:
        if t < START_TESTS:
            return 0
        inside = self.quarantine_end >= 0
        chance = np.where(symptoms, np.where(inside, 0.5, 0.2), np.where(inside, 0.05, 0.002))
        positive = infectious & (self.on_day["diagnosis"] == NEVER)
        positive &= self.rng.random(self.n) < chance
        self.on_day["diagnosis"][positive] = t + 1
        return int(positive.sum())

    def trace(self, t: int) -> None:
        cases = self.on_day["diagnosis"] == t
        for layer, (_, _, _, traced, after) in LAYERS.items():
            p1, p2 = self.city.layers[layer]
            met = np.unique(np.concatenate((p2[cases[p1]], p1[cases[p2]])))
            met = met[self.on_day["dead"][met] > t]
            told = met[self.rng.random(met.size) < traced]
            self.pending[t + after].append((told, t + QUARANTINE_DAYS))

    def change_quarantine(self, t: int) -> int:
        on, n_new = self.on_day, 0
        diagnosed = on["diagnosis"] <= t
        barred = diagnosed | (on["dead"] <= t) | (on["recovered"] <= t)
        for told, end in self.pending.pop(t, ()):
            inside = self.quarantine_end[told] >= 0
            new = told[~inside & ~barred[told]]
            n_new += new.size
            told = np.concatenate((told[inside], new))
            self.quarantine_end[told] = np.maximum(self.quarantine_end[told], end)
        leaving = (self.quarantine_end <= t) | (on["diagnosis"] == t)
        self.quarantine_end[leaving] = -1
        return n_new

    def transmit(self, t: int, infectious: NDArray[np.bool_]) -> int:
        on, n_new = self.on_day, 0
        end = np.minimum(on["recovered"], on["dead"])
        since, length = t - on["infectious"], end - on["infectious"]
        load = np.where(since < HIGH_DAYS[np.clip(length, 0, 399)], 2 / 1.3, 1 / 1.3)
        source = np.where(infectious, self.rel_trans * load, 0.0)
        inside = self.quarantine_end >= 0
        isolated = infectious & (on["diagnosis"] <= t)
        for layer, (beta, in_isolation, in_quarantine, _, _) in LAYERS.items():
            quarantine = np.where(inside, in_quarantine, 1.0)
            gives = source * quarantine * np.where(isolated, in_isolation, 1.0) * beta * BETA
            takes = np.where(on["infected"] == NEVER, self.rel_sus * quarantine, 0.0)
            p1, p2 = self.city.layers[layer]
            hit = []
            for a, b in ((p1, p2), (p2, p1)):
                edge = np.flatnonzero(source[a])
                chance = gives[a[edge]] * takes[b[edge]]
                hit.append(b[edge[self.rng.random(edge.size) < chance]])
            new = np.unique(np.concatenate(hit))
            self.infect(new, t)
            self.daily[f"by_{layer}"].append(new.size)
            n_new += new.size
        return n_new

    def infect(self, who: NDArray[np.int64], t: int) -> None:
        on, rng, band = self.on_day, self.rng, self.band[who]
        on["infected"][who] = t
        on["infectious"][who] = t + days("infectious", who.size, rng)
        ill = rng.random(who.size) < SYMPTOMS[band]
        severe = ill & (rng.random(who.size) < (SEVERE / SYMPTOMS)[band])
        critical = severe & (rng.random(who.size) < (CRITICAL / SEVERE)[band])
        dying = critical & (rng.random(who.size) < (DEATH / CRITICAL)[band])
        stages = ("infectious", who), ("symptoms", who[ill]), ("severe", who[severe])
        stages += (("critical", who[critical]),)
        for (before, _), (stage, some) in pairwise(stages):
            on[stage][some] = on[before][some] + days(stage, some.size, rng)
        for stage, some, ends, how in (
            ("infectious", who[~ill], "recovered", "mild"),
            ("symptoms", who[ill & ~severe], "recovered", "mild"),
            ("severe", who[severe & ~critical], "recovered", "well"),
            ("critical", who[critical & ~dying], "recovered", "well"),
            ("critical", who[dying], "dead", "death"),
        ):
            on[ends][some] = on[stage][some] + days(how, some.size, rng)
