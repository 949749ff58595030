"""People who were exposed stay apart until a day that is known from the start (隔离)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread import purposes
from tongchou.epi.spread.absence import KEPT_IN, book_away, ill_from, ill_until
from tongchou.epi.spread.dice import draw, unit
from tongchou.epi.spread.measures.candidates import candidates
from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares
from tongchou.epi.spread.measures.laboratory import read
from tongchou.epi.spread.results import sampled_positive
from tongchou.epi.spread.slots import (
    DEAD,
    HELD_FACILITY,
    HELD_HOME,
    NEVER,
    SETTLED,
    UNNOTICED,
)
from tongchou.epi.spread.state import HOLD, Run
from tongchou.epi.spread.ways import HOUSEHOLD
from tongchou.kit.compiled import kernel, prefetch

#: Orders that are carried out while the memory of one is fetched.
AHEAD = 12
HOLD_BYTES = HOLD.itemsize
NO_TESTS = np.zeros((2, 1), np.int16)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """How contacts are held, counted in days from the last exposure (the day of the order at most).

    Parameters
    ----------
    facility_days, home_days
        Days in a facility, and after them days at home.
    secondary_facility_days, secondary_home_days
        The same for contacts of contacts.
    rooms
        Rooms in facilities; who finds none is quarantined at home for the whole time.
    adherence
        Share of people who keep to quarantine at home. Nobody leaves a facility but `escape`.
    escape
        Share of people in a facility who meet others all the same.
    home_household, home_outside
        What is left of contacts within the household and of all others, at home, adhering.
    facility_household, facility_outside
        The same in a facility.
    test_days
        Days after the order on which a PCR test is taken, in the morning: 1 is the next day, and
        the last may be the day of release.
    sensitivity, result_days
        Of those tests.
    recovered_exempt
        Whether who has recovered is left alone even if nobody knew of the infection. A city cannot
        do that; some models do.
    """

    facility_days: int = 0
    home_days: int = 0
    secondary_facility_days: int = 0
    secondary_home_days: int = 0
    rooms: float = UNLIMITED
    adherence: float = 1.0
    escape: float = 0.0
    home_household: float = 1.0
    home_outside: float = 0.0
    facility_household: float = 0.0
    facility_outside: float = 0.0
    test_days: tuple[int, ...] = ()
    sensitivity: float = 0.9
    result_days: int = 1
    recovered_exempt: bool = False

    def __post_init__(self) -> None:
        at_least(self, 0, "facility_days", "home_days", "rooms", "result_days")
        at_least(self, 0, "secondary_facility_days", "secondary_home_days")
        shares(self, "adherence", "escape", "home_household", "home_outside")
        shares(self, "facility_household", "facility_outside", "sensitivity")
        if any(day < 1 for day in self.test_days):
            raise ValueError("quarantine.test_days count from 1, the first day")


def hold(run: Run) -> None:
    """Carry out the orders that begin today (`run.orders`).

    An order for somebody who is held already only moves the end. Known cases are not quarantined:
    they are isolated.
    """
    table = run.once(Quarantine, _tables)
    orders = [some for some in run.orders.pop(run.day, []) if len(some)]
    if table is not None and orders:
        together = np.concatenate(orders) if len(orders) > 1 else orders[0]
        carry_out(run, together, table, run.daily["traced_contacts"])


def release(run: Run) -> None:
    """Who was found today is let out on the day on which isolation begins, and not before.

    A case that is never isolated stays in quarantine to the end.
    """
    if run.held and run.found_today.size:
        table = run.once(Quarantine, _tables)
        _release(
            run.found_today, run.day, run.slots, run.facility_until, run.held_until,
            run.moves["in_facility"], run.moves["in_home"], run.sector_of_group, run.group_of,
            run.zone, run.zoned, run.away, run.keeps, run.held_from,
            NO_TESTS if table is None else table.tests, run.tests_due,
        )  # fmt: skip


def carry_out(
    run: Run, orders: NDArray[np.int32], table: "Table", counted: NDArray[np.int64]
) -> None:
    """Bring these people into quarantine today, as far as there are rooms.

    `orders`: i32[m, 3], person, day of the last exposure, row of `table.days`. `counted[day,
    district]` goes up by those who were free until now.
    """
    run.held = True
    rooms = table.rooms - run.staying("in_facility").sum()
    _hold(
        orders, run.day, run.district_start, run.tempo, table.days, table.keeps,
        run.adherence, table.exempt, table.tests, rooms, run.slots, run.slot_of,
        run.held_from, run.facility_until, run.held_until, run.keeps,
        run.stream(purposes.ADHERENCE, 0), run.stream(purposes.ESCAPE, 0),
        run.moves["in_facility"], run.moves["in_home"], run.daily["facility_orders"],
        run.daily["home_orders"], counted, run.tests_due,
        run.sector_of_group, run.group_of, run.zone, run.zoned, run.away,
        run.where_held, run.where_slot, run.where_group,
    )  # fmt: skip


def sample(run: Run) -> None:
    """Take the samples of those whose test day of quarantine is today."""
    table = run.once(Quarantine, _tables)
    if table is None or not run.held or not table.tests.any():
        return
    swabs = run.tests_due[run.tempo, run.day, np.arange(run.n_districts)]
    if not swabs.any():
        return
    share = read(run, swabs)
    slots = candidates(run)
    n = _seen(
        run.slots, slots, run.day, run.tempo, table.tests, table.sensitivity * share,
        run.stream(purposes.SENSITIVITY),
    )  # fmt: skip
    seen = slots[:n]
    waits = table.wait[run.tempo[run.slots["district"][seen]]]
    for wait in set(table.wait.tolist()):
        sampled_positive(run, seen[waits == wait], result_days=wait)


@kernel
def _seen(slots: Any, found: Any, day: Any, tempo: Any, tests: Any, sight: Any, start: Any) -> Any:
    """Bring those to the front of `found` whose test of today is positive; how many they are."""
    n = 0
    for s in found:
        slot = slots[s]
        rules = tempo[slot["district"]]
        # an order comes after the morning's samples: the first day with a test is the next
        nth = day - slot["held_from"]
        if slot["held_until"] < day or nth <= 0:
            continue
        for each in tests[rules]:
            if each == nth:
                if unit(draw(start, slot["who"])) < sight[rules]:
                    found[n] = s
                    n += 1
                break
    return n


def shape(run: Run) -> None:
    """What quarantine leaves of contacts, at both ends, into today's tables."""
    if not run.held:
        return
    for tempo, response in enumerate(run.policy.both):
        here = run.tempo == tempo
        one = response.quarantine
        for status, home, outside in (
            (HELD_HOME, one.home_household, one.home_outside),
            (HELD_FACILITY, one.facility_household, one.facility_outside),
        ):
            for side in (run.behaviour.gives, run.behaviour.takes):
                side[here, :, status, HOUSEHOLD] *= home
                side[here, :, status, HOUSEHOLD + 1 :] *= outside


