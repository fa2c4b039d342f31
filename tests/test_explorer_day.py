"""One day, as the reading layer tells it."""

from datetime import date

import pytest

from pipeline.explorer import day
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.errors import MissingInputError
from pipeline.model.tables import ARTICLES, REJECTS, RUNS
from tests.explored import FIRST, SECOND, Explored


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


@pytest.mark.parametrize("when", [FIRST, SECOND])
def test_the_funnel_of_a_day_conserves_its_rows(snapshot: Snapshot, when: date) -> None:
    page = day.day_page(snapshot, when)
    raw, articles, different, own, new = (step.n for step in page.funnel)
    aside = {one.name: one.n for one in page.aside}

    assert snapshot.read(ARTICLES, page.day).num_rows == articles
    assert raw - articles == snapshot.read(REJECTS, page.day).num_rows == sum(one.n for one in page.rejects)
    assert articles - own == sum(aside.values())
    assert raw >= articles >= different >= own >= new
    assert page.largest


def test_days_lead_to_their_neighbours(snapshot: Snapshot) -> None:
    page = day.day_page(snapshot, SECOND)

    assert (FIRST, snapshot.days(RUNS)[2]) == (page.previous, page.next)
    assert [FIRST, SECOND] == [one.day for one in page.volumes]
    with pytest.raises(MissingInputError):
        day.day_page(snapshot, FIRST.replace(year=2020))
