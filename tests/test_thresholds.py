"""What other thresholds would give."""

import pytest

from pipeline.explorer import thresholds
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.kinds import Kind
from pipeline.model.tables import LINKS, MEMBERSHIPS
from tests.explored import Explored


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


def test_thresholds_count_what_is_stored(snapshot: Snapshot) -> None:
    found = thresholds.thresholds(snapshot, snapshot.days(LINKS), 0.5, 0.24, 5)
    rows = [row for when in snapshot.days(LINKS) for row in snapshot.read(LINKS, when).to_pylist()]
    places = [row for when in snapshot.days(LINKS) for row in snapshot.read(MEMBERSHIPS, when).to_pylist()]
    decided = [row["jaccard"] for row in rows if row["reason"] in {"shared shingles", "too little in common"}]

    for at in found.copies:
        assert sum(jaccard >= at.threshold for jaccard in decided) == at.n
    assert [0.5] == [at.threshold for at in found.copies if at.is_current]
    scores = [row["story_score"] for row in places if row["kind"] == Kind.REPORT]
    assert [sum(s >= at.threshold for s in scores) for at in found.reports] == [at.n for at in found.reports]
    assert sorted(one.jaccard for one in found.accepted) == [one.jaccard for one in found.accepted]
    assert sorted((one.jaccard for one in found.refused), reverse=True) == [
        one.jaccard for one in found.refused
    ]