@dataclass(frozen=True, eq=False)
class Table:
    """The options of both tempos, a row for peace and one for war."""

    days: NDArray[np.int16]  # [2, 2, 2]: tier; days in a facility, days in all
    keeps: NDArray[np.float32]  # [2, 2]: share who keep to it, at home and in a facility
    exempt: NDArray[np.bool_]
    tests: NDArray[np.int16]  # [2, most]: days with a test, 0 where there are fewer
    sensitivity: NDArray[np.float32]
    wait: NDArray[np.int32]
    rooms: NDArray[np.float64]  # [2]


def _tables(run: Run) -> Table | None:
    days = _days(run)
    return table_of(run, days) if days.any() else None


def table_of(run: Run, days: NDArray[np.int16]) -> Table:
    """A table with days of its own, [2, 2, 2]; all else as quarantine is in this city."""
    both = [response.quarantine for response in run.policy.both]
    most = max(1, *(len(one.test_days) for one in both))
    tests = np.zeros((2, most), np.int16)
    if _days(run).any():  # or nobody comes to take them
        for row, one in zip(tests, both, strict=True):
            days_of_test = sorted(set(one.test_days))
            row[: len(days_of_test)] = days_of_test
    return Table(
        days=days,
        keeps=np.array([(one.adherence, 1 - one.escape) for one in both], np.float32),
        exempt=np.array([one.recovered_exempt for one in both]),
        tests=tests,
        sensitivity=np.array([one.sensitivity for one in both], np.float32),
        wait=np.array([one.result_days for one in both], np.int32),
        rooms=np.array([one.rooms for one in both]),
    )


def _days(run: Run) -> NDArray[np.int16]:
    """i16[2, 2, 2]: by tempo and tier, days in a facility and days in all."""
    days = [
        [
            (one.facility_days, one.facility_days + one.home_days),
            (one.secondary_facility_days, one.secondary_facility_days + one.secondary_home_days),
        ]
        for one in (response.quarantine for response in run.policy.both)
    ]
    return np.array(days, np.int16)


