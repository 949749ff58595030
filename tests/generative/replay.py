"""The ledger replayed in memory: what must be true after every act, by the shortest rules.

Written from `design.md` section 3 and not from the code, so that the two can disagree.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tongchou.loops import Loop
from tongchou.playbook import Playbook

TOP = 2


class Refused(Exception):
    """The act must be refused; `why` is the name of the error the ledger has to raise."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Leg:
    number: int
    stage: str
    area: str
    opened_at: datetime
    timed_from: datetime
    due_at: datetime
    playbook: str
    done_at: datetime | None = None
    outcome: str = ""


@dataclass
class Gap:
    opened_at: datetime
    rung: int
    raised_at: datetime
    climbed_at: datetime
    closed_at: datetime | None = None
    reason: str = ""


@dataclass
class Way:
    """A passage: the way of one subject."""

    loop: Loop
    area: str
    person: str
    stage: str
    legs: list[Leg] = field(default_factory=list)
    gaps: dict[int, list[Gap]] = field(default_factory=dict)
    closed_at: datetime | None = None

    @property
    def open_leg(self) -> Leg:
        return self.legs[-1]

    @property
    def holds(self) -> bool:
        return self.closed_at is None and self.loop.holds(self.stage)


@dataclass
class Replay:
    """Everything the database should say."""

    tempo: dict[str, str]
    adopted: list[tuple[datetime, Playbook]] = field(default_factory=list)
    ways: dict[int, Way] = field(default_factory=dict)
    # Who holds a person since when: the log against which custody is proven.
    hands: dict[str, list[tuple[datetime, int | None]]] = field(default_factory=dict)

    def copy_of_hands(self, person: str) -> int | None:
        log = self.hands.get(person)
        return log[-1][1] if log else None

    # --- the acts ------------------------------------------------------------------------------

    def start(
        self, loop: Loop, area: str, person: str, now: datetime, *, key: int, by_system: bool
    ) -> None:
        if loop.holds(loop.start):
            self._take_over(person, now, key=key, by_system=by_system)
        way = self.ways[key] = Way(loop, area, person, loop.start)
        self._open(way, now, now)
        self._hold(way, key, now)

    def may_start(self, loop: Loop, person: str, *, by_system: bool) -> None:
        if loop.holds(loop.start):
            self._may_take_over(person, by_system=by_system)

    def hand_over(
        self, key: int, seen: tuple[str, int], to: str, now: datetime, timed_from: datetime | None
    ) -> None:
        way, (stage, number) = self.ways[key], seen
        awaited = way.loop.at(stage)
        if awaited is None or to not in awaited.to:
            raise Refused("WrongOutcome")
        self._must_be_open(way, number, now)
        if way.loop.holds(to) and not way.holds:
            self._may_take_over(way.person, by_system=False)
            self._take_over(way.person, now, key=key, by_system=False)
        self._close(way, to, now)
        way.stage = to
        if way.loop.at(to) is None:
            way.closed_at = now
        else:
            self._open(way, now, timed_from or now)
        self._hold(way, key, now)

    def move(self, key: int, seen: tuple[str, int], area: str, now: datetime) -> None:
        way, (stage, number) = self.ways[key], seen
        if way.loop.at(stage) is None:
            raise Refused("WrongOutcome")
        self._must_be_open(way, number, now)
        timed_from = way.open_leg.timed_from
        self._close(way, way.stage, now)
        way.area = area
        self._open(way, now, timed_from)

    def switch(self, top: str, tempo: str, now: datetime) -> None:
        for area in self.tempo:
            if area.startswith(top):
                self.tempo[area] = tempo
        self._retime(self._in_force(now), now, "tempo", under=top)

    def adopt(self, playbook: Playbook, now: datetime) -> None:
        self.adopted.append((now, playbook))
        self._retime(playbook, now, "playbook")

    def sweep(self, now: datetime) -> None:
        escalation = self._in_force(now).escalation
        for way in self.ways.values():
            if way.closed_at is not None or now < way.open_leg.due_at:
                continue
            step = escalation.step(self.tempo[way.area])
            gaps = way.gaps.setdefault(way.open_leg.number, [])
            if not gaps or gaps[-1].closed_at is not None:
                due = way.open_leg.due_at
                gaps.append(Gap(due, _rung(due, now, step), now, now))
        for way in self.ways.values():
            if way.closed_at is None and (gaps := way.gaps.get(way.open_leg.number)):
                step = escalation.step(self.tempo[way.area])
                self._climb(gaps[-1], now, step)

    # --- the rules -----------------------------------------------------------------------------

    def _climb(self, gap: Gap, now: datetime, step: timedelta) -> None:
        if gap.closed_at is None and (higher := _rung(gap.opened_at, now, step)) > gap.rung:
            gap.rung, gap.climbed_at = higher, now

    def _must_be_open(self, way: Way, number: int, now: datetime) -> None:
        if way.closed_at is not None or way.open_leg.number != number:
            raise Refused("AlreadyHandedOver")
        if now < way.open_leg.opened_at:
            raise Refused("ClockError")

    def _may_take_over(self, person: str, *, by_system: bool) -> None:
        if not person:
            raise Refused("LedgerError")
        holder = self.copy_of_hands(person)
        if holder is None:
            return
        way = self.ways[holder]
        awaited = way.loop.at(way.stage)
        if awaited is None or not awaited.yields or by_system:
            raise Refused("HeldElsewhere")

    def _take_over(self, person: str, now: datetime, *, key: int, by_system: bool) -> None:
        holder = self.copy_of_hands(person)
        if holder is None or holder == key:
            return
        way = self.ways[holder]
        awaited = way.loop.at(way.stage)
        assert awaited is not None
        seen = (way.stage, way.open_leg.number)
        self.hand_over(holder, seen, awaited.yields, now, None)

    def _close(self, way: Way, outcome: str, now: datetime) -> None:
        leg = way.open_leg
        leg.done_at, leg.outcome = now, outcome
        for gap in way.gaps.get(leg.number, ()):
            if gap.closed_at is None:
                gap.closed_at, gap.reason = now, "handed_over"

    def _open(self, way: Way, now: datetime, timed_from: datetime) -> None:
        book = self._in_force(now)
        due_at = timed_from + self._allowed(book, way)
        number = len(way.legs) + 1
        way.legs.append(Leg(number, way.stage, way.area, now, timed_from, due_at, book.id))

    def _in_force(self, now: datetime) -> Playbook:
        """By the clock of whoever asks: a slow desk works by the playbook of its own time."""
        return [book for at, book in self.adopted if at <= now][-1]

    def _allowed(self, book: Playbook, way: Way) -> timedelta:
        return book.deadline(way.loop.name, way.stage).allowed(self.tempo[way.area])

    def _hold(self, way: Way, key: int, now: datetime) -> None:
        if not way.person:
            return
        log = self.hands.setdefault(way.person, [])
        held = self.copy_of_hands(way.person)
        if way.holds and held != key:
            log.append((now, key))
        elif not way.holds and held == key:
            log.append((now, None))

    def _retime(self, book: Playbook, now: datetime, reason: str, under: str = "") -> None:
        for way in self.ways.values():
            if way.closed_at is not None or not way.area.startswith(under):
                continue
            leg = way.open_leg
            due = leg.timed_from + self._allowed(book, way)
            if due != leg.due_at:
                leg.due_at, leg.playbook = due, book.id
            for gap in way.gaps.get(leg.number, ()):
                if gap.closed_at is None and leg.due_at > now:
                    gap.closed_at, gap.reason = now, reason


def _rung(due_at: datetime, now: datetime, step: timedelta) -> int:
    return min((now - due_at) // step, TOP)
