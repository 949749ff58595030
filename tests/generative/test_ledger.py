"""Random loops played against a replay in memory: one open leg, one pair of hands, no lost second.

Stale desks, re-deliveries, moves, tempos, playbooks, late and double sweeps, clocks that run
behind, and crashes between any two statements: after each of them the database says what the
replay says, to the row.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import little_city
from tests.generative.graphs import ENDS, NAMES, STAGES, loops, policy
from tests.generative.replay import Refused, Replay
from tongchou.command import actions as command
from tongchou.command.errors import NothingToChange
from tongchou.ledger import actions, adoption, registry
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Gap, Handoff, Passage
from tongchou.ledger.sweeping import sweep
from tongchou.records.models import AuditEvent

PEOPLE = ("", "AAAA", "BBBB")
PLAYBOOKS = [policy(version) for version in range(3)]
PLACES = ("990102001001", "990102002001", "990103001001")
TOPS = ("990100", "990102", "990103")
TARGETS = st.sampled_from((*STAGES, *ENDS))
AHEAD = st.sampled_from((0, 0, 1, 20, 90, 400, 3000))  # minutes


class Crash(Exception):
    """The power goes, between two statements."""


# What ends or begins a transaction is the database's own: here it is a savepoint of the test's.
BOUNDS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def crash_at(statement: int) -> Iterator[None]:
    """Let the given statement, and none before it, never reach the database."""
    left = [statement]

    def wrapper(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if not sql.startswith(BOUNDS):
            left[0] -= 1
            if left[0] == 0:
                raise Crash
        return execute(sql, *args)

    with connection.execute_wrapper(wrapper):
        yield


class Played(RuleBasedStateMachine):
    """The ledger under whatever a city may do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.fails = False
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.city = little_city.build()
        self.now = self.city.at()
        self.kept = dict(registry._loops), dict(registry._listeners)
        registry._listeners.clear()
        paths = {code: area.path for code, area in self.city.areas.items()}
        self.paths = paths
        self.replay = Replay(dict.fromkeys(paths.values(), "peace"))
        self.seen: list[Passage] = []
        self.closed: dict[int, tuple[Any, ...]] = {}
        self._adopt(PLAYBOOKS[0], at=self.now - timedelta(days=1))

    @initialize(graphs=st.tuples(*(loops(name) for name in NAMES)))
    def register(self, graphs: tuple[Any, ...]) -> None:
        for loop in graphs:
            registry.register(loop)
            for stage in loop.stages:
                registry.on_stage(loop.name, stage, self._follows)

    def teardown(self) -> None:
        registry._loops.clear()
        registry._loops.update(self.kept[0])
        registry._listeners.clear()
        registry._listeners.update(self.kept[1])
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def _follows(self, passage: Passage, *, by: Any, now: datetime) -> None:
        if self.fails:
            raise Crash

    # --- acts ----------------------------------------------------------------------------------

    @rule(
        name=st.sampled_from(NAMES),
        place=st.sampled_from(PLACES),
        person=st.sampled_from(PEOPLE),
        by_system=st.booleans(),
    )
    def start(self, name: str, place: str, person: str, by_system: bool) -> None:
        loop = registry.get(name)

        def act() -> Passage:
            return actions.start(
                loop=loop,
                area=self.city.area(place),
                title=f"{name} {person}",
                by=None if by_system else self.city.qian,
                now=self.now,
                person_key=person,
            )

        expected = self._expected(lambda r: r.may_start(loop, person, by_system=by_system))
        passage = self._try(act, expected)
        if passage is not None:
            self.replay.start(
                loop, self.paths[place], person, self.now, key=passage.pk, by_system=by_system
            )
            self.seen.append(passage)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), to=TARGETS, later=st.sampled_from((0, 0, 0, 60)))
    def hand_over(self, data: st.DataObject, to: str, later: int) -> None:
        """What some desk saw, perhaps long ago, handed on to some stage, perhaps a wrong one."""
        passage = self._pick(data)
        self._hand_over(passage, self._likely(data, passage, to), later=later)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), to=TARGETS)
    def deliver_twice(self, data: st.DataObject, to: str) -> None:
        passage = self._pick(data)
        to = self._likely(data, passage, to)
        again = copy.copy(passage)
        self._hand_over(passage, to)
        self._hand_over(again, to)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), to=TARGETS, behind=st.integers(1, 300))
    def hand_over_by_a_slow_clock(self, data: st.DataObject, to: str, behind: int) -> None:
        passage = self._pick(data)
        now, self.now = self.now, self.now - timedelta(minutes=behind)
        self._hand_over(passage, self._likely(data, passage, to))
        self.now = now

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), to=TARGETS, statement=st.integers(1, 11))
    def crash_in_a_hand_over(self, data: st.DataObject, to: str, statement: int) -> None:
        passage = self._pick(data)
        with crash_at(statement):
            self._hand_over(passage, self._likely(data, passage, to))

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), to=TARGETS)
    def crash_in_what_follows(self, data: st.DataObject, to: str) -> None:
        passage = self._pick(data)
        self.fails = True
        self._hand_over(passage, self._likely(data, passage, to))
        self.fails = False

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), place=st.sampled_from(PLACES), statement=st.integers(0, 7))
    def move(self, data: st.DataObject, place: str, statement: int) -> None:
        passage = self._pick(data)
        seen, area = (passage.stage, passage.n_legs), self.city.area(place)

        def act() -> Passage:
            return actions.move(passage=passage, area=area, by=self.city.qian, now=self.now)

        def expect(replay: Replay) -> None:
            if passage.area_id == place and replay.ways[passage.pk].loop.at(passage.stage):
                raise Refused("LedgerError")  # by what the desk saw, before anything is asked
            replay.move(passage.pk, seen, area.path, self.now)

        with crash_at(statement or 10_000):
            self._play(act, expect, passage)

    @rule(top=st.sampled_from(TOPS), tempo=st.sampled_from(("peace", "war")))
    def switch(self, top: str, tempo: str) -> None:
        area = self.city.area(top)
        try:
            command.activate(area=area, tempo=tempo, by=None, now=self.now)
        except NothingToChange:
            pass
        else:
            self.replay.switch(area.path, tempo, self.now)

    @rule(version=st.integers(0, len(PLAYBOOKS) - 1))
    def adopt(self, version: int) -> None:
        self._adopt(PLAYBOOKS[version])

    @rule(minutes=AHEAD)
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(
        late=st.sampled_from((30, 60, 100, 300, 2000)),
        twice=st.booleans(),
        statement=st.sampled_from((0, 0, 0, 0, 1, 3, 5)),
    )
    def sweep(self, late: int, twice: bool, statement: int) -> None:
        self.now += timedelta(minutes=late)
        try:
            with crash_at(statement or 10_000):
                sweep(now=self.now)
        except Crash:
            return
        self.replay.sweep(self.now)
        if twice:
            assert sweep(now=self.now).n_raised == 0

    @precondition(lambda self: self.closed)
    @rule(data=st.data(), verb=st.sampled_from(("update", "delete")))
    def tamper(self, data: st.DataObject, verb: str) -> None:
        """Nobody edits or deletes a leg that has ended, not even with the ORM in hand."""
        leg = Handoff.objects.filter(pk=data.draw(st.sampled_from(sorted(self.closed))))
        with pytest.raises(DatabaseError), transaction.atomic():
            if verb == "update":
                leg.update(outcome="e1")
            else:
                leg._raw_delete(leg.db)

    # --- what must hold ------------------------------------------------------------------------

    @invariant()
    def the_database_says_what_the_replay_says(self) -> None:
        stored = {p.pk: p for p in Passage.objects.all()}
        assert stored.keys() == self.replay.ways.keys()
        for key, way in self.replay.ways.items():
            passage = stored[key]
            found = (passage.stage, passage.area_path, passage.holds, passage.closed_at)
            assert found == (way.stage, way.area, way.holds, way.closed_at)
        assert self._stored_legs() == {
            (key, leg.number): tuple(vars(leg).values())
            for key, way in self.replay.ways.items()
            for leg in way.legs
        }

    @invariant()
    def gaps_are_those_of_the_replay(self) -> None:
        fields = ("opened_at", "rung", "raised_at", "climbed_at", "closed_at", "reason")
        stored: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
        for gap in Gap.objects.order_by("id").values_list(
            "handoff__passage_id", "handoff__number", *fields
        ):
            stored.setdefault((gap[0], gap[1]), []).append(gap[2:])
        assert stored == {
            (key, number): [tuple(vars(gap).values()) for gap in gaps]
            for key, way in self.replay.ways.items()
            for number, gaps in way.gaps.items()
            if gaps
        }

    @invariant()
    def every_open_passage_has_exactly_one_open_leg(self) -> None:
        open_legs = sorted(
            Handoff.objects.filter(done_at=None).values_list("passage_id", flat=True)
        )
        open_passages = Passage.objects.filter(closed_at=None).values_list("pk", flat=True)
        assert open_legs == sorted(open_passages)

    @invariant()
    def a_person_is_in_one_pair_of_hands_from_taking_to_letting_go(self) -> None:
        """The legs of custody stages, laid end to end, are what the replay's log of hands says."""
        for person in PEOPLE[1:]:
            spells = self._custody(person)
            for (_was, _from, until), (_next, start, _to) in pairwise(spells):
                assert until is not None and until <= start  # no overlap
            assert _as_log(spells) == _settled(self.replay.hands.get(person, []))

    @invariant()
    def what_has_ended_never_changes(self) -> None:
        ended = {leg[0]: leg for leg in Handoff.objects.exclude(done_at=None).values_list()}
        for key, before in self.closed.items():
            assert ended[key] == before
        self.closed = ended

    @invariant()
    def every_hand_over_is_in_the_audit_once(self) -> None:
        n_closed = Handoff.objects.exclude(done_at=None).count()
        told = AuditEvent.objects.filter(verb__in=("ledger.hand_over", "ledger.move"))
        assert told.count() == n_closed

    # --- how -----------------------------------------------------------------------------------

    def _pick(self, data: st.DataObject) -> Passage:
        """A passage as some desk has it on its screen; half the time as it is now."""
        passage = data.draw(st.sampled_from(self.seen))
        if data.draw(st.booleans()):
            passage = Passage.objects.get(pk=passage.pk)
        else:
            passage = copy.copy(passage)
        self.seen.append(copy.copy(passage))
        del self.seen[:-40]
        return passage

    def _likely(self, data: st.DataObject, passage: Passage, to: str) -> str:
        """Mostly a way on that the loop allows: a random one would nearly always be refused."""
        awaited = registry.get(passage.loop).at(passage.stage)
        if awaited is None or data.draw(st.integers(0, 4)) == 0:
            return to
        return data.draw(st.sampled_from(awaited.to))

    def _hand_over(self, passage: Passage, to: str, later: int = 0) -> None:
        seen = (passage.stage, passage.n_legs)
        timed_from = self.now + timedelta(minutes=later) if later else None

        def act() -> Passage:
            return actions.hand_over(
                passage=passage, to=to, by=self.city.qian, now=self.now, timed_from=timed_from
            )

        def expect(replay: Replay) -> None:
            replay.hand_over(passage.pk, seen, to, self.now, timed_from)

        self._play(act, expect, passage)

    def _play(
        self, act: Callable[[], Any], expect: Callable[[Replay], None], passage: Passage
    ) -> None:
        """Do it in the ledger and in the replay; both do it, or both refuse for the same reason."""
        before = dict(vars(passage))
        wanted, ahead = "", copy.deepcopy(self.replay)
        try:
            expect(ahead)
        except Refused as refused:
            wanted = refused.why
        try:
            act()
        except Crash:
            self._unchanged(passage, before)
        except LedgerError as refusal:
            assert type(refusal).__name__ == wanted
            self._unchanged(passage, before)
        else:
            assert wanted == ""
            self.replay = ahead

    def _unchanged(self, passage: Passage, before: dict[str, Any]) -> None:
        """An act that did not happen leaves no trace on what the desk holds either."""
        for name in ("stage", "n_legs", "holds", "closed_at", "area_id", "area_path"):
            assert vars(passage)[name] == before[name]

    def _expected(self, ask: Callable[[Replay], None]) -> str:
        try:
            ask(self.replay)
        except Refused as refused:
            return refused.why
        return ""

    def _try(self, act: Callable[[], Passage], expected: str) -> Passage | None:
        try:
            done = act()
        except LedgerError as refusal:
            assert type(refusal).__name__ == expected
            return None
        assert expected == ""
        return done

    def _adopt(self, playbook: Any, at: datetime | None = None) -> None:
        now = at or self.now
        text = playbook.text
        proposal = adoption.propose(text=text, reason="复盘", by=self.city.mayor, now=now)
        adoption.adopt(adoption=proposal, by=self.city.gao, now=now)
        self.replay.adopt(playbook, now)

    def _stored_legs(self) -> dict[tuple[int, int], tuple[Any, ...]]:
        rows = Handoff.objects.values_list(
            "passage_id",
            "number",
            "stage",
            "area_path",
            "opened_at",
            "timed_from",
            "due_at",
            "playbook",
            "done_at",
            "outcome",
        )
        return {(row[0], row[1]): row[1:] for row in rows}

    def _custody(self, person: str) -> list[tuple[int, datetime, datetime | None]]:
        """Who held the person from when until when, legs of one passage joined."""
        legs = Handoff.objects.filter(passage__person_key=person).order_by("opened_at", "id")
        spells: list[tuple[int, datetime, datetime | None]] = []
        for key, loop, stage, start, end in legs.values_list(
            "passage_id", "loop", "stage", "opened_at", "done_at"
        ):
            if not registry.get(loop).holds(stage):
                continue
            if spells and spells[-1][0] == key and spells[-1][2] == start:
                spells[-1] = (key, spells[-1][1], end)
            else:
                spells.append((key, start, end))
        return sorted(
            spells, key=lambda s: (s[1], s[2] or datetime.max.replace(tzinfo=s[1].tzinfo))
        )


def _as_log(spells: list[tuple[int, datetime, datetime | None]]) -> list[tuple[datetime, Any]]:
    log: list[tuple[datetime, Any]] = []
    for key, start, end in spells:
        log.append((start, key))
        if end is not None:
            log.append((end, None))
    return _settled(log)


def _settled(log: list[tuple[datetime, Any]]) -> list[tuple[datetime, Any]]:
    """The log without moments of no length: of all entries of one second the last one stands."""
    last = dict(log)
    kept: list[tuple[datetime, Any]] = []
    for moment, key in sorted(last.items()):
        if not kept or kept[-1][1] != key:
            kept.append((moment, key))
    return kept if kept and kept[0][1] is not None else kept[1:]


@pytest.mark.django_db
def test_the_ledger_is_its_replay() -> None:
    steps = settings(
        max_examples=settings.default.max_examples * 3 // 5,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[phase for phase in Phase if phase is not Phase.explain],
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(Played, settings=steps)
