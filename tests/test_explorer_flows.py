"""Who takes from whom, as the reading layer tells it."""

import pytest

from pipeline.explorer import flows
from pipeline.explorer.snapshot import Snapshot
from tests.explored import FIRST, Explored


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


def test_flows_name_sources_and_takers(snapshot: Snapshot) -> None:
    found = flows.flows(snapshot, [FIRST], 10)

    assert found.n_flows == sum(edge["n_texts"] for edge in found.edges)
    assert found.n_flows == len(flows.rows_of(snapshot, [FIRST]))
    assert 0 == flows.flows(snapshot, [], 10).n_flows
