"""A loop that could lose somebody cannot be built."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.loops import Handoff, Loop, LoopError


def test_a_loop_begins_at_its_first_row() -> None:
    loop = Loop("tube", (Handoff("taken", "sampler", ("at_lab",)),))
    assert loop.start == "taken"
    assert loop.ends == {"at_lab"}


def test_a_stage_has_one_row_only() -> None:
    with pytest.raises(LoopError, match="two rows"):
        Loop("tube", (Handoff("a", "lab", ("b",)), Handoff("a", "lab", ("c",))))


def test_a_stage_nobody_can_reach_is_refused() -> None:
    with pytest.raises(LoopError, match=r"no way in to \['lost'\]"):
        Loop("tube", (Handoff("a", "lab", ("b",)), Handoff("lost", "lab", ("b",))))


def test_a_circle_without_a_way_out_is_refused() -> None:
    with pytest.raises(LoopError, match="no way out"):
        Loop("tube", (Handoff("a", "lab", ("b",)), Handoff("b", "lab", ("a",))))


def test_an_empty_loop_is_refused() -> None:
    with pytest.raises(LoopError, match="at least one"):
        Loop("nothing", ())


def test_a_hand_off_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(LoopError, match="somewhere to go"):
        Handoff("a", "lab", ())


def test_the_same_outcome_twice_is_refused() -> None:
    with pytest.raises(LoopError, match="listed twice"):
        Handoff("a", "lab", ("b", "b"))


def test_what_is_yielded_must_be_an_outcome() -> None:
    with pytest.raises(LoopError, match="not an outcome"):
        Handoff("ill", "site", ("admitted",), custody=True, yields="released")


def test_only_hands_that_hold_a_person_can_yield_one() -> None:
    with pytest.raises(LoopError, match="only a custody stage"):
        Handoff("ill", "site", ("admitted",), yields="admitted")


def test_the_receiver_signs_where_one_is_named() -> None:
    assert Handoff("bus", "transport", ("hotel",), received_by="quarantine_site").signer == (
        "quarantine_site"
    )
    assert Handoff("desk", "cdc", ("done",)).signer == "cdc"


def test_a_person_is_held_only_in_custody_stages() -> None:
    loop = Loop("stay", (Handoff("bus", "transport", ("out",), custody=True),))
    assert loop.custody
    assert loop.holds("bus")
    assert not loop.holds("out")


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 8)), min_size=1, max_size=12))
def test_every_stage_of_a_built_loop_leads_to_an_end(edges: list[tuple[int, int]]) -> None:
    """Whatever graph is drawn: it is refused, or each stage reaches an end."""
    to: dict[str, list[str]] = {}
    for a, b in edges:
        if f"s{b}" not in to.setdefault(f"s{a}", []):
            to[f"s{a}"].append(f"s{b}")
    try:
        loop = Loop("drawn", tuple(Handoff(s, "cdc", tuple(t)) for s, t in to.items()))
    except LoopError:
        return
    for row in loop:
        seen, queue = set(), [row.stage]
        while queue:
            stage = queue.pop()
            if stage not in seen:
                seen.add(stage)
                here = loop.at(stage)
                queue += here.to if here else ()
        assert seen & loop.ends
