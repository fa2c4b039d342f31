"""How many requests a warehouse of many published days costs whoever only looks at it, in a bucket."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.day import extract, inputs, segments
from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.model.internal_tables import EXTRACTED
from pipeline.model.tables import RUNS, STORIES
from pipeline.settings import load
from pipeline.store import layout
from pipeline.store.manifest import Manifest, spelt
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import Entry, filler
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import gc, repair, status
from pipeline.upkeep.status import State
from tests.s3server import ENVIRONMENT, SeaweedFS
from tests.world import World, be_quick

pytestmark = pytest.mark.services

FIRST = date(2026, 3, 1)
MARCH = [FIRST + timedelta(n) for n in range(31)]
APRIL = [date(2026, 4, 1) + timedelta(n) for n in range(30)]
TODAY = date(2026, 5, 1)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: SeaweedFS) -> World:
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    be_quick(monkeypatch)
    return World(tmp_path)


def desk_in_bucket(world: World, name: str) -> WorkDesk:
    chosen = load(
        landing=f"s3://news/{name}/landing", warehouse=f"s3://news/{name}/warehouse", **world.settings
    )
    return WorkDesk(S3Storage(chosen.landing), Warehouse(S3Storage(chosen.warehouse)), chosen, world.engine)


def publish(world: World, desk: WorkDesk, days: list[date]) -> None:
    """Days with one landing file each, as runs that found no document in it leave them: what one run wrote, under the day of each."""
    if not (world.root / "warehouse").exists():
        run_day(world.desk(), FIRST)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda day: _publish(world, desk, day), days))


def _publish(world: World, desk: WorkDesk, day: date) -> None:
    file = Entry(f"day={day}/a.txt", 1, desk.landing.replace(f"day={day}/a.txt", filler(b"x")))
    _extracted(desk, day, file)
    made = world.desk().warehouse
    for contract in (*inputs.OWN, STORIES):
        manifest, data = made.manifest(contract, FIRST), made.storage.read(layout.partition(contract, FIRST))
        assert manifest is not None
        version = desk.warehouse.storage.replace(layout.partition(contract, day), filler(data))
        assert hashlib.md5(data, usedforsecurity=False).hexdigest() == version
        notes = manifest.notes | ({"landing": inputs.of_listing([file])} if contract is RUNS else {})
        _note(desk, replace(manifest, day=str(day), version=version, notes=notes))


def _note(desk: WorkDesk, manifest: Manifest) -> None:
    path = f"{layout.MANIFESTS}/{manifest.table}/day={manifest.day}.json"
    desk.warehouse.storage.replace(path, filler(spelt(manifest)))


def _extracted(desk: WorkDesk, day: date, file: Entry) -> None:
    rules = extract.rules_of(desk.settings)
    head = json.dumps({"rules": rules, "files": [segments.file_version(file)], "partly": []}).encode()
    sink = io.BytesIO()
    pq.write_table(EXTRACTED.empty().replace_schema_metadata({"newsfold.covers": head}), sink)
    desk.warehouse.storage.replace(layout.extracted_part(day, "all"), filler(sink.getvalue()))


def _status(desk: WorkDesk) -> None:
    assert {State.FRESH} == {one.state for one in status.status(desk, today=TODAY)}


def _plan(desk: WorkDesk) -> None:
    assert [] == repair.plan(desk, repair.days_between(desk, None, None), today=TODAY)


def _gc(desk: WorkDesk) -> None:
    assert [] == list(gc.leftovers(desk.landing, desk.warehouse, desk.settings, 3600, TODAY))


LOOKS: dict[str, Callable[[WorkDesk], None]] = {"status": _status, "plan": _plan, "gc": _gc}


def requests(look: Callable[[WorkDesk], None], world: World, name: str) -> int:
    """How many requests to the store a look makes."""
    asked: list[str] = []
    desk = desk_in_bucket(world, name)

    def note(request: Any, **_: Any) -> None:
        asked.append(f"{request.method} {request.url}")

    for storage in (desk.landing, desk.warehouse.storage):
        assert isinstance(storage, S3Storage)
        storage._s3.meta.events.register("before-send.s3", note)
    look(desk)
    return len(asked)


def mend(world: World, name: str) -> None:
    """What a nightly repair and a weekly cleaning do, which notes what they had to read."""
    desk = desk_in_bucket(world, name)
    assert [] == list(repair.repair(desk, repair.days_between(desk, None, None), today=TODAY))
    heads = gc.index_of_heads(desk.warehouse)
    assert [] == list(gc.leftovers(desk.landing, desk.warehouse, desk.settings, 3600, TODAY, heads))
    heads.save()


def counted(world: World, name: str) -> Iterator[dict[str, int]]:
    """The requests of each look at a month of days, then at two."""
    for days in (MARCH, APRIL):
        publish(world, desk_in_bucket(world, name), days)
        mend(world, name)
        yield {name_of: requests(look, world, name) for name_of, look in LOOKS.items()}


def test_a_look_at_twice_the_days_costs_a_request_for_the_month_and_none_for_a_day(world: World) -> None:
    """Listings have a thousand keys in a page, and an index has a month: nothing is asked of a published day by itself."""
    one, two = counted(world, "years")

    assert dict.fromkeys(LOOKS, 1) == {name: two[name] - one[name] for name in LOOKS}
    assert max(two.values()) < len(MARCH + APRIL)


def test_without_an_index_a_look_asks_for_each_manifest(world: World) -> None:
    """Or the test above would show nothing; and the answer is the same."""
    publish(world, desk_in_bucket(world, "young"), MARCH[:9])

    n_manifests = 9 * len((*inputs.OWN, STORIES))
    before = requests(_status, world, "young")
    mend(world, "young")
    assert before - n_manifests == requests(_status, world, "young")


def test_a_late_file_of_an_old_day_is_seen(world: World) -> None:
    """It is found in the listing of the landing zone, whatever the index says."""
    publish(world, desk_in_bucket(world, "late"), MARCH[:5])
    mend(world, "late")
    desk = desk_in_bucket(world, "late")
    desk.landing.replace(f"day={MARCH[1]}/sub/late.txt", filler(b"y"))
    desk.landing.delete(f"day={MARCH[3]}/a.txt")

    found = status.status(desk, today=TODAY)

    stale = {MARCH[1]: "raw documents", MARCH[3]: "raw documents"}
    assert stale == {one.day: str(one.reasons[0]) for one in found if one.reasons}
