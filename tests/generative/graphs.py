"""Random loops: every graph that `Loop` admits, with custody and yielding stages in it."""

from hypothesis import strategies as st

from tongchou import playbook
from tongchou.loops import Handoff, Loop
from tongchou.playbook import Playbook
from tongchou.staff.roles import Role

NAMES = ("g0", "g1", "g2")
STAGES = ("s0", "s1", "s2", "s3")
ENDS = ("e0", "e1")
ROLES = [str(role) for role in Role]


@st.composite
def loops(draw: st.DrawFn, name: str) -> Loop:
    """A loop of one to four stages: each can be reached, and from each an end can be."""
    rows = STAGES[: draw(st.integers(1, len(STAGES)))]
    to: dict[str, list[str]] = {}
    for place, stage in enumerate(rows):
        onward = [*rows[place + 1 :], *ENDS]  # one step forward at least, so no way is a circle
        forward = draw(st.lists(st.sampled_from(onward), min_size=1, max_size=3, unique=True))
        back = draw(st.lists(st.sampled_from(rows[: place + 1]), max_size=1))
        to[stage] = [*forward, *(b for b in back if b != stage)]
    for place, stage in enumerate(rows[1:], start=1):
        if not any(stage in to[before] for before in rows[:place]):
            to[draw(st.sampled_from(rows[:place]))].append(stage)
    custody = {stage: draw(st.booleans()) for stage in rows}
    return Loop(name, tuple(draw(_row(stage, tuple(to[stage]), custody)) for stage in rows))


@st.composite
def _row(draw: st.DrawFn, stage: str, to: tuple[str, ...], custody: dict[str, bool]) -> Handoff:
    lets_go = [""] + [target for target in to if not custody.get(target, False)]
    return Handoff(
        stage,
        draw(st.sampled_from(ROLES)),
        to,
        received_by=draw(st.sampled_from(["", *ROLES])),
        custody=custody[stage],
        yields=draw(st.sampled_from(lets_go)) if custody[stage] else "",
    )


def policy(version: int) -> Playbook:
    """One of a few playbooks that give every stage of every random loop other allowances."""
    base = playbook.load("cn-2022-06").text.replace('id = "cn-2022-06"', f'id = "v{version}"')
    tables = [
        f"\n[deadlines.{name}]\n"
        + "".join(
            f'{stage} = {{ peace = "{40 + 25 * version + 10 * place}m", war = "{20 + 9 * version}m"'
            f', source = "random", truth = "memory" }}\n'
            for place, stage in enumerate(STAGES)
        )
        for name in NAMES
    ]
    return playbook.parse(base + "".join(tables))
