"""Components and breadth-first order of a graph, against SciPy's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, shortest_path

from pipeline.kernels.graphs import breadth_first, components


@given(st.integers(1, 60), st.integers(0, 90), st.integers(0, 2**32))
def test_nodes_have_one_name_if_a_path_leads_from_one_to_the_other(n: int, n_edges: int, seed: int) -> None:
    """That of the lowest node of their component."""
    one, other = np.random.default_rng(seed).integers(0, n, (2, n_edges))

    found = components(one, other, n)

    labels = connected_components(coo_matrix((np.ones(n_edges), (one, other)), (n, n)), directed=False)[1]
    lowest = [int(np.flatnonzero(labels == label)[0]) for label in labels]
    assert lowest == found.tolist()


@given(st.integers(1, 60), st.integers(0, 90), st.integers(0, 2**32))
def test_each_node_has_one_place_and_components_stand_together(n: int, n_edges: int, seed: int) -> None:
    one, other = np.random.default_rng(seed).integers(0, n, (2, n_edges))

    place = breadth_first(one, other, n)

    assert list(range(n)) == sorted(place)
    names = components(one, other, n)[np.argsort(place)]
    assert np.count_nonzero(np.diff(names)) + 1 == len(set(names))


@given(st.integers(1, 60), st.integers(0, 90), st.integers(0, 2**32))
def test_a_component_is_searched_breadth_first_from_its_lowest_node(n: int, n_edges: int, seed: int) -> None:
    one, other = np.random.default_rng(seed).integers(0, n, (2, n_edges))
    graph = coo_matrix((np.ones(n_edges), (one, other)), (n, n))
    steps = shortest_path(
        graph, directed=False, unweighted=True, indices=np.unique(components(one, other, n))
    )

    order = np.argsort(breadth_first(one, other, n))

    for away in steps:
        found = away[order]
        assert np.all(np.diff(found[np.isfinite(found)]) >= 0)


def test_without_edges_each_node_is_a_component() -> None:
    none = np.zeros(0, np.int64)
    assert [0, 1, 2] == components(none, none, 3).tolist()
    assert not len(components(none, none, 0))
