"""What the explorer shows of one reject."""

from pathlib import Path

import pytest

from pipeline.app.rejects import rejects
from pipeline.day.run import run_day
from pipeline.model.kinds import Reject
from pipeline.model.tables import ARTICLES
from tests import takedowns
from tests.explored import FIRST, Explored, copied, opened
from tests.world import be_quick


def test_bytes_of_a_removed_document_are_not_shown_though_the_landing_zone_has_them(
    explored: Explored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says the same as the command."""
    be_quick(monkeypatch)
    world = copied(explored, tmp_path / "world")
    refs = world.desk().warehouse.read(ARTICLES, FIRST)["raw_ref"].to_pylist()
    takedowns.take_down_an_article(world, FIRST, 0)
    run_day(world.desk(), FIRST)

    page = opened(world).source.reject(FIRST, refs[0])
    (told,) = rejects(world.desk(), [FIRST], Reject.REMOVED, 1)

    assert Reject.REMOVED == page.reject.reason
    assert (None, True) == (page.head, "newsfold remove" in str(page.note))
    assert (page.head, page.note) == (told["documents"][0]["head"], told["documents"][0]["note"])
