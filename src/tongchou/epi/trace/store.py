"""The visit store: a folder that any process can read and one at a time can write.

    store = Store(folder)              # to read; follows the writer at each `refresh`
    city = store.city()                # what every kernel takes, sealed and open days alike
    store.people.find(Keys.of(["P1"]))
    with writing(folder, who="worker") as store:        # in `writing.py`
        store.ingest("batch-7", read, now=minute)
        store.seal(day)

A day is *open* while its visits lie in the journal only, *sealed* once they lie in sorted files,
*late* where some came after that: it is read with them at once, and sealed again when asked. It is
*destroyed* by retention and then refuses visits.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tongchou.epi.trace import building, bundles
from tongchou.epi.trace.building import Built
from tongchou.epi.trace.bundles import Bundle
from tongchou.epi.trace.day import City, Day, Places
from tongchou.epi.trace.keys import Coder
from tongchou.epi.trace.known import Known
from tongchou.epi.trace.split import date_of, number_of

__all__ = ["DayState", "Store", "is_store"]

_TRIES = 20


def is_store(folder: Path) -> bool:
    """Whether a visit store was begun in this folder."""
    return (folder / "journal").is_dir()


@dataclass(frozen=True, slots=True)
class DayState:
    """What a store holds of one day; `state` is open, sealed or late.

    `n_in` counts the records that came in; those that are part of another leave when it is sealed.
    """

    on: date
    state: str
    generation: int
    n_sealed: int
    n_pending: int
    n_in: int
    n_merged: int
    n_elsewhere: int


class Store:
    """A store to read from. Threads may share one as long as a single one calls `refresh`."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not is_store(self.folder):
            raise FileNotFoundError(
                f"{folder} is no visit store; `tongchou trace ingest` makes one"
            )
        self._known = Known.load(self.folder / "registry")
        self._sealed: dict[int, Bundle] = {}
        self._built: dict[int, tuple[tuple[int, ...], Day]] = {}
        self.refresh()

    # --- following the writer ---

    def refresh(self) -> None:
        """Take in what was written since; days handed out before stay as they are."""
        self._follow()

    def _follow(self, *, trusted_to: int = 0) -> None:
        for _ in range(_TRIES):
            try:
                if self._known.catch_up(self.folder / "journal", trusted_to=trusted_to):
                    # after the journal: a generation found now holds all that was dropped from it
                    if self._find_sealed() <= self._known.position:
                        return
                    continue  # it was sealed meanwhile, and may name people we do not know yet
                self._known = Known.load(self.folder / "registry")
            except FileNotFoundError:
                continue  # a segment or generation went while we looked: look again
        raise TimeoutError(f"{self.folder} changes faster than it can be read")

    def _find_sealed(self) -> int:
        """Open what is new; returns the furthest position of the journal that is sealed."""
        found: dict[int, Bundle] = {}
        for stem, folder in bundles.newest(self.folder / "days").items():
            number = number_of(date.fromisoformat(stem))
            if number < self._known.floor:
                continue
            old = self._sealed.get(number)
            known = old is not None and old.folder == folder
            found[number] = old if old is not None and known else Bundle.open(folder)
        self._sealed = found
        for number, bundle in found.items():  # let go of what is sealed by now
            waiting = self._known.pending.get(number)
            if waiting is not None:
                position = bundle.facts["position"]
                left = [(end, pieces) for end, pieces in waiting if end > position]
                self._known.pending[number] = left
                if not left:
                    del self._known.pending[number]
        for number in self._built.keys() - self._numbers():
            del self._built[number]
        return max((bundle.facts["position"] for bundle in found.values()), default=0)

    def _numbers(self) -> set[int]:
        return self._sealed.keys() | self._known.pending.keys()

    # --- what is in it ---

    @property
    def people(self) -> Coder:
        """Keys of people: `people.find(keys)` gives numbers, `people.keys[number]` a key."""
        return self._known.people

    @property
    def place_keys(self) -> Coder:
        """The same for places."""
        return self._known.place_keys

    @property
    def places(self) -> Places:
        return self._known.places

    @property
    def first_day(self) -> date:
        """The first day that is kept; what is older was destroyed."""
        return date_of(self._known.floor)

    def states(self) -> list[DayState]:
        """Every day there is, in order."""
        return [self._state(number) for number in sorted(self._numbers())]

    def totals(self) -> dict[str, int]:
        """What was ever counted: visits read, refused and taken, and the records they became."""
        return dict(self._known.totals)

    def day(self, on: date) -> Day | None:
        """One day with everything that came in for it; None where nothing did.

        A sealed day is mapped and costs nothing; an open or late one is sorted at the first call
        after something came in (about 5 M records a second) and then kept.
        """
        number = number_of(on)
        if number not in self._numbers():
            return None
        sealed, known = self._sealed.get(number), self._known
        waiting = known.pending.get(number, [])
        state = (
            *(sealed.generation if sealed else 0, waiting[-1][0] if waiting else 0),
            *(len(known.people), len(known.place_keys), known.moved),
        )
        held = self._built.get(number)
        if held is None or held[0] != state:
            if sealed is not None and self._state(number).state == "sealed":
                day = building.orders(on, sealed, known.places, len(known.people))
            else:
                day = self.build(on).day
            held = self._built[number] = state, day
        return held[1]

    def city(self, first: date | None = None, last: date | None = None) -> City:
        """The days from `first` to `last`, both included, as kernels take them."""
        days = []
        for number in sorted(self._numbers()):
            on = date_of(number)
            if (first is None or on >= first) and (last is None or on <= last):
                day = self.day(on)
                assert day is not None
                days.append(day)
        return City(self.places, len(self.people), days)

    def build(self, on: date) -> Built:
        """A day sorted anew in memory, with its counts; sealing writes this."""
        number, known = number_of(on), self._known
        pending = [pieces for _, pieces in known.pending.get(number, [])]
        return building.build(
            on, self._sealed.get(number), pending, known.places, len(known.people)
        )

    def advise(self, how: str) -> None:
        """Tell the system how sealed days will be read: `random`, `sequential` or `normal`.

        Random for questions about a few people on a cold cache (a hundredth of the bytes),
        sequential for sweeps over whole days.
        """
        for bundle in self._sealed.values():
            bundle.advise(how)

    def _state(self, number: int) -> DayState:
        sealed = self._sealed.get(number)
        facts = sealed.facts if sealed else {}
        pending = sum(len(pieces) for _, pieces in self._known.pending.get(number, []))
        late = pending > 0 or facts.get("position", 0) < self._known.moved
        return DayState(
            on=date_of(number),
            state="open" if sealed is None else "late" if late else "sealed",
            generation=sealed.generation if sealed else 0,
            n_sealed=facts.get("n_records", 0),
            n_pending=pending,
            n_in=facts.get("n_in", 0) + pending,
            n_merged=facts.get("n_merged", 0),
            n_elsewhere=facts.get("n_elsewhere", 0),
        )
