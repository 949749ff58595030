"""Where nodes stand: the same every time, sources left."""

from hypothesis import given
from hypothesis import strategies as st

from tongchou.shell.charts import layout

NAMES = [str(n) for n in range(8)]
graphs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=20)


def test_a_chain_runs_from_left_to_right() -> None:
    at = layout.layers(["a", "b", "c"], [("a", "b"), ("b", "c")])
    assert [at[i][0] for i in "abc"] == [0, 1, 2]


def test_a_node_stands_right_of_its_farthest_source() -> None:
    at = layout.layers(list("abc"), [("a", "c"), ("a", "b"), ("b", "c")])
    assert at["c"][0] == 2


def test_a_circle_is_cut_where_it_closes() -> None:
    at = layout.layers(["a", "b"], [("a", "b"), ("b", "a"), ("a", "a")])
    assert at["a"][0] < at["b"][0]


def test_siblings_do_not_stand_on_each_other() -> None:
    at = layout.layers(list("abcd"), [("a", "b"), ("a", "c"), ("a", "d")])
    assert len({at[i][1] for i in "bcd"}) == 3


@given(graphs)
def test_any_graph_is_placed_whole_and_nobody_twice(edges: list[tuple[str, str]]) -> None:
    at = layout.layers(NAMES, edges)
    assert set(at) == set(NAMES)
    assert len({(x, round(y, 6)) for x, y in at.values()}) == len(NAMES)


@given(graphs)
def test_the_same_graph_is_drawn_the_same(edges: list[tuple[str, str]]) -> None:
    assert layout.forces(NAMES, edges) == layout.forces(NAMES, edges)


def test_linked_nodes_come_closer_than_strangers() -> None:
    at = layout.forces(list("abcd"), [("a", "b"), ("c", "d")])

    def gap(i: str, j: str) -> float:
        return ((at[i][0] - at[j][0]) ** 2 + (at[i][1] - at[j][1]) ** 2) ** 0.5

    assert gap("a", "b") < gap("a", "c") and gap("c", "d") < gap("b", "d")
