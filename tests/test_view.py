"""Views: what a run reads is what it pinned."""

from pathlib import Path

import pytest

from pipeline.model.errors import (
    InputChangedError,
)
from pipeline.model.tables import MEMBERSHIPS
from pipeline.store.local import LocalStorage
from pipeline.store.view import View
from pipeline.store.warehouse import Warehouse
from tests.conftest import DAY
from tests.memberships import rows


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(LocalStorage(tmp_path))


def test_a_view_reads_what_it_pinned_or_fails(warehouse: Warehouse) -> None:
    """What was replaced since is not read in its place; what was read before is still what was pinned."""
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))
    view = View(warehouse, [(MEMBERSHIPS, DAY)])
    assert view.read(MEMBERSHIPS, DAY, ["article_id"])["article_id"].to_pylist() == ["a"]

    somebody_else = Warehouse(warehouse.storage)
    somebody_else.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a", "b")))

    assert view.read(MEMBERSHIPS, DAY, ["article_id"])["article_id"].to_pylist() == ["a"]
    with pytest.raises(InputChangedError, match="was replaced while it was being read"):
        view.read(MEMBERSHIPS, DAY)


def test_to_a_view_a_day_without_rows_is_a_day_that_is_not_there(warehouse: Warehouse) -> None:
    """So that an empty day that was run and one that was not make no difference to later days."""
    absent = View(warehouse, [(MEMBERSHIPS, DAY)]).digests
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.empty())

    assert {} == absent == View(warehouse, [(MEMBERSHIPS, DAY)]).digests
