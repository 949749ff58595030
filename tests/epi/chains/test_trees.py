import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.chains import trees
from tongchou.epi.chains.infectors import infer
from tongchou.epi.chains.intervals import serial_interval
from tongchou.epi.chains.pairs import Pairs

BACKWARDS = serial_interval("normal", mean=1, sd=3)


def grown(onset, links, **how):
    source, target, *weight = zip(*links, strict=True)
    found = infer(Pairs.of(onset, source, target, *weight), BACKWARDS, **how)
    return found, trees.most_likely(found)


def test_a_chain_has_its_source_and_its_generations():
    _, tree = grown([0, 1, 2], [(0, 1), (1, 2)], outside=0.01)

    assert tree.infector.tolist() == [-1, 0, 1]
    assert tree.source.tolist() == [0, 0, 0]
    assert tree.generation.tolist() == [0, 1, 2]


def test_a_circle_is_broken_where_the_next_best_costs_least():
    # 0 and 1 name each other; 1 has met 2 as well and can do without 0
    links = [(0, 1, 5.0), (1, 0, 5.0), (2, 1, 4.0)]
    _, tree = grown([3, 3, 2], links, outside=0.05, offspring_prior=False)

    assert tree.infector.tolist() == [1, 2, -1]
    assert tree.n_broken == 1


def test_a_circle_without_a_way_out_begins_outside():
    found, tree = grown([3, 3], [(0, 1), (1, 0)], outside=0.05)

    assert sorted(tree.infector.tolist()) == [-1, 0] or sorted(tree.infector.tolist()) == [-1, 1]
    assert tree.probability[tree.infector < 0] == found.outside[tree.infector < 0]


def test_a_case_from_outside_stands_alone():
    found, tree = grown([0, 1, 60], [(0, 1), (1, 2)], outside=0.2)
    groups = trees.clusters(found, tree)

    assert [group.members.tolist() for group in groups] == [[0, 1], [2]]
    assert groups[0].source == 0
    assert groups[1].p_source == 1


def test_a_cluster_says_how_sure_it_hangs_together():
    found, tree = grown([0, 1, 2], [(0, 1), (1, 2)], outside=0.1)
    (group,) = trees.clusters(found, tree)

    assert len(group) == 3
    assert group.p_together == np.mean(found.probability)


@given(
    st.integers(2, 9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.floats(0.1, 9)), min_size=1),
)
def test_a_tree_never_bites_its_tail(n, links):
    links = [(a % n, b % n, w) for a, b, w in links if a % n != b % n] or [(0, 1, 1.0)]
    found, tree = grown([0] * n, links, outside=0.01)
    for case in range(n):
        seen = set()
        while case >= 0:
            assert case not in seen
            seen.add(case)
            case = int(tree.infector[case])
    members = np.concatenate([group.members for group in trees.clusters(found, tree)])

    assert sorted(members.tolist()) == list(range(n))
