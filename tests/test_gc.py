"""What is taken away, and what never is."""

import os
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.day import run
from pipeline.extract import batch
from pipeline.model.contract import Contract
from pipeline.model.errors import MissingInputError
from pipeline.model.internal_tables import BUCKETS, SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, RUNS
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Leftover
from pipeline.upkeep import gc, repair, status
from pipeline.upkeep.status import State
from pipeline.upkeep.verify import verify
from tests.conftest import published
from tests.world import DAYS, World, at_once


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Five days with windows of one day."""
    monkeypatch.setattr(batch, "guard", at_once)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    world = World(tmp_path)
    world.settings["window_days"] = 1
    for n, day in enumerate(DAYS):
        world.put(day, "a.jsonl", [n, n + 5])
        run.run_day(world.desk(), day)
    return world


def leftovers(world: World, min_age_seconds: float = 0) -> list[Leftover]:
    desk = world.desk()
    return list(gc.leftovers(desk.landing, desk.warehouse, desk.settings, min_age_seconds))


def _days(world: World, contract: Contract) -> list[date]:
    warehouse = world.desk().warehouse
    return [day for day in DAYS if warehouse.has(contract, day)]


def test_a_file_that_a_killed_writer_left_goes_when_it_is_old_enough(world: World) -> None:
    staged = world.root / "warehouse" / "_meta" / "staging" / "abc"
    staged.write_bytes(b"half")

    assert [one for one in leftovers(world, 3600) if "staging" in one.what] == []

    for one in leftovers(world):
        one.remove()
    assert not staged.exists()


def test_state_outside_every_window_goes_and_the_rest_stays(world: World) -> None:
    for one in leftovers(world):
        one.remove()

    assert DAYS[3:] == _days(world, SIGNATURES)
    assert DAYS[2:] == _days(world, TERMS)


def test_state_that_earlier_versions_stored_goes(world: World) -> None:
    """Buckets are made of signatures when they are needed, and not kept any more."""
    world.desk().warehouse.publish(BUCKETS, DAYS[-1], BUCKETS.empty())

    for one in leftovers(world):
        one.remove()

    assert [] == _days(world, BUCKETS)
    assert {State.FRESH} == {s.state for s in status.status(world.desk())}


def test_no_published_file_is_touched_and_every_day_stays_fresh(world: World) -> None:
    before = published(world.root / "warehouse")

    for one in leftovers(world):
        one.remove()

    assert before == published(world.root / "warehouse")
    assert {State.FRESH} == {s.state for s in status.status(world.desk())}
    for one in leftovers(world):  # folders that were emptied
        assert one.what.startswith("empty folder")
        one.remove()
    assert leftovers(world) == []


def test_nothing_stays_of_state_that_goes(world: World) -> None:
    """No manifest, no empty folder, no lock of a day; the next run makes what it needs of them."""
    world.desk().warehouse.publish(BUCKETS, DAYS[-1], BUCKETS.empty())
    for _ in range(2):
        for one in leftovers(world):
            one.remove()

    top = world.root / "warehouse"
    assert [] == [path for path in top.rglob("day=*") if path.is_dir() and not any(path.iterdir())]
    assert [f"day={day}.json" for day in DAYS[3:]] == sorted(
        p.name for p in (top / "_meta/manifests/signatures").iterdir()
    )
    assert [] == list((top / "_meta/manifests/buckets").iterdir())
    assert [] == [
        path for path in (top / "_meta/locks").rglob("*") if path.is_file() and path.parent.name != "locks"
    ]
    world.put(DAYS[0], "late.jsonl", [3, 8])
    list(repair.repair(world.desk(), DAYS))
    assert {State.FRESH} == {s.state for s in status.status(world.desk())}
    assert [] == list(verify(world.desk().warehouse))


def test_an_empty_folder_that_alone_says_that_there_was_a_day_stays(world: World) -> None:
    warehouse = world.desk().warehouse
    for contract in (RUNS, ARTICLES):
        warehouse.storage.delete(warehouse.path(contract, DAYS[0]))
    for one in leftovers(world):
        one.remove()

    assert (world.root / f"warehouse/articles/day={DAYS[0]}").is_dir()
    assert State.MISSING == status.status(world.desk())[0].state


def test_folders_and_locks_stay_while_they_are_young(world: World) -> None:
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(TERMS, DAYS[0]))

    assert [] == [one.what for one in leftovers(world, 3600) if "locks/" in one.what or "empty" in one.what]


def test_an_old_day_is_repaired_without_the_state_that_went(world: World, tmp_path: Path) -> None:
    """A late file after the cleaning gives what it gives without one: state is made again where it is asked for."""
    for one in leftovers(world):
        one.remove()
    world.put(DAYS[1], "late.jsonl", [3, 8])
    list(repair.repair(world.desk(), DAYS))

    clean = world.desk(warehouse="clean")
    for day in DAYS:
        run.run_day(clean, day)

    assert published(world.root / "clean") == published(world.root / "warehouse")


def test_extracted_documents_of_replaced_files_go(world: World) -> None:
    """What covers a file as it is now stays."""
    world.put(DAYS[0], "a.jsonl", [0, 5, 6])
    run.run_day(world.desk(), DAYS[0])

    found = [one.what for one in leftovers(world) if "extracted" in one.what]
    assert len(found) == 1
    assert f"extracted documents of {DAYS[0]} whose files were replaced or removed" in found[0]


def opened_segments(world: World, monkeypatch: pytest.MonkeyPatch, *, save: bool = False) -> list[str]:
    """The extracted documents that a cleaning opens; with `save`, it notes what they cover."""
    opened: list[str] = []
    real = LocalStorage.open

    def watch(self: LocalStorage, path: str, version: str | None = None) -> BinaryIO:
        opened.append(path)
        return real(self, path, version)

    desk = world.desk()
    heads = gc.index_of_heads(desk.warehouse)
    with monkeypatch.context() as patched:
        patched.setattr(LocalStorage, "open", watch)
        for one in list(gc.leftovers(desk.landing, desk.warehouse, desk.settings, 0, heads=heads)):
            one.remove()
    if save:
        heads.save()
    return [path for path in opened if path.startswith(layout.EXTRACTED)]


def test_what_extracted_documents_cover_is_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """`gc` writes it to an index. The next `gc` reads only what is new; without a readable index it reads everything again."""
    assert len(DAYS) == len(opened_segments(world, monkeypatch))
    assert len(DAYS) == len(opened_segments(world, monkeypatch, save=True))
    assert [] == opened_segments(world, monkeypatch)

    world.put(DAYS[1], "late.jsonl", [3])
    run.run_day(world.desk(), DAYS[1])
    assert 1 == len(opened_segments(world, monkeypatch, save=True))

    (world.root / "warehouse" / layout.index(layout.EXTRACTED, DAYS[0])).write_bytes(b"PAR1")
    assert len(DAYS) + 1 == len(opened_segments(world, monkeypatch))
    assert {State.FRESH} == {s.state for s in status.status(world.desk())[:2]}


def test_an_index_does_not_keep_extracted_documents_of_replaced_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_segments(world, monkeypatch, save=True)
    world.put(DAYS[0], "a.jsonl", [0, 5, 6])
    run.run_day(world.desk(), DAYS[0])

    found = [one.what for one in leftovers(world) if "extracted" in one.what]

    assert [f"extracted documents of {DAYS[0]} whose files were replaced or removed"] == [
        w.split(":")[0] for w in found
    ]


def test_an_empty_landing_zone_is_no_reason_to_forget_everything(world: World) -> None:
    """It may be the wrong one."""
    (world.root / "landing").rename(world.root / "elsewhere")

    with pytest.raises(MissingInputError, match="is this the landing zone"):
        leftovers(world)


def test_articles_are_never_among_it(world: World) -> None:
    warehouse = world.desk().warehouse
    paths = {warehouse.path(ARTICLES, day) for day in DAYS}

    assert not [one for one in leftovers(world) if any(path in one.what for path in paths)]


def test_folders_without_documents_are_no_landing_zone(world: World) -> None:
    for day in DAYS:
        (world.root / "landing" / f"day={day}" / "a.jsonl").rename(
            world.root / "landing" / f"day={day}" / "_SUCCESS"
        )

    with pytest.raises(MissingInputError, match="is this the landing zone"):
        leftovers(world)


def test_a_day_of_the_future_takes_no_state_away(world: World) -> None:
    """Nothing is older for a slip of the pen."""
    world.put(date(2062, 3, 5), "a.jsonl", [3])
    desk = world.desk()

    found = list(gc.leftovers(desk.landing, desk.warehouse, desk.settings, 0, date(2026, 3, 10)))

    for one in found:
        one.remove()
    assert DAYS[3:] == _days(world, SIGNATURES)
    assert DAYS[2:] == _days(world, TERMS)


def test_what_a_harvest_remembers_stays_however_old_it_is(world: World) -> None:
    """It can't be made again: shards of hosts, and what a run that was killed has left open."""
    folder = world.root / "warehouse" / layout.HARVEST
    names = (
        "hosts/a.json.z",
        "outlets/a.json.z",
        "open/journal",
        "open/day=2026-03-01~harvest-01-a.open",
        "at-work.json",
    )
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (0, 0))

    for one in leftovers(world):
        one.remove()

    assert all((folder / name).exists() for name in names)
