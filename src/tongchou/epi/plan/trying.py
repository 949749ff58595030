"""Plans tried: batch by batch, lap by lap, with what is kept of those that were given up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tongchou.epi.plan.ensemble import Job, Runnable, run_all
from tongchou.epi.plan.front import on_front
from tongchou.epi.plan.journal import Journal, Run
from tongchou.epi.plan.proposing import Trial
from tongchou.epi.plan.racing import Racer, Rules, laps, spread
from tongchou.epi.plan.space import Settings

__all__ = ["Make", "Trying"]

Make = Callable[[Settings], Runnable]

#: Where no plan holds, so many of those that broke their bounds last are run whole.
NEAREST = 8


@dataclass
class Trying:
    """Every plan tried so far; `home` are those of the front.

    Parameters
    ----------
    seeds
        As given, until the base has been run; from then on in the order of `racing.spread`.
    """

    make: Make
    rules: Rules
    seeds: tuple[int, ...]
    workers: int | None
    journal: Journal | None
    cancelled: Callable[[], bool] | None
    home: list[Racer] = field(default_factory=list)
    tried: list[tuple[dict[str, Any], Racer]] = field(default_factory=list)
    n_runs: int = 0
    _made: dict[int, Runnable] = field(default_factory=dict)

    def begin(self, base: dict[str, Any]) -> None:
        """Run the plan as it stands on all seeds, and choose their order by how hard they were."""
        (racer,) = self._enter([base])
        self._run([racer], range(len(self.seeds)))
        order = spread(self.rules.losses(racer)[:, 0])
        self.seeds = tuple(self.seeds[place] for place in order)
        racer.arranged(order)
        self._bring_home(self.rules.lost([racer]).left)

    def race(self, batch: Sequence[dict[str, Any]]) -> None:
        """Run a batch, lap by lap, without those that are given up on the way.

        A run that was cut short says at least what it would have given, so whoever is beaten with
        it would be beaten by more. Only those that arrive have their runs made whole.
        """
        left, before = self._enter(batch), 0
        for stop in laps(len(self.seeds)):
            self._run(left, range(before, stop), short=True)
            left = list(self.rules.lost(left).left)
            left = list(self.rules.judge(left, self.home).left)
            before = stop
        self._arrive(left)

    def look_again(self) -> None:
        """Give whoever was beaten too soon the rest of its runs, until the front beats all others.

        The plan that beat it may have been beaten itself since, by one that is worse than it.
        Where no plan holds, the nearest are run whole instead.
        """
        while back := [
            racer
            for _, racer in self.tried
            if racer.out == "beaten" and self.rules.in_reach(racer, self.home)
        ]:
            for racer in back:
                racer.out = ""
                self._run([racer], range(racer.n_runs, len(self.seeds)))
            self._arrive(back)
        if not self.home:
            late = sorted((racer for _, racer in self.tried if racer.cut), key=self._told_breach)
            self._made_whole(late[:NEAREST])

    def told(self) -> list[Trial]:
        """Every plan tried, for the proposer to learn from.

        Losses are as they would be over all seeds, judged by how the base fared on the same ones.
        """
        base = self.rules.losses(self.tried[0][1])
        front = {each.number for each in self.home}
        trials = []
        for settings, racer in self.tried:
            own = self.rules.losses(racer)
            means = (own - base[: len(own)]).mean(axis=0) + base.mean(axis=0)
            breach = self._told_breach(racer)
            trials.append(Trial(settings, [float(x) for x in means], breach, racer.number in front))
        return trials

    def _told_breach(self, racer: Racer) -> float:
        """How far the worst constraint is missed; of a run cut short, how early counts too."""
        breach = max((0.0, *self.rules.breach(racer)))
        if racer.broken:  # it may look sound in the few runs that it had
            breach = max(breach, 1e-9)
        if racer.cut:
            breach += 1 / float(np.mean(list(racer.cut.values())))
        return breach

    def _enter(self, batch: Sequence[dict[str, Any]]) -> list[Racer]:
        racers = [Racer(len(self.tried) + i) for i in range(len(batch))]
        self.tried += zip(batch, racers, strict=True)
        return racers

    def _run(self, racers: Sequence[Racer], places: Sequence[int], *, short: bool = False) -> None:
        """Run these plans on the seeds at these places; `short`: as far as their bounds allow."""
        pairs = [(racer, place) for racer in racers for place in places]
        until = self.rules.until if short else ()
        for (racer, place), run in zip(pairs, self._runs(pairs, until), strict=True):
            racer.took([run.values], [place])
            if run.cut is not None:
                racer.cut[place] = run.cut

    def _arrive(self, racers: Sequence[Racer]) -> None:
        """Those that had all runs: whole, they may break another bound, or stand on the front."""
        left = self.rules.lost(racers).left
        self._made_whole(left)
        self._bring_home(self.rules.lost(left).left)

    def _made_whole(self, racers: Sequence[Racer]) -> None:
        """Run to the end what was cut short of those that hold all the same."""
        pairs = [(racer, place) for racer in racers for place in sorted(racer.cut)]
        for (racer, place), run in zip(pairs, self._runs(pairs, ()), strict=True):
            racer.took([run.values], [place])
            del racer.cut[place]

    def _runs(self, pairs: Sequence[tuple[Racer, int]], until: Any) -> list[Run]:
        jobs = [
            Job(self._scenario(racer), self.seeds[place], self.rules.names, until=until)
            for racer, place in pairs
        ]
        self.n_runs += len(jobs)
        return run_all(jobs, workers=self.workers, journal=self.journal, cancelled=self.cancelled)

    def _scenario(self, racer: Racer) -> Runnable:
        if racer.number not in self._made:
            self._made[racer.number] = self.make(self.tried[racer.number][0])
        return self._made[racer.number]

    def _bring_home(self, arrived: Sequence[Racer]) -> None:
        every = self._unlike([*self.home, *arrived])
        if every:
            means = np.array([self.rules.losses(each).mean(axis=0) for each in every])
            self.home = [each for each, kept in zip(every, on_front(means), strict=True) if kept]

    def _unlike(self, racers: Sequence[Racer]) -> list[Racer]:
        """Of plans that do the same in every run the one that changes least, or came first."""
        first: dict[bytes, Racer] = {}
        for racer in sorted(racers, key=lambda each: (self._changes(each), each.number)):
            first.setdefault(self.rules.losses(racer).tobytes(), racer)
        return sorted(first.values(), key=lambda each: each.number)

    def _changes(self, racer: Racer) -> int:
        base, own = self.tried[0][0], self.tried[racer.number][0]
        return sum(own[path] != value for path, value in base.items())
