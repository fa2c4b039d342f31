"""Partitions: published once, replaced only when they say something else."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.day.publish import refuse_late
from pipeline.model.errors import (
    ContractError,
    MissingInputError,
    OvertakenError,
    PublishError,
)
from pipeline.model.internal_tables import BUCKETS, TERMS
from pipeline.model.tables import MEMBERSHIPS
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import MISSING, Warehouse
from tests.conftest import DAY
from tests.memberships import rows


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(LocalStorage(tmp_path))


def test_the_same_rows_touch_no_file(warehouse: Warehouse) -> None:
    """A second publication of the same rows, in another order, changes nothing on disk."""
    first = warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a", "b")))
    before = {e.path: e.version for e in warehouse.storage.walk("")}

    second = warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("b", "a")))

    assert (first.changed, second.changed) == (True, False)
    assert first.digest == second.digest
    assert before == {e.path: e.version for e in warehouse.storage.walk("") if "locks" not in e.path} | {
        p: v for p, v in before.items() if "locks" in p
    }


def test_nothing_but_parquet_stands_under_a_table(warehouse: Warehouse) -> None:
    """Manifests, locks and state are under _meta, where no reader of tables looks."""
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))
    warehouse.publish(TERMS, DAY, TERMS.empty())

    assert warehouse.storage.folders("") == ["_meta", "changes", "memberships"]
    assert [f"memberships/day={DAY}/part-0.parquet"] == [
        e.path for e in warehouse.storage.walk("memberships")
    ]


def test_a_lost_manifest_is_made_again(warehouse: Warehouse) -> None:
    """A crash between the file and its manifest is mended by the next publication, which leaves the file alone."""
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))
    manifest = warehouse.manifest(MEMBERSHIPS, DAY)
    warehouse.storage.delete(f"_meta/manifests/memberships/day={DAY}.json")

    again = warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))

    assert not again.changed
    assert manifest == warehouse.manifest(MEMBERSHIPS, DAY)


def test_the_digest_is_of_what_stands_there(warehouse: Warehouse) -> None:
    """A file that was replaced without its manifest is digested again, and a file that is gone is missing."""
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))
    kept = warehouse.storage.read(f"_meta/manifests/memberships/day={DAY}.json")
    other = warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("b")))
    warehouse.storage.replace(
        f"_meta/manifests/memberships/day={DAY}.json", lambda sink: sink.write(kept) and None
    )

    assert other.digest == warehouse.digest(MEMBERSHIPS, DAY)

    warehouse.storage.delete(warehouse.path(MEMBERSHIPS, DAY))

    assert warehouse.digest(MEMBERSHIPS, DAY) == MISSING


def test_a_broken_contract_replaces_nothing(warehouse: Warehouse) -> None:
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))

    with pytest.raises(ContractError):
        warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("b", "b")))

    assert warehouse.read(MEMBERSHIPS, DAY)["article_id"].to_pylist() == ["a"]


def test_a_day_that_is_not_there_is_named(warehouse: Warehouse) -> None:
    with pytest.raises(MissingInputError, match=f"no memberships for {DAY}"):
        warehouse.read(MEMBERSHIPS, DAY)


class _Swept(LocalStorage):
    """A folder in which `gc` takes the file away just before it is replaced."""

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:
        if path.endswith(".parquet"):
            self.delete(path)
        return super().replace(path, fill, expected)


def test_state_that_gc_takes_away_while_it_is_replaced_is_written(tmp_path: Path) -> None:
    warehouse = Warehouse(LocalStorage(tmp_path))
    warehouse.publish(BUCKETS, DAY, BUCKETS.empty())
    row = {"bucket": 1, "article": b"a" * 16, "context": 0}

    Warehouse(_Swept(tmp_path)).publish(BUCKETS, DAY, BUCKETS.table([row]))

    assert 1 == warehouse.read(BUCKETS, DAY).num_rows


def test_a_published_table_that_went_meanwhile_is_not_written(tmp_path: Path) -> None:
    """Its version was given: whoever took it away came later."""
    warehouse = Warehouse(LocalStorage(tmp_path))
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))
    base = warehouse.version(MEMBERSHIPS, DAY)

    with pytest.raises(OvertakenError):
        Warehouse(_Swept(tmp_path)).publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("b")), base=base)


def test_what_came_after_a_run_began_is_not_replaced(warehouse: Warehouse) -> None:
    """A late publisher is told so before anything of it is written; one whose rows are there already is not."""
    expected = warehouse.versions([MEMBERSHIPS], DAY)
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("newer")))
    late = MEMBERSHIPS.arrange(MEMBERSHIPS.table(rows("older")))

    with pytest.raises(PublishError, match="was published by another run since this one began"):
        refuse_late(warehouse, [MEMBERSHIPS], DAY, {"memberships": late}, expected)
    with pytest.raises(PublishError, match="was published by another run since this one began"):
        warehouse.publish(MEMBERSHIPS, DAY, late, base=expected["memberships"])

    same = MEMBERSHIPS.arrange(MEMBERSHIPS.table(rows("newer")))
    refuse_late(warehouse, [MEMBERSHIPS], DAY, {"memberships": same}, expected)
    assert not warehouse.publish(MEMBERSHIPS, DAY, same, base=expected["memberships"]).changed