@kernel
def _hold(
    orders: Any, day: Any, district_start: Any, tempo: Any, days: Any, keeps_share: Any,
    adherence: Any, exempt: Any, tests: Any, rooms: Any, slots: Any, slot_of: Any,
    held_from: Any, facility_until: Any, held_until: Any, keeps: Any,
    adhering: Any, escaping: Any, in_facility: Any, in_home: Any, facility_orders: Any,
    home_orders: Any, traced: Any, tests_due: Any, sector_of_group: Any, group_of: Any, zone: Any,
    zoned: Any, away: Any, holds: Any, slots_of: Any, groups: Any,
) -> None:  # fmt: skip
    last = in_facility.shape[0] - 1
    for i in range(orders.shape[0]):
        if i + AHEAD < orders.shape[0]:  # each person is a look far away in memory: ask early
            prefetch(holds + HOLD_BYTES * orders[i + AHEAD, 0])
            prefetch(slots_of + 4 * orders[i + AHEAD, 0])
            prefetch(groups + 4 * orders[i + AHEAD, 0])
        person, exposed, tier = orders[i, 0], orders[i, 1], orders[i, 2]
        district = 0
        while district_start[district + 1] <= person:
            district += 1
        row = tempo[district]
        until = exposed + days[row, tier, 1]
        if until <= day:
            continue
        slot = slot_of[person] - 1
        if slot_of[person] == SETTLED or (slot_of[person] == UNNOTICED and exempt[row]):
            continue
        if slot >= 0:
            over = day >= slots[slot]["day"] + slots[slot]["ends"]
            dead = over and slots[slot]["fate"] == DEAD
            if dead or slots[slot]["found"] <= day or (over and exempt[row]):
                continue
        first, before = np.int64(day), np.int64(held_until[person])
        if before > day:
            if until <= before:
                continue
            # the days already ordered stand; only those after them are new
            first = before
            held_until[person] = until
            _stay(in_home, district, first, until, last)
        else:
            leaves = min(exposed + days[row, tier, 0], until)
            if leaves > day and rooms[row] >= 1:
                rooms -= 1  # what each tempo has open; a room taken is taken in both
                facility_until[person] = leaves
                facility_orders[day, district] += 1
                _stay(in_facility, district, day, leaves, last)
                _stay(in_home, district, leaves, until, last)
                kept = unit(draw(escaping, person)) < keeps_share[row, 1]
            else:
                facility_until[person] = day
                # who was held till this morning goes on at home: that is no new order
                if day == 0 or before != day:
                    home_orders[day, district] += 1
                _stay(in_home, district, day, until, last)
                kept = unit(draw(adhering, person)) < keeps_share[row, 0] * adherence[district]
            traced[day, district] += 1
            held_from[person] = day
            held_until[person] = until
            keeps[person] = 1 if kept else 0
        if keeps[person]:  # who is not there is not swabbed
            _plan(tests_due, tests, 1, held_from[person], first, until, district)
        if group_of.size:
            group = group_of[person]
            sector = sector_of_group[group] if group >= 0 else 0
            if sector:
                inside = zoned and zone[person] >= KEPT_IN
                ill, well = np.int64(NEVER), np.int64(NEVER)
                if slot >= 0:
                    ill, well = ill_from(slots[slot]), ill_until(slots[slot])
                    if ill < well and well > day:
                        book_away(away, -1, day, district, sector, before, ill, well, inside)
                        first = np.int64(day)
                book_away(away, 1, first, district, sector, until, ill, well, inside)
        if slot >= 0 and keeps[person]:
            slots[slot]["held_from"] = held_from[person]
            slots[slot]["facility_until"] = facility_until[person]
            slots[slot]["held_until"] = until


@kernel
def _release(
    found: Any, day: Any, slots: Any, facility_until: Any, held_until: Any,
    in_facility: Any, in_home: Any, sector_of_group: Any, group_of: Any, zone: Any, zoned: Any,
    away: Any, keeps: Any, held_from: Any, tests: Any, tests_due: Any,
) -> None:  # fmt: skip
    last = in_facility.shape[0] - 1
    for i in range(found.size):
        slot = slots[found[i]]
        person, district = slot["who"], slot["district"]
        until, out = np.int64(held_until[person]), max(np.int64(slot["isolated"]), day)
        if until > day and keeps[person]:  # who is known is not swabbed any more
            _plan(tests_due, tests, -1, held_from[person], day, until, district)
        if until <= out:
            continue
        leaves = max(facility_until[person], out)
        _stay(in_home, district, until, leaves, last)
        _stay(in_facility, district, leaves, out, last)
        if group_of.size:
            group = group_of[person]
            sector = sector_of_group[group] if group >= 0 else 0
            if sector:
                # from here on it is illness that keeps this person from work
                inside = zoned and zone[person] >= KEPT_IN
                ill, well = ill_from(slot), ill_until(slot)
                book_away(away, -1, day, district, sector, until, ill, well, inside)
                book_away(away, 1, day, district, sector, out, ill, well, inside)
        held_until[person] = out
        facility_until[person] = min(facility_until[person], out)
        slots[found[i]]["held_until"] = min(slot["held_until"], out)


@kernel
def _plan(
    tests_due: Any, tests: Any, by: Any, start: Any, first: Any, until: Any, district: Any
) -> None:
    """One more to be sampled on the test days after `first` up to and with `until`; or one less.

    The days of both tempos are put down: that of the district is known on the day.
    """
    last = tests_due.shape[1] - 1
    for row in range(tests.shape[0]):
        for j in range(tests.shape[1]):
            on = np.int64(start) + tests[row, j]
            if tests[row, j] and first < on <= until and on < last:
                tests_due[row, on, district] += by


@kernel
def _stay(moves: Any, district: Any, first: Any, until: Any, last: Any) -> None:
    """One more from `first` up to `until`; the other way round takes it back."""
    moves[min(first, last), district] += 1
    moves[min(until, last), district] -= 1
